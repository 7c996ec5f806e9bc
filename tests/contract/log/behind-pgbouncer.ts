/** Tests of logs whose connections PgBouncer shares out, where the machine has it. */
import { after, before, describe } from "node:test";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { type Pooler, startPgbouncer } from "../../support/pgbouncer.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { findProgram } from "../../support/program.ts";

const NO_POOLER = "NO PGBOUNCER FOUND: set PGBOUNCER_PATH, or put pgbouncer on the PATH";

const program = findProgram(["pgbouncer"], "PGBOUNCER_PATH");

/** What the tests open logs with, once they run. */
export type Pooled = {
  /** The URL of a new database. */
  readonly database: () => Promise<string>;
  /** A log in the database of this URL, through the pooler. */
  readonly openAt: (url: string) => Promise<PostgresLog>;
};

/** Declares tests while which a PostgreSQL and a PgBouncer before it run. */
export const behindPgbouncer = (declare: (pooled: Pooled) => void): void => {
  let server: PostgresServer;
  let pooler: Pooler;
  describe("behind PgBouncer", { skip: program === null && NO_POOLER, timeout: 600_000 }, () => {
    before(async () => {
      server = await startPostgres();
      pooler = await startPgbouncer(program ?? "", await server.database());
    });
    after(async () => {
      await pooler.stop();
      await server.stop();
    });
    declare({
      database: () => server.database(),
      openAt: (url) => openPostgresLog({ url: pooler.of(url) }),
    });
  });
};
