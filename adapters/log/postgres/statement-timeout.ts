/** Statements that are called off when they take too long. */
import type postgres from "postgres";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { CalledOff, type ResultRow } from "../sql/database.ts";
import { rowsOf } from "./drivers.ts";

/** What it says when a statement was called off (PostgreSQL's documentation, appendix A). */
const QUERY_CANCELED = "57014";

/** How often it is tried: a session may not have begun with the statement. */
const EVERY_MS = 500;

const CANCEL = `
select pg_cancel_backend(pid) from pg_stat_activity
where datname = current_database() and usename = current_user and state = 'active'
  and pid <> pg_backend_pid() and query like`;

/** The session that runs the driver's statement; a pooler reports another id than it has. */
const sessionOf = (query: object): number | undefined =>
  (query as { readonly state?: { readonly pid?: number } | null }).state?.pid;

const isCanceled = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === QUERY_CANCELED;

/**
 * Runs a statement, and calls it off when it has no answer after so long: it rejects with
 * `CalledOff` then, or gives its answer if that came first. The session is known by its id, or
 * behind a pooler (`isPooled`) by a comment that begins the statement, which nothing is prepared
 * for there. The driver's own way to do it rejects where nobody catches it; `calling` does it
 * instead, a connection that no blocked statement has.
 */
export const callOffAfter = async (
  sql: postgres.Sql,
  calling: postgres.Sql,
  [text, parameters]: readonly [string, (string | null)[]],
  limit_ms: Milliseconds,
  isPooled: boolean,
): Promise<readonly ResultRow[]> => {
  const mark = isPooled ? `/*${crypto.randomUUID()}*/` : "";
  const query = sql.unsafe(mark + text, parameters, { prepare: true });
  let isLate = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const callOff = (): void => {
    isLate = true;
    timer = setTimeout(callOff, EVERY_MS);
    const session = sessionOf(query);
    if (session === undefined) return;
    const canceled = isPooled
      ? calling.unsafe(`${CANCEL} $1`, [`${mark}%`])
      : calling.unsafe(`${CANCEL} $1 and pid = $2::integer`, [
        `${text.slice(0, 4)}%`,
        String(session),
      ]);
    // Whatever prevents the cancellation, it is tried again, and the answer is awaited.
    canceled.catch(() => {});
  };
  timer = setTimeout(callOff, limit_ms);
  try {
    return rowsOf(await query);
  } catch (error) {
    if (!isLate || !isCanceled(error)) throw error;
    const why = `a statement had no answer within ${limit_ms / 1_000} s and was called off`;
    throw new CalledOff(why, error);
  } finally {
    clearTimeout(timer);
  }
};
