/** Carriers' places are shared: what one organization asks for never keeps another from its own. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import * as TestClock from "effect/testing/TestClock";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { makeLane } from "../../adapters/ledger/engine/carrier-lanes.ts";
import type { Carrier } from "../../core/ports/mod.ts";
import { openTestApp, type TestApp } from "../support/app.ts";
import { gate } from "../support/gate.ts";
import { pause } from "../support/pause.ts";

const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));

/** A carrier whose calls wait until they are let go, and that knows how many are under way. */
const openSlow = (callsAtOnce: number, slow: readonly (keyof Carrier)[]) => {
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const released = gate();
  let [calls, most, underWay] = [0, 0, 0];
  const wait = async <Value>(answer: () => Promise<Value>): Promise<Value> => {
    calls += 1;
    most = Math.max(most, ++underWay);
    await released.opened;
    underWay -= 1;
    return await answer();
  };
  const slowed = Object.fromEntries(slow.map((name) => {
    const call = carrier[name] as (...given: readonly unknown[]) => Promise<unknown>;
    return [name, (...given: readonly unknown[]) => wait(() => call(...given))];
  }));
  return {
    carrier: { ...carrier, ...slowed, callsAtOnce } as Carrier,
    calls: () => calls,
    most: () => most,
    /** Lets everything go, now and from now on. */
    open: released.open,
  };
};

const search = (app: TestApp, token: string, areaCode: number) =>
  app.request("GET", `/v1/phone-numbers/available?areaCode=${areaCode}`, { token });

const buy = (app: TestApp, token: string, e164: string) =>
  app.request("POST", "/v1/phone-numbers", { token, body: { e164, agentId: null } });

const turn = () => pause(20, "what was asked for gets as far as it can, which nothing shows");

const opened = async (slow: ReturnType<typeof openSlow>) => {
  const app = openTestApp({ carrier: slow.carrier, waitMs: 30_000 });
  after(() => app.close());
  return { app, one: await app.organization("one"), two: await app.organization("two") };
};

describe("searches", () => {
  test("of one organization take no place from another's purchases", async () => {
    const slow = openSlow(8, ["search"]);
    const { app, one, two } = await opened(slow);
    const searches = Array.from({ length: 64 }, (_, place) => search(app, one, 201 + place));
    await turn();
    for (const e164 of ["+14155550101", "+14155550102", "+14155550103", "+14155550104"]) {
      assert.equal((await buy(app, two, e164)).status, 200, e164);
    }
    slow.open();
    await Promise.all(searches);
  });

  test("of one organization are bounded, at the carrier and in waiting, and say so", async () => {
    const slow = openSlow(8, ["search"]);
    const { app, one } = await opened(slow);
    const searches = Array.from({ length: 64 }, (_, place) => search(app, one, 201 + place));
    await turn();
    assert.equal(slow.most(), 2, "one of three places is left to others");
    slow.open();
    const answers = await Promise.all(searches);
    const refused = answers.filter(({ status }) => status === 429);
    assert.equal(refused.length, 64 - 2 - 16);
    assert.equal(refused[0]?.json.code, "RATE_LIMITED");
    assert.equal(refused[0]?.headers.get("retry-after"), "1");
    assert.ok(answers.every(({ status }) => status === 200 || status === 429), "and none 502");
  });

  test("of another organization get a place although one takes all it may", async () => {
    const slow = openSlow(8, ["search"]);
    const { app, one, two } = await opened(slow);
    const searches = Array.from({ length: 18 }, (_, place) => search(app, one, 201 + place));
    await turn();
    const other = search(app, two, 415);
    await turn();
    assert.equal(slow.calls(), 3);
    slow.open();
    assert.equal((await other).status, 200);
    await Promise.all(searches);
  });
});

