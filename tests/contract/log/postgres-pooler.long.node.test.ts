/** The suite of logs behind PgBouncer. */
import * as runner from "node:test";
import { eventLogContract } from "../../harness/contract/log/suite.ts";
import { behindPgbouncer } from "./behind-pgbouncer.ts";

behindPgbouncer(({ database, openAt }) =>
  eventLogContract(
    runner,
    "pooled postgres",
    async () => await openAt(await database()),
    { withoutFaults: "postgres.test.ts cuts the connections, and twoPooledLogs the pooler's" },
  )
);
