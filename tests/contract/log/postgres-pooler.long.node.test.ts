/** The suite of logs behind PgBouncer. */
import * as runner from "node:test";
import { after, before, describe } from "node:test";
import { openPostgresLog, type PostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { eventLogContract } from "../../harness/contract/log/suite.ts";
import { type Pooler, startPgbouncer } from "../../support/pgbouncer.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { findProgram } from "../../support/program.ts";

const NO_POOLER = "NO PGBOUNCER FOUND: set PGBOUNCER_PATH, or put pgbouncer on the PATH";

const program = findProgram(["pgbouncer"], "PGBOUNCER_PATH");

let server: PostgresServer;
let pooler: Pooler;

const openAt = (url: string): Promise<PostgresLog> => openPostgresLog({ url: pooler.of(url) });

describe("behind PgBouncer", { skip: program === null && NO_POOLER, timeout: 600_000 }, () => {
  before(async () => {
    server = await startPostgres();
    pooler = await startPgbouncer(program ?? "", await server.database());
  });
  after(async () => {
    await pooler.stop();
    await server.stop();
  });

  eventLogContract(
    runner,
    "pooled postgres",
    async () => await openAt(await server.database()),
    { withoutFaults: "postgres.test.ts cuts the connections, and twoPooledLogs the pooler's" },
  );
});
