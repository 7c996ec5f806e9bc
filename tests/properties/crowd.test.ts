/** Busy organizations: whatever comes at the same time, it is as if it came in some order. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { runs } from "../support/runs.ts";
import { come, crowd, type Plant } from "./crowd.ts";

for (const engines of [1, 2]) {
  test(`commands of a crowd are answered as if they came in some order, on ${engines}`, async () => {
    const each = fc.asyncProperty(crowd(engines), (coming) => come(coming));
    await fc.assert(each, { numRuns: runs(300), interruptAfterTimeLimit: 60_000 });
  });
}

/** Mistakes that a log, or what decides on it, could make. */
const PLANTED: Readonly<Record<string, Plant>> = {
  "appends at any head": (log) => ({
    ...log,
    append: (input) => log.append({ ...input, expected: "any" }),
  }),
  "answers what is not appended": (log) => ({
    ...log,
    append: async (input) => {
      const outcome = await log.append(input);
      return outcome.outcome !== "conflict" ? outcome : {
        outcome: "appended",
        head: outcome.head,
        events: [],
      };
    },
  }),
  "reads rows that were there before": (log) => {
    const before = new Map<string, ReturnType<typeof log.load>>();
    return {
      ...log,
      load: async (organization, needs) => {
        const name = JSON.stringify([organization, needs.rows, needs.kinds, needs.groups]);
        const now = log.load(organization, needs);
        const old = await (before.get(name) ?? now);
        before.set(name, now);
        return { ...await now, rows: old.rows };
      },
    };
  },
  "forgets ids": (log) => ({
    ...log,
    load: (organization, needs) => log.load(organization, { ...needs, commands: [] }),
  }),
  "sees no claims": (log) => ({
    ...log,
    load: async (...asked) => ({ ...await log.load(...asked), claims: [] }),
  }),
};

describe("the judge of a crowd finds a ledger that", () => {
  for (const [name, plant] of Object.entries(PLANTED)) {
    test(name, async () => {
      const each = fc.asyncProperty(crowd(2), (coming) => come(coming, plant));
      const { failed } = await fc.check(each, { numRuns: 200, endOnFailure: true });
      assert.ok(failed);
    });
  }
});
