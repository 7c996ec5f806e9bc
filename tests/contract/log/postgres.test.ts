import { after, before } from "node:test";
import * as runner from "node:test";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { eventLogContract } from "../../harness/contract/log/suite.ts";

let server: PostgresServer | undefined;

before(async () => {
  server = await startPostgres();
});
after(() => server?.stop());

eventLogContract(runner, "postgres", async () => {
  if (server === undefined) throw new Error("PostgreSQL did not start");
  return await openPostgresLog({ url: await server.database() });
});
