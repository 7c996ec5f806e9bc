import assert from "node:assert/strict";
import * as runner from "node:test";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { appendTo, drafts, newOrganization } from "../../harness/contract/log/support.ts";
import { eventLogContract } from "../../harness/contract/log/suite.ts";

eventLogContract(runner, "memory", () => Promise.resolve(openMemoryLog()), {
  withoutFaults: "the log is in the memory of this process",
});

/** More than the arguments that a call takes on any runtime's stack. */
const MANY = 130_000;

runner.describe("the log in memory", () => {
  runner.test("takes an append of more events than a call takes arguments", async () => {
    const log = openMemoryLog();
    const outcome = await log.append(appendTo(newOrganization(), { events: drafts(MANY) }));
    assert.equal(outcome.outcome === "appended" && outcome.head.position, MANY);
  });
});
