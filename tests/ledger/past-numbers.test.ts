/** Which rows numbers as of a time are found by, and how much is read for them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LIFE_CLASSES, PAST } from "../../adapters/ledger/engine/past-rows.ts";
import { openWrittenRows } from "../../adapters/ledger/engine/written-rows.ts";
import { InvalidArgument } from "../../adapters/validation/argument.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { State } from "../../core/log/state.ts";
import type { Holding } from "../../core/number/state.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { START } from "../harness/specification.ts";
import { assigned, imported, opened, released } from "../harness/story/mod.ts";
import { openIdleLedger } from "../support/ledger.ts";
import { numbersThen } from "../support/past-numbers.ts";
import { runs } from "../support/runs.ts";
import { type Moment, writeMoments } from "../support/written-log.ts";

const CALLER = { organization: "acme", actor: OPERATOR } as const;
const OPENED: Moment = { at: START - 1, events: [opened()] };

const e164At = (place: number): E164 => `+1415${5_550_000 + place}`;
const begins = (place: number): DomainEvent =>
  imported({ holding: `pn_${place}`, e164: e164At(place), sipConnection: null, sipTrunk: "trunk" });
const ends = (place: number): DomainEvent =>
  released({ holding: `pn_${place}`, e164: e164At(place), source: "imported" });
const named = (assistant: string, name: string): DomainEvent => ({
  type: "AssistantNamed",
  data: { assistant, name },
});

/** Fails unless the numbers as of these times are those that the whole log gives. */
const assertThen = async (log: EventLog, times: Iterable<Instant>): Promise<void> => {
  const ledger = openIdleLedger(log);
  for (const asOf of new Set(times)) {
    const wanted = await numbersThen(log, CALLER, asOf);
    assert.deepEqual(await ledger.numbers.list(CALLER, { asOf }), wanted, String(asOf));
    assert.deepEqual(await ledger.numbers.list(CALLER, { asOf, limit: 2 }), wanted.slice(0, 2));
  }
  await ledger.close();
};

const LENGTHS = LIFE_CLASSES.map(({ below }) => below).slice(1).toReversed();

test("a number is found from its beginning until its end, however long it was there", async () => {
  const lives = LENGTHS.flatMap((length) => [length - 1, length, length + 1]);
  const moments = lives.flatMap((length, place): readonly Moment[] => [
    { at: START, events: [begins(place)] },
    { at: START + length, events: [ends(place)] },
  ]);
  const log = openMemoryLog();
  // It ran on a clock that is far ahead of its time.
  const shift = START - Date.UTC(2000);
  await writeMoments(
    log,
    "acme",
    [OPENED, ...moments].map(({ at, events }) => ({
      at: at - shift,
      events,
    })),
  );
  const ledger = openIdleLedger(log);
  const isThere = async (place: number, asOf: Instant): Promise<readonly boolean[]> => {
    const listed = await ledger.numbers.list(CALLER, { asOf });
    const id = `pn_${place}`;
    const got = await ledger.numbers.get(CALLER, id, { asOf });
    return [listed.some(({ holding }) => holding.id === id), got !== null];
  };
  for (const [place, length] of lives.entries()) {
    const from = START - shift;
    assert.deepEqual(await isThere(place, from - 1), [false, false]);
    assert.deepEqual(await isThere(place, from), [true, true]);
    assert.deepEqual(await isThere(place, from + length - 1), [true, true], String(length));
    assert.deepEqual(await isThere(place, from + length), [false, false], String(length));
  }
  await ledger.close();
});

test("a number that ended when it began, or before by its clock, was never there", async () => {
  const log = openMemoryLog();
  await writeMoments(log, "acme", [
    OPENED,
    { at: START, events: [begins(1), ends(1), begins(2)] },
    { at: START - 60, events: [ends(2)] },
  ]);
  const { rows } = await log.load("acme", { kinds: [PAST.number] });
  assert.deepEqual(rows, []);
  await assertThen(log, [START - 61, START - 60, START, START + 1]);
});

/** How far time goes on, or back. */
const STEPS = [
  0,
  1,
  HOUR_MS,
  DAY_MS,
  -1,
  -MINUTE_MS,
  ...LENGTHS.slice(0, 16).flatMap((length) => [length, 1 - length]),
];

const anyMoments = fc.array(
  fc.record({
    place: fc.nat(5),
    what: fc.constantFrom("begin", "end", "name", "name", "assign", "install"),
    after: fc.constantFrom(...STEPS),
    value: fc.nat(9),
  }),
  { maxLength: 40 },
);

test("numbers and names are what they were by the clocks of any servers", async () => {
  await fc.assert(
    fc.asyncProperty(anyMoments, async (drawn) => {
      let at = START;
      const begun = new Map<number, number>();
      let count = 0;
      const moments = drawn.flatMap(({ place, what, after, value }): readonly Moment[] => {
        at += after;
        const held = begun.get(place);
        const moment = (event: DomainEvent): readonly Moment[] => [{ at, events: [event] }];
        if (what === "name") return moment(named(`agent ${place % 2}`, `Name ${value}`));
        if (what === "install") {
          const data = {
            installation: `sip_${place % 2}`,
            providerName: `Provider ${value}`,
            trunk: value % 2 === 0 ? "trunk" : "another",
            ready: value > 4,
          };
          return moment({ type: "SipConnectionInstalled", data });
        }
        if (what === "begin" && held === undefined) {
          begun.set(place, count += 1);
          return moment(begins(count));
        }
        if (held === undefined) return [];
        if (what === "assign") return moment(assigned(`agent ${value % 2}`, `pn_${held}`));
        if (what !== "end") return [];
        begun.delete(place);
        return moment(ends(held));
      });
      const log = openMemoryLog();
      await writeMoments(log, "acme", [OPENED, ...moments]);
      await assertThen(log, moments.flatMap(({ at }) => [at - 1, at, at + 1]));
    }),
    { numRuns: runs(300) },
  );
});

