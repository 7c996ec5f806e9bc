import type { PGlite } from "@electric-sql/pglite";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Parameter, ResultRow, SteppingDatabase } from "../sql/database.ts";
import { DiskRefusal, type Guard } from "./guard.ts";
import { openSteps } from "./statement-steps.ts";
import { openTimers } from "./timers.ts";
import { type Answer, Message, readAnswer } from "./wire-protocol.ts";

/** How many statements stay prepared; the oldest is forgotten first. */
const MAX_STATEMENTS = 256;

/** The one connection to a PGlite. */
export type Connection = SteppingDatabase & {
  /** How many bytes were sent so far. */
  sent(): number;
  /** Why it answers no more; null while it does. */
  broken(): Error | null;
  /** Ends the timers of a PGlite that is abandoned without being closed. */
  leave(): void;
};

type Prepared = {
  readonly name: string;
  readonly columns: readonly string[];
  /** Whether the statement may write. */
  readonly isWrite: boolean;
};

/** Only what is certainly a query counts as one. */
const READS = /^\s*select\b/i;

const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
};

/**
 * Hands a message over, and collects the answer. With a callback, PGlite does not also parse and
 * keep every answer for itself. A rejection leaves no finished answer, which is looked at
 * afterwards.
 */
const hand = (pglite: PGlite, bytes: Uint8Array, chunks: Uint8Array[]): void => {
  pglite.execProtocolRawStream(bytes, {
    syncToFs: false,
    onRawData: (chunk) => chunks.push(chunk.slice()),
  }).catch(() => {});
};

/**
 * The one connection of a PGlite. PGlite answers a message within the call that hands it over and
 * each message here is a whole transaction, so calls cannot come between one another: the call
 * itself is the mutex, except for a transaction in steps, which others wait for. The PGlite must
 * not be used in other ways meanwhile.
 *
 * `guard` forbids statements where the folder was lost, and reports what the disk refused. PGlite
 * swallows its internal errors, so that a failed commit can look done: nothing that comes after a
 * refused sync, or without the end of an answer, is trusted, and nothing more is sent then.
 */
export const connect = (pglite: PGlite, guard: Guard): Connection => {
  const message = new Message();
  const statements = new Map<string, Prepared>();
  const timers = openTimers();
  let made = 0;
  let sent = 0;
  let broken: Error | null = null;

  const stop = (error: Error): Error => broken = error;

  const exchange = ({ columns: known, isWrite }: Prepared): Answer => {
    guard.before(isWrite);
    const chunks: Uint8Array[] = [];
    const bytes = message.finish();
    sent += bytes.length;
    timers.during(() => hand(pglite, bytes, chunks));
    guard.after(isWrite);
    const answer = readAnswer(joined(chunks), known);
    const refused = guard.refused();
    const isLeftOpen = answer.isOpen && !isUnderWay();
    if (!answer.finished || isLeftOpen || guard.isUnsynced()) {
      throw stop(new Unavailable(refused?.message ?? "the database stopped answering", refused));
    }
    if (answer.error !== null && refused !== null) {
      throw new DiskRefusal(refused.message, answer.error);
    }
    return answer;
  };

  const forgetOldest = (): void => {
    const [oldest] = statements;
    if (oldest === undefined || statements.size < MAX_STATEMENTS) return;
    const [sql, { name }] = oldest;
    statements.delete(sql);
    message.forget(name);
  };

  const run = (sql: string, parameters: readonly Parameter[]): readonly ResultRow[] => {
    if (broken !== null) throw broken;
    message.begin();
    const known = statements.get(sql);
    const statement = known ??
      { name: `s${made += 1}`, columns: [], isWrite: !READS.test(sql) };
    if (known === undefined) {
      forgetOldest();
      message.parse(statement.name, sql);
    }
    message.run(statement.name, parameters);
    message.sync();
    const answer = exchange(statement);
    if (answer.parsed) statements.set(sql, { ...statement, columns: answer.columns ?? [] });
    if (answer.error !== null) throw answer.error;
    return answer.rows;
  };

  const { query, inSteps, isUnderWay } = openSteps(
    run,
    () => broken !== null,
    (error) => void stop(new Unavailable("a transaction could not be undone", error)),
  );

  return {
    sent: () => sent,
    broken: () => broken,
    leave: () => timers.end(),
    query,
    inSteps,
  };
};
