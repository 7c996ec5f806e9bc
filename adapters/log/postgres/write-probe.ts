/** Checks whether the database accepts Ledgerline's writes, without leaving anything there. */
import type { Database } from "../sql/database.ts";

/** What an append and a lease do, table by table. */
const NEEDED = [
  ["event", "insert"],
  ["state", "insert"],
  ["state", "update"],
  ["state", "delete"],
  ["claim", "insert"],
  ["claim", "delete"],
  ["lease", "insert"],
  ["lease", "delete"],
] as const;

/** It locks nothing, so it never waits. */
const RIGHTS = `
select current_setting('transaction_read_only') as "readOnly",
  has_database_privilege(current_database(), 'temporary')::text as "mayProbe", (
  select string_agg(n.right || ' on ' || n.name, ', ') from (
    values ${NEEDED.map(([name, right]) => `('${name}', '${right}')`).join(", ")}
  ) n(name, "right")
  where not has_table_privilege('ledgerline.' || n.name, n.right)
) as lacking`;

/** What the database would say: `code` is PostgreSQL's (its documentation, appendix A). */
const refusal = (why: string, code: string): Error => Object.assign(new Error(why), { code });

const readRights = async ({ query }: Database): Promise<{ readonly mayProbe: boolean }> => {
  const [row] = await query(RIGHTS, []);
  if (row?.["readOnly"] !== "off") throw refusal("its transactions are read-only", "25006");
  const lacking = row["lacking"] ?? null;
  if (lacking !== null) throw refusal(`may not ${lacking}`, "42501");
  return { mayProbe: row["mayProbe"] === "true" };
};

/**
 * Rejects with an Error with PostgreSQL's code where it is read-only, or a right or a table is
 * missing.
 */
export const assertRights = async (database: Database): Promise<void> => {
  await readRights(database);
};

/**
 * Some pages of a new file, which is dropped with the transaction, and some of PostgreSQL's own
 * log.
 */
const SPACE = `
create temporary table ledgerline_space on commit drop as
  select repeat('.', 1000) as filler from generate_series(1, 1000)`;
const LOGGED = "select pg_logical_emit_message(true, 'ledgerline', repeat('.', 65536))";

/**
 * Writes as much as several appends, in a separate transaction, and rejects as `assertRights` does,
 * or with what the database refuses. A user without the right to temporary tables finds out less.
 */
export const tryWriting = async (transaction: Database): Promise<void> => {
  const { mayProbe } = await readRights(transaction);
  if (mayProbe) await transaction.query(SPACE, []);
  await transaction.query(LOGGED, []);
};
