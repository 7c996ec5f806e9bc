import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { openMemoryLog } from "../../../adapters/log/memory/mod.ts";
import { openPgliteLog } from "../../../adapters/log/pglite/mod.ts";
import type { Append, EventLog, Head } from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { character } from "../../harness/arbitraries/contents.ts";
import { appendTo, eventsIn, newOrganization } from "../../harness/contract/log/support.ts";
import { runs } from "../../support/runs.ts";

const KINDS = ["number", "plan"];
const NUMBERS: readonly E164[] = ["+15550000001", "+15550000002", "+15550000003"];
const HOLDERS = ["pn_1", "pn_2"];

const holding = fc.record({
  e164: fc.constantFrom(...NUMBERS),
  holder: fc.constantFrom(...HOLDERS),
});

const event = fc.record({
  type: fc.constantFrom("Tested", "Tried"),
  version: fc.integer({ min: 1, max: 3 }),
  data: fc.jsonValue({ maxDepth: 2, stringUnit: character }),
});

const rowKey = { kind: fc.constantFrom(...KINDS), key: fc.constantFrom("a", "b", "c") };

const removal = fc.record({ change: fc.constant("remove" as const), ...rowKey });

const put = fc.record({
  change: fc.constant("put" as const),
  ...rowKey,
  data: fc.jsonValue({ maxDepth: 1 }),
  work: fc.option(fc.record({
    automation: fc.constantFrom("trials", "renewals"),
    due: fc.integer({ min: 1, max: 9 }),
  })),
});

/** An append in which organizations and heads are still numbers: which of those there are. */
const step = fc.record({
  organization: fc.integer({ min: 0, max: 2 }),
  /** How many events back the expected head lies; null for any. */
  behind: fc.option(fc.constantFrom(0, 0, 0, 1, 2)),
  events: fc.array(event, { minLength: 1, maxLength: 3 }),
  rows: fc.array(fc.oneof(removal, put), { maxLength: 4 }),
  claims: fc.uniqueArray(holding, { maxLength: 2, selector: ({ e164 }) => e164 }),
  free: fc.array(holding, { maxLength: 2 }),
  command: fc.option(fc.record({
    id: fc.constantFrom("c-1", "c-2"),
    fingerprint: fc.constantFrom("f", "g"),
  })),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const headBehind = async (log: EventLog, organization: string, behind: number): Promise<Head> => {
  const events = await eventsIn(log, organization);
  const last = events[events.length - 1 - behind];
  return last === undefined ? { position: 0, hash: "" } : last;
};

const toAppend = async (
  log: EventLog,
  organizations: readonly string[],
  number: (e164: E164) => E164,
  { organization: index, behind, claims, free, ...rest }: Step,
): Promise<Append> => {
  const organization = organizations[index] ?? "";
  const head = behind === null ? "any" : await headBehind(log, organization, behind);
  const expected = head === "any" ? head : { position: head.position, hash: head.hash };
  const renamed = (named: { readonly e164: E164; readonly holder: string }) => ({
    key: number(named.e164),
    holder: named.holder,
  });
  return {
    ...appendTo(organization),
    ...rest,
    expected,
    claims: claims.map(renamed),
    free: free.map(renamed),
  };
};

const all = async (
  log: EventLog,
  organizations: readonly string[],
  numbers: readonly E164[],
): Promise<unknown> => ({
  logs: await Promise.all(organizations.map((each) => eventsIn(log, each))),
  states: await Promise.all(
    organizations.map((each) => log.load(each, { kinds: KINDS, commands: ["c-1"] })),
  ),
  claims: await Promise.all(
    numbers.map(async (key) => (await log.load("", { claims: [key] })).claims),
  ),
  due: (await log.due(9, 1_000)).filter(({ organization }) => organizations.includes(organization)),
});

describe("the pglite log and the memory log", () => {
  test("say and hold the same when they are given the same appends", async () => {
    const pglite = await openPgliteLog({ folder: "memory" });
    const memory = openMemoryLog();
    let count = 0;
    const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      // Both logs persist from run to run, so each run has its own organizations and numbers.
      count += 1;
      const run = String(count).padStart(4, "0");
      const organizations = ["x", "y", "z"].map((name) => newOrganization(name));
      const number = (e164: E164): E164 => `+1${run}${e164.slice(-4)}`;
      for (const each of steps) {
        const append = await toAppend(memory, organizations, number, each);
        assert.deepEqual(await pglite.append(append), await memory.append(append));
      }
      const numbers = NUMBERS.map(number);
      const held = await all(memory, organizations, numbers);
      assert.deepEqual(await all(pglite, organizations, numbers), held);
    });
    try {
      await fc.assert(property, { numRuns: runs(150) });
    } finally {
      await pglite.close();
    }
  });
});
