/** Two logs behind PgBouncer; the suite of logs there is in `test:long`. */
import { after, before, describe } from "node:test";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { type Pooler, startPgbouncer } from "../../support/pgbouncer.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { findProgram } from "../../support/program.ts";
import { type OpenTwo, twoPooledLogs } from "./pooled.ts";

const NO_POOLER = "NO PGBOUNCER FOUND: set PGBOUNCER_PATH, or put pgbouncer on the PATH";

const program = findProgram(["pgbouncer"], "PGBOUNCER_PATH");

let server: PostgresServer;
let pooler: Pooler;

const openAt = (url: string): Promise<PostgresLog> => openPostgresLog({ url: pooler.of(url) });

const openTwo: OpenTwo = async () => {
  const url = await server.database();
  return await Promise.all([openAt(url), openAt(url)]);
};

describe("behind PgBouncer", { skip: program === null && NO_POOLER, timeout: 240_000 }, () => {
  before(async () => {
    server = await startPostgres();
    pooler = await startPgbouncer(program ?? "", await server.database());
  });
  after(async () => {
    await pooler.stop();
    await server.stop();
  });

  describe("two logs", () => twoPooledLogs(openTwo));
});