test("purchases of one organization leave a place for another's", async () => {
  const slow = openSlow(8, ["order"]);
  const app = openTestApp({ carrier: slow.carrier, waitMs: 30_000 });
  after(() => app.close());
  const [one, two] = [await app.organization("one", "Scale"), await app.organization("two")];
  const many = Array.from({ length: 12 }, (_, place) => buy(app, one, `+141555501${place + 20}`));
  for (let looks = 0; looks < 500 && slow.calls() < 4; looks++) await turn();
  assert.equal(slow.calls(), 4);
  const other = buy(app, two, "+14155550199");
  for (let looks = 0; looks < 500 && slow.calls() < 5; looks++) await turn();
  assert.equal(slow.calls(), 5, "the other one's order is at the carrier");
  slow.open();
  for (const { status } of await Promise.all([...many, other])) assert.equal(status, 200);
});

/** Calls of parties, in the order in which they are made. */
const arrivals = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 60 });

describe("a lane", () => {
  test("never lets in more than it has places, nor more of one party than it may have", async () => {
    await fc.assert(fc.asyncProperty(
      arrivals,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      async (parties, places, each) => {
        const lane = makeLane({ places, each, waiting: 100 });
        const inside: string[] = [];
        const call = (party: string) =>
          lane.run(
            party,
            1_000_000,
            Effect.gen(function* () {
              inside.push(party);
              assert.ok(inside.length <= places);
              assert.ok(inside.filter((other) => other === party).length <= each);
              yield* Effect.yieldNow;
              inside.splice(inside.indexOf(party), 1);
              return true;
            }),
            () => Effect.succeed(false),
          );
        const done = await Effect.runPromise(
          Effect.forEach(parties, call, { concurrency: "unbounded" }),
        );
        assert.ok(done.every(Boolean), "each has its turn");
      },
    ));
  });

  test("takes turns: who comes last waits for one call of each other party, not for all", async () => {
    const lane = makeLane({ places: 1, each: 1, waiting: 1_000 });
    const order: string[] = [];
    const call = (party: string) =>
      lane.run(
        party,
        1_000_000,
        Effect.andThen(Effect.sync(() => order.push(party)), Effect.yieldNow),
        () => Effect.void,
      );
    const parties = [...Array.from({ length: 50 }, () => "greedy"), "late", "later"];
    await Effect.runPromise(Effect.forEach(parties, call, { concurrency: "unbounded" }));
    assert.ok(order.indexOf("late") <= 2 && order.indexOf("later") <= 4, order.join(" "));
  });
});

describe("a call in a lane", () => {
  test("is given up when it waits too long, and leaves nothing behind", async () => {
    const lane = makeLane({ places: 1, each: 1, waiting: 2 });
    const run = (party: string, effect: Effect.Effect<string>) =>
      lane.run(party, 4_000, effect, (why) => Effect.succeed(why));
    const story = Effect.gen(function* () {
      const first = yield* Effect.forkChild(run("a", Effect.as(Effect.sleep(60_000), "done")));
      yield* Effect.yieldNow;
      const waiting = [];
      for (const party of ["a", "b", "a", "a"]) {
        waiting.push(yield* Effect.forkChild(run(party, Effect.succeed("done"))));
        yield* Effect.yieldNow;
      }
      yield* TestClock.adjust(4_000);
      const answers = yield* Effect.forEach(waiting, (fiber) => Fiber.join(fiber));
      yield* TestClock.adjust(60_000);
      return [...answers, yield* Fiber.join(first), yield* run("c", Effect.succeed("free"))];
    });
    const answers = await Effect.runPromise(Effect.provide(story, TestClock.layer()));
    assert.deepEqual(answers, ["ownExcess", "busy", "ownExcess", "ownExcess", "done", "free"]);
  });

  test("that is interrupted, in its place or before, leaves it to others", async () => {
    const lane = makeLane({ places: 1, each: 1, waiting: 9 });
    const run = (effect: Effect.Effect<string>) =>
      lane.run("a", 1_000, effect, (why) => Effect.succeed(why));
    const story = Effect.gen(function* () {
      const inside = yield* Effect.forkChild(run(Effect.never));
      yield* Effect.yieldNow;
      const waiting = yield* Effect.forkChild(run(Effect.never));
      yield* Effect.yieldNow;
      yield* Fiber.interrupt(waiting);
      yield* Fiber.interrupt(inside);
      return yield* run(Effect.succeed("free"));
    });
    assert.equal(await Effect.runPromise(story), "free");
  });
});
