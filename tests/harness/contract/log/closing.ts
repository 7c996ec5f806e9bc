import assert from "node:assert/strict";
import type { Test } from "../../runner.ts";
import { appendTo, newOrganization, type TheLog } from "./support.ts";

/** The end of the log, which comes after all other tests of it. */
export const closing = (test: Test, theLog: TheLog): void => {
  test("close finishes what is under way, and nothing can be asked afterwards", async () => {
    const log = theLog();
    const organization = newOrganization();
    const underWay = log.append(appendTo(organization));
    await log.close();
    assert.equal((await underWay).outcome, "appended");
    await log.close();
    await assert.rejects(log.append(appendTo(organization, { expected: "any" })));
    await assert.rejects(log.load(organization, {}));
    await assert.rejects(log.events(organization, 0, 1));
    await assert.rejects(log.heads("", 1));
  });
};
