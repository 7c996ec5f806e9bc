import * as runner from "node:test";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import { eventLogContract } from "../../harness/contract/log/suite.ts";

eventLogContract(runner, "pglite", () => openPgliteLog({ folder: "memory" }), {
  withoutFaults: "the database is in this process; tests of its disk are beside this one",
});
