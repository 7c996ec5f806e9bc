/**
 * A reading in slices leaves others as much time as it takes from them, and no more: on a fake
 * clock.
 */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { openClosing } from "../../adapters/ledger/engine/close-signal.ts";
import { eventsInSlices } from "../../adapters/ledger/engine/slices.ts";
import type { RecordedEvent } from "../../core/ports/mod.ts";
import { openWithNumbers } from "../support/many-numbers.ts";

const EVENT: RecordedEvent = {
  organization: "acme",
  position: 1,
  at: 0,
  actor: { kind: "operator" },
  type: "OrganizationOpened",
  version: 1,
  data: {},
  hash: "",
} as unknown as RecordedEvent;

/** Puts another function in the place of one until the test is over; in Deno some are accessors. */
const replace = (context: TestContext, owner: object, name: string, value: unknown): void => {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  context.after(() => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  });
};

/** A clock that the test sets, the timers that look regularly, and the pauses that were made. */
const openTime = (context: TestContext) => {
  const ticks = new Set<() => void>();
  const pauses: { readonly ms: number; readonly end: () => void }[] = [];
  let now = 0;
  replace(context, performance, "now", () => now);
  replace(context, globalThis, "setInterval", (tick: () => void) => {
    ticks.add(tick);
    return tick;
  });
  replace(context, globalThis, "clearInterval", (tick: () => void) => void ticks.delete(tick));
  replace(context, globalThis, "setTimeout", (end: () => void, ms: number) => {
    pauses.push({ ms, end });
    return end;
  });
  replace(context, globalThis, "clearTimeout", () => {});
  return {
    pauses,
    ticks,
    /** The process does nothing else for so long. */
    hold: (ms: number): void => void (now += ms),
    /** Others have their turns for so long. */
    wait: (ms: number): void => {
      for (let passed = 0; passed < ms; passed += 5) {
        now += 5;
        for (const tick of ticks) tick();
      }
    },
  };
};

/** Reads a log of one event, for whose page `spend` is called. */
const readWith = (spend: () => void, closing = openClosing(), paces = true) => {
  const log = {
    events: (_: string, after: number): Promise<readonly RecordedEvent[]> => {
      if (after > 0) return Promise.resolve([]);
      spend();
      return Promise.resolve([EVENT]);
    },
  };
  const reading = (async () => {
    let read = 0;
    for await (const page of eventsInSlices({ log, closing, paces }, "acme")) read += page.length;
    return read;
  })();
  return { closing, reading };
};

/** All promises that can settle have. */
const settle = async (): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
};

const rows: readonly (readonly [string, "hold" | "wait", number, readonly number[]])[] = [
  ["holds the process for 40 ms pauses for 40", "hold", 40, [40]],
  ["is read while the process is stopped for minutes pauses for 250 ms", "hold", 300_000, [250]],
  ["is waited for a minute makes no pause", "wait", 60_000, []],
];

for (const [what, how, ms, expected] of rows) {
  test(`a page that ${what}`, async (context) => {
    const time = openTime(context);
    const { reading } = readWith(() => time[how](ms));
    await settle();
    assert.deepEqual(time.pauses.map((pause) => pause.ms), expected);
    for (const { end } of time.pauses) end();
    assert.equal(await reading, 1);
    assert.equal(time.ticks.size, 0);
  });
}

test("a pause ends when the ledger closes, and none is begun then", async (context) => {
  const time = openTime(context);
  const { reading, closing } = readWith(() => time.hold(100));
  await settle();
  assert.deepEqual(time.pauses.map(({ ms }) => ms), [100]);
  closing.close();
  assert.equal(await reading, 1);
  const { reading: later } = readWith(() => time.hold(100), closing);
  await settle();
  assert.equal(time.pauses[1]?.ms, 0);
  time.pauses[1]?.end();
  assert.equal(await later, 1);
});

test("where time is not the machine's there is no pause, however long a page takes", async (context) => {
  const time = openTime(context);
  const { reading } = readWith(() => time.hold(300), openClosing(), false);
  await settle();
  assert.deepEqual(time.pauses, []);
  assert.equal(await reading, 1);
});

test("a list whose reader takes its time over a page makes no pause for that", async (context) => {
  const { ledger, caller, close } = await openWithNumbers(60);
  const time = openTime(context);
  let read = 0;
  for await (const page of ledger.numberPages(caller)) {
    time.hold(60_000);
    read += page.length;
    // A pause at the end of the page would be waited for.
    if (read === page.length) void settle().then(() => time.pauses.forEach(({ end }) => end()));
  }
  assert.equal(read, 60);
  assert.deepEqual(time.pauses.map(({ ms }) => ms), []);
  await close();
});
