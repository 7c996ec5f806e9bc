/** The life of a number, day by day, as core/README.md tells it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openLedger } from "../../adapters/runtimes/library/mod.ts";
import { eventDefinitions } from "../../core/events/vocabulary.ts";
import { DAY_MS, isoDate, isoTime } from "../../core/values/calendar.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { type AnySubject, keysOf } from "../../core/log/state.ts";
import { charges, type PendingCharge } from "../../core/number/charges.ts";
import { type Holding, numbers } from "../../core/number/state.ts";
import { type Verification, verifications } from "../../core/verification/state.ts";
import { facts } from "../harness/arbitraries/scenarios.ts";
import { ADDS_EACH_TIME } from "../harness/specification.ts";

const DOCUMENT = readFileSync(new URL("../../core/README.md", import.meta.url), "utf8");

const BOUGHT = Date.parse("2026-01-31T10:00:00Z");
const DECLINES_FROM = Date.parse("2026-03-31T00:00:00Z");

/** Days and their events: of each table about a life, in order. */
const LIVES = DOCUMENT.split("| day (at the time of the purchase)").slice(1).map((table) =>
  [...table.split("\n\n")[0]!.matchAll(/^\| (\d{4}-\d{2}-\d{2}) +\|.*\| (.*?) +\|$/gm)]
    .map(([, day, events = ""]) => [day, [...events.matchAll(/\w+/g)].map(([name]) => name)])
);

const lifeUnder = async (plan: string) => {
  const clock = openTestClock(BOUGHT);
  const ledger = await openLedger({
    log: openMemoryLog(),
    carrier: openSandboxCarrier({ clock }),
    clock,
    setClock: clock.set,
    payments: {
      charge: () => Promise.resolve(clock.now() < DECLINES_FROM ? "paid" : "declined"),
      refund: () => Promise.resolve("refunded"),
    },
  });
  try {
    await ledger.operator.open("acme", { name: "Acme", plan });
    const caller = { organization: "acme", actor: OPERATOR };
    const bought = await ledger.purchase(caller, { e164: "+14155550101" });
    assert.ok(bought.ok);
    await ledger.operator.advanceClock(80 * DAY_MS);
    const events = await ledger.numbers.history(caller, bought.value.number.holding.id);
    const days: [string, string[]][] = [];
    for (const { at, type } of events) {
      assert.equal(isoTime(at).slice(11), "10:00:00Z", type);
      const last = days.at(-1);
      if (last?.[0] === isoDate(at)) last[1].push(type);
      else days.push([isoDate(at), [type]]);
    }
    return days;
  } finally {
    await ledger.close();
  }
};

test("a number whose charges are declined lives as the document says", async () => {
  assert.deepEqual(LIVES[0], await lifeUnder("Growth"));
});

test("a trial lives as the document says", async () => {
  assert.deepEqual(LIVES[1], await lifeUnder("Free"));
});

/** The steps of each diagram, as `from to event`; `[*]` is not a row. */
const DIAGRAMS = [...DOCUMENT.matchAll(/```mermaid\nstateDiagram-v2\n(.*?)```/gs)].map(
  ([, text = ""]) =>
    [...text.matchAll(/^ *(\S+) --> (\S+): (.+)$/gm)].flatMap(([, from, to, names = ""]) =>
      names.split(", ").map((name) => `${from} ${to} ${name}`)
    ),
);

/** Where a row of each diagram's subject is. */
const STATUSES: readonly [AnySubject, (row: never) => string][] = [
  [numbers, (row: Holding) => row.source === "imported" ? "imported" : row.stage.status],
  [charges, (row: PendingCharge) => row.status],
  [verifications, (row: Verification) => row.status],
];

test("the state diagrams have every step of any history, and name events that there are", () => {
  assert.equal(DIAGRAMS.length, STATUSES.length);
  for (const step of DIAGRAMS.flat()) {
    assert.ok(Object.hasOwn(eventDefinitions, step.split(" ")[2] ?? ""), step);
  }
  fc.assert(
    fc.property(facts(60), (history) => {
      const seen = STATUSES.map(() => new Map<string, unknown>());
      for (const fact of history) {
        STATUSES.forEach(([subject, statusOf], index) => {
          const rows = seen[index] ?? new Map<string, unknown>();
          for (const key of keysOf(subject, fact)) {
            const before = rows.get(key);
            const after = subject.evolve(before, fact as never, key);
            rows.set(key, after);
            const status = (row: unknown) => row === undefined ? "[*]" : statusOf(row as never);
            const [from, to] = [status(before), status(after)];
            if (from === to) continue;
            assert.ok(
              DIAGRAMS[index]?.includes(`${from} ${to} ${fact.type}`),
              `${from} ${to} ${fact.type}`,
            );
          }
        });
      }
    }),
    { numRuns: 200 },
  );
});

test("the document lists the commands that add something each time they are given", () => {
  const [, listed = ""] = /^## Given again\n(.*?)^## /ms.exec(DOCUMENT) ?? [];
  const named = [...listed.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
  assert.deepEqual(named, ADDS_EACH_TIME);
});
