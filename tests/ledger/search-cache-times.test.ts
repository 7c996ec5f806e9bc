/** How long a cache of searches keeps what was found, and what joins a search under way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Effect from "effect/Effect";
import { openSearchCache } from "../../adapters/ledger/engine/search-cache.ts";
import type { EventLog, Offer } from "../../core/ports/mod.ts";
import { HOUR_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import { eventLoopTurn } from "../../adapters/ledger/engine/slices.ts";

const KEPT_MS = 1_000;

type Listener = Parameters<EventLog["watch"]>[0];

/** A cache on clocks that can be set, whose searches go on until they are answered. */
const open = (keptMs = KEPT_MS) => {
  const times = { clock: 0, passed: 0 };
  const listeners = new Set<Listener>();
  const cache = openSearchCache({
    log: {
      watch: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    clock: { now: () => times.clock },
    keptMs,
    passed: () => times.passed,
  });
  const answers: (() => void)[] = [];
  const ask = Effect.promise(() =>
    new Promise<readonly Offer[]>((resolve) => answers.push(() => resolve([])))
  );
  const find = () => Effect.runPromise(cache.find("key", ask));
  return {
    cache,
    times,
    listeners,
    find,
    asked: () => answers.length,
    answer: (place: number) => answers[place]?.(),
    /** Finds, answering what is asked for that; gives how often was asked so far. */
    found: async (): Promise<number> => {
      const finding = find();
      for (const answer of answers) answer();
      await finding;
      return answers.length;
    },
    notify: (due: number | null) => {
      for (const listener of listeners) listener({ due } as Parameters<Listener>[0]);
    },
  };
};

test("what is found is kept for a second by either clock, and not where one was set back", async () => {
  const { times, found } = open();
  assert.equal(await found(), 1);
  Object.assign(times, { clock: 999, passed: 999 });
  assert.equal(await found(), 1);
  times.passed = 1_000;
  assert.equal(await found(), 2, "the clock that only grows has passed the second");
  times.clock = 999 + 1_000;
  assert.equal(await found(), 3, "the ledger's clock has passed it");
  times.clock = 999 + 999;
  assert.equal(await found(), 4, "the ledger's clock was set back");
});

test("what was noted is noted anew after a minute by either clock, and where it is another", () => {
  const { cache, times } = open();
  const one = { offers: [], digest: "one" };
  assert.equal(cache.isNoted("acme", "key", one), false);
  cache.note("acme", "key", one);
  Object.assign(times, { clock: MINUTE_MS - 1, passed: MINUTE_MS - 1 });
  assert.equal(cache.isNoted("acme", "key", one), true);
  assert.equal(cache.isNoted("acme", "key", { offers: [], digest: "two" }), false);
  assert.equal(cache.isNoted("other", "key", one), false);
  assert.equal(cache.isNoted("acme", "another", one), false);
  times.clock = MINUTE_MS;
  assert.equal(cache.isNoted("acme", "key", one), false);
  Object.assign(times, { clock: 0, passed: MINUTE_MS });
  assert.equal(cache.isNoted("acme", "key", one), false);
});

test("what falls due within the hour clears what was found, and nothing later does", async () => {
  const { found, notify } = open();
  assert.equal(await found(), 1);
  notify(null);
  notify(HOUR_MS + 1);
  assert.equal(await found(), 1);
  notify(HOUR_MS);
  assert.equal(await found(), 2);
  notify(0);
  assert.equal(await found(), 3);
});

test("a search that outlasts a purchase takes no place from the one that was begun after it", async () => {
  const { find, asked, answer, notify } = open();
  const first = find();
  notify(0);
  const second = find();
  assert.equal(asked(), 2);
  answer(0);
  await first;
  const third = find();
  await eventLoopTurn();
  assert.equal(asked(), 2, "it joins the second");
  answer(1);
  await Promise.all([second, third]);
  await find();
  assert.equal(asked(), 2);
});

test("a cache listens from the first search on, once, and until it is closed", async () => {
  const { cache, listeners, found } = open();
  assert.equal(listeners.size, 0);
  await found();
  assert.equal(await found(), 1);
  assert.equal(listeners.size, 1);
  cache.close();
  assert.equal(listeners.size, 0);
  assert.equal(await found(), 2);
  assert.equal(await found(), 3);
  assert.equal(listeners.size, 0);
  const never = open(0);
  await never.found();
  assert.equal(never.listeners.size, 0);
});

test("the oldest of what was found is forgotten where it is too long, or too much", async () => {
  const { cache } = open();
  const asked: string[] = [];
  const find = (key: string, length: number) =>
    Effect.runPromise(cache.find(
      key,
      Effect.sync(() => {
        asked.push(key);
        return [{ e164: "x".repeat(length) }] as unknown as readonly Offer[];
      }),
    ));
  for (const key of ["a", "b", "a"]) await find(key, 2_100_000);
  assert.deepEqual(asked, ["a", "b", "a"]);
  await find("a", 0);
  assert.equal(asked.length, 3);
  for (let place = 0; place < 501; place++) await find(`${place}`, 0);
  asked.length = 0;
  for (const key of ["500", "1", "0"]) await find(key, 0);
  assert.deepEqual(asked, ["0"]);
});
