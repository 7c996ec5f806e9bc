import * as runner from "node:test";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { eventLogContract } from "../../harness/contract/log/suite.ts";

eventLogContract(runner, "memory", () => Promise.resolve(openMemoryLog()), {
  withoutFaults: "the log is in the memory of this process",
});
