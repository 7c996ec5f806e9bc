/** The log in your own PostgreSQL, which any number of servers may share. */
import { assertArguments } from "../../validation/argument.ts";
import type { Database } from "../sql/database.ts";
import { LAPSED, openLeases } from "../sql/leases.ts";
import { type DatabaseLog, openServingLog, openSqlLog } from "../sql/log.ts";
import { seeToRows } from "../sql/row-version.ts";
import { migrate } from "../sql/schema.ts";
import { findSessions, openPool } from "./connection.ts";
import { DEFAULT_CONNECTIONS, type PostgresOptions, statementsOf } from "./drivers.ts";
import { CHANNEL, openNotices } from "./notices.ts";
import { OptionsSchema } from "./options.ts";
import type { Outage } from "./outage.ts";

export type { PostgresOptions } from "./drivers.ts";

/** The log, with its database. */
export type PostgresLog = DatabaseLog;

/**
 * Refuses a database that is not in UTF8, since it would refuse names of organizations, and a
 * database or role with a stricter isolation level: a statement that waited for a lock has to see
 * what was committed meanwhile, and would there see the earlier state.
 */
const assertFit = async (database: Database): Promise<void> => {
  const [row] = await database.query(
    `select current_setting('server_encoding') as encoding,
      current_setting('transaction_isolation') as level`,
    [],
  );
  const { encoding, level } = row ?? {};
  if (encoding !== "UTF8") {
    throw new Error(`the database has the encoding ${encoding}, it must be UTF8`);
  }
  if (level !== "read committed") {
    throw new Error(
      `the database's default_transaction_isolation is ${level}; Ledgerline needs read committed, ` +
        "which can be set for its role alone",
    );
  }
};

/** The database has no ledger, and none was to be created. */
class NoLedger extends Error {
  override readonly name = "NoLedger";
}

/** Refuses a database without a ledger in it, where none is to be made. */
const assertThere = async (database: Database): Promise<void> => {
  const [row] = await database.query("select to_regclass('ledgerline.migration') as name", []);
  if ((row?.["name"] ?? null) === null) throw new NoLedger("there is no ledger in the database");
};

/**
 * Opens the log in a PostgreSQL, 15 or later, and makes its schema there or brings it up to date.
 * Rejects when the database cannot be reached, is not in UTF8, has transactions that are not read
 * committed, has no ledger where it `mustExist`, was migrated by newer code, or has rows that
 * another version of the code made (unless `onOtherRows` handles them); but not when it
 * `isMigrated`, which leaves that to the calls; or, before all that, with an `InvalidArgument` that
 * names the option that does not fit. Closing the log closes the connections.
 *
 * @example
 * ```ts
 * import { openPostgresLog } from "ledgerline/postgres";
 *
 * const url = "postgres://user:secret@db.example/ledgerline?sslmode=verify-full";
 * const log = await openPostgresLog({ url });
 * ```
 */
export const openPostgresLog = async (options: PostgresOptions): Promise<PostgresLog> => {
  assertArguments({ options: OptionsSchema }, [options]);
  return await openWith(openSqlLog, options);
};

/**
 * The same for a worker, which never writes rows again, and where what is known of an `outage`
 * outlives the log; the options are known to fit.
 */
export const openPostgresLogKnowing = async (
  options: PostgresOptions,
  outage: Outage,
): Promise<PostgresLog> => await openWith(openServingLog, options, outage);

const openWith = async (
  openLog: typeof openSqlLog,
  options: PostgresOptions,
  outage?: Outage,
): Promise<PostgresLog> => {
  let isOpen = false;
  const pool = openPool({
    ...options,
    ...(outage !== undefined && { outage }),
    ...(options.isMigrated !== true && await findSessions(options)),
    // Until then, the rejection informs the caller that opens it.
    onUnavailable: (why) => {
      if (isOpen) options.onUnavailable?.(why);
    },
  });
  try {
    if (options.isMigrated !== true) {
      await assertFit(pool);
      if (options.mustExist === true) await assertThere(pool);
      await migrate(pool);
      await pool.query(LAPSED, [], true);
    }
    isOpen = true;
  } catch (error) {
    await pool.close();
    throw error;
  }
  const health = async (): Promise<void> => {
    await pool.query("select 1", []);
  };
  const notices = openNotices(pool);
  if (pool.hasSessions) pool.listen(CHANNEL, notices.receive);
  // Nothing is cached: other servers write here too.
  const { connections = DEFAULT_CONNECTIONS } = options;
  const log = openLog(pool, pool.close, notices, statementsOf(connections), options.onBatch);
  try {
    if (options.isMigrated !== true) await seeToRows(log, pool, options.onOtherRows);
  } catch (error) {
    await log.close();
    throw error;
  }
  return { ...log, leases: openLeases(pool), database: pool, health, writable: pool.writable };
};
