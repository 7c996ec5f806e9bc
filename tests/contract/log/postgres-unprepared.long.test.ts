/** As behind a pooler in transaction mode, where the next statement may be another session's. */
import { after, before } from "node:test";
import * as runner from "node:test";
import { openPostgresLog } from "../../../adapters/log/postgres/mod.ts";
import { eventLogContract } from "../../harness/contract/log/suite.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";

let server: PostgresServer;

before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

eventLogContract(
  runner,
  "postgres, without sessions",
  async () => await openPostgresLog({ url: `${await server.database()}?prepare=false` }),
  { withoutFaults: "postgres.test.ts cuts the connections" },
);