test("versions of two entities of the same time are kept for both, and the last of one counts", async () => {
  const log = openMemoryLog();
  await writeMoments(log, "acme", [
    OPENED,
    {
      at: START,
      events: [
        begins(1),
        begins(2),
        assigned("one", "pn_1"),
        assigned("two", "pn_2"),
        named("one", "First"),
        named("two", "Second"),
        named("one", "Third"),
      ],
    },
    { at: START + 1, events: [named("one", "Fourth"), named("two", "Fifth")] },
  ]);
  const ledger = openIdleLedger(log);
  const names = async (asOf: Instant) =>
    (await ledger.numbers.list(CALLER, { asOf })).map(({ assistantName }) => assistantName);
  assert.deepEqual(await names(START), ["Third", "Second"]);
  assert.deepEqual(await names(START + 1), ["Fourth", "Fifth"]);
  await ledger.close();
});

test("what is removed, and of what nothing is left, is in no list", () => {
  const { fold, changes } = openWrittenRows(State.empty());
  const folded = (event: DomainEvent) => fold({ ...event, at: START, actor: OPERATOR }, 1);
  folded(begins(1));
  folded(ends(1));
  assert.deepEqual(changes().filter(({ key }) => key === "pn_1"), [
    { change: "remove", kind: "number", key: "pn_1" },
  ]);
});

/** So many numbers that came and went, one after the other. */
const MANY = 3_000;
/** And for so long each was there. */
const LENGTH = 100 * HOUR_MS;

/** Appends many of them together, with nothing that any of them changes for itself. */
const writeMany = async (log: EventLog, length: number): Promise<void> => {
  const moments = Array.from({ length: MANY }, (_, place): readonly Moment[] => [
    { at: START + place * HOUR_MS, events: [begins(place)] },
    { at: START + place * HOUR_MS + length, events: [ends(place)] },
  ]).flat().toSorted((a, b) => a.at - b.at);
  await writeMoments(log, "acme", [OPENED, ...moments]);
};

test("a page as of a time reads no more for all that came and went before and since", async () => {
  const memory = openMemoryLog();
  await writeMany(memory, LENGTH);
  const calls: Record<"events" | "eventsAbout" | "list" | "load", number> = {
    events: 0,
    eventsAbout: 0,
    list: 0,
    load: 0,
  };
  let rows = 0;
  const log: EventLog = {
    ...memory,
    events: (...asked) => (calls.events++, memory.events(...asked)),
    eventsAbout: (...asked) => (calls.eventsAbout++, memory.eventsAbout(...asked)),
    load: (...asked) => (calls.load++, memory.load(...asked)),
    list: async (...asked) => {
      calls.list++;
      const list = await memory.list(...asked);
      rows += list.rows.length;
      return list;
    },
  };
  const ledger = openIdleLedger(log);
  const asOf = START + MANY / 2 * HOUR_MS;
  const read = async (after?: Holding) => {
    Object.assign(calls, { events: 0, eventsAbout: 0, list: 0, load: 0 });
    rows = 0;
    return await ledger.numbers.list(CALLER, { asOf, limit: 20, after });
  };
  const all = await ledger.numbers.list(CALLER, { asOf });
  assert.equal(all.length, LENGTH / HOUR_MS);
  for (const from of [0, 40, all.length - 20, all.length - 5]) {
    const page = await read(all[from - 1]?.holding);
    assert.deepEqual(page, all.slice(from, from + 20));
    // Those there are now, a page of each class of lives, and those that had ended by then.
    assert.ok(calls.list <= 1 + LIFE_CLASSES.length + 2, `${from}: ${calls.list} lists`);
    assert.ok(rows <= 140, `${from}: ${rows} rows`);
    // Each number's history, and that it has no more.
    assert.deepEqual(calls, { ...calls, events: 0, eventsAbout: 2 * page.length, load: 1 });
  }
  await ledger.close();
});

test("a time that is none is refused", async () => {
  const ledger = openIdleLedger(openMemoryLog());
  const wrong = (path: string) => (error: unknown) =>
    error instanceof InvalidArgument && error.path === path;
  for (const asOf of ["2026-01-31", 0.5, null] as never[]) {
    const isWrong = wrong("options.asOf");
    await assert.rejects(ledger.numbers.get(CALLER, "pn_1", { asOf }), isWrong);
    assert.throws(() => ledger.numberPages(CALLER, {}, { asOf }), isWrong);
  }
  const unknown = { when: START } as never;
  await assert.rejects(ledger.numbers.get(CALLER, "pn_1", unknown), wrong("options.when"));
  assert.throws(() => ledger.numberPages(CALLER, {}, unknown), wrong("options.when"));
  const none = { asOf: undefined };
  assert.equal(await ledger.numbers.get(CALLER, "pn_1", none), null);
  for await (const page of ledger.numberPages(CALLER, {}, none)) assert.deepEqual(page, []);
  await ledger.close();
});
