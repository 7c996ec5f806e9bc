/**
 * A carrier is asked to order, or to change a route, within 20 seconds of the intent or not at all:
 * what reaches it later might be taken after another server concluded that it never was asked.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Clock from "effect/Clock";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock, type TestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import { openTestApp } from "../support/app.ts";
import { ONE, openWorld, work, type World } from "./routes-support.ts";

const GUARD_MS = 20 * SECOND_MS;

/** Ways that time passes of which only one clock shows it: the ledger's, or a monotonic one. */
const WAYS = {
  "a machine sleeps": "ledger",
  "its clock is set back by as much": "monotonic",
} as const;
type Way = (typeof WAYS)[keyof typeof WAYS];

/** A monotonic clock that a test moves on. */
const openMonotonic = () => {
  const machine = Effect.runSync(Clock.Clock);
  let passed_ms = 0;
  const monotonicTimeNanosUnsafe = () =>
    machine.monotonicTimeNanosUnsafe() + BigInt(passed_ms) * 1_000_000n;
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => machine.currentTimeMillisUnsafe(),
    currentTimeMillis: machine.currentTimeMillis,
    currentTimeNanosUnsafe: () => machine.currentTimeNanosUnsafe(),
    currentTimeNanos: machine.currentTimeNanos,
    monotonicTimeNanosUnsafe,
    monotonicTimeNanos: Effect.sync(monotonicTimeNanosUnsafe),
    sleep: (duration) => machine.sleep(duration),
  };
  return {
    services: Context.make(Clock.Clock, clock),
    pass: (ms: Milliseconds): void => void (passed_ms += ms),
  };
};

/** Lets time pass in this way. */
const passIn = (
  shownBy: Way,
  clock: TestClock,
  monotonic: ReturnType<typeof openMonotonic>,
  ms: Milliseconds,
): void => {
  if (shownBy === "ledger") clock.set(clock.now() + ms);
  else monotonic.pass(ms);
};

describe("an order", () => {
  /** Buys where the log answers so late; what the carrier is asked then, and after that. */
  const calls = async (way: Way, late_ms: Milliseconds) => {
    const monotonic = openMonotonic();
    const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
    const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
    const log = openMemoryLog();
    let asked: string[] = [];
    const app = openTestApp({
      log: {
        ...log,
        append: async (input) => {
          const outcome = await log.append(input);
          const isIntent = input.events.some(({ type }) => type === "PurchaseRequested");
          if (isIntent) passIn(way, clock, monotonic, late_ms);
          return outcome;
        },
      },
      clock,
      services: monotonic.services,
      runsAutomations: false,
      reconcilesDaily: false,
      waitMs: 0,
      report: (what, error) => assert.fail(`${what}: ${String(error)}`),
      carrier: {
        ...sandbox,
        order: (order) => {
          asked.push("order");
          return sandbox.order(order);
        },
        findOrder: (key) => {
          asked.push("findOrder");
          return sandbox.findOrder(key);
        },
      },
    });
    const caller = await app.ledger.authenticate(await app.organization("acme", "Free")) ??
      assert.fail();
    const bought = await app.ledger.purchase(caller, { e164: "+14155550101" });
    assert.ok(bought.ok);
    const first = asked;
    asked = [];
    // Only a look-up that is later than the intent says that there is no order.
    clock.set(clock.now() + 1);
    await app.ledger.work.run();
    const [number] = await app.ledger.numbers.list(caller);
    assert.equal(number?.status, "active");
    await app.close();
    return { status: bought.value.number.status, first, second: asked };
  };

  for (const [how, way] of Object.entries(WAYS)) {
    // Some of the time that is never set passes in the test itself.
    const timely_ms = way === "ledger" ? GUARD_MS : GUARD_MS / 2;
    test(`is sent up to 20 seconds after it was asked for, while ${how}`, async () => {
      const { status, first, second } = await calls(way, timely_ms);
      assert.deepEqual([status, first, second], ["active", ["order"], []]);
    });

    test(`is not sent any later, is looked up, and is sent later, while ${how}`, async () => {
      assert.deepEqual(await calls(way, GUARD_MS + 1), {
        status: "purchasing",
        first: ["findOrder"],
        second: ["findOrder", "order"],
      });
    });
  }
});

describe("a change of a route", () => {
  /** Suspends while the look before it takes so long; whether the carrier is asked to. */
  const isDetached = async (way: Way, look_ms: Milliseconds): Promise<boolean> => {
    const monotonic = openMonotonic();
    let ms = 0;
    const opened: { world?: World } = {};
    const world = opened.world = await openWorld((carrier) => ({
      findNumber: (e164) => {
        if (opened.world !== undefined && ms > 0) {
          passIn(way, opened.world.clock, monotonic, ms);
        }
        return carrier.findNumber(e164);
      },
    }), { services: monotonic.services });
    await world.buy(ONE, { at: "14" });
    await world.suspend();
    ms = look_ms;
    await world.ledger.work.run();
    const isOff = await world.routeOf(ONE) === null;
    ms = 0;
    await work(world);
    assert.equal(await world.routeOf(ONE), null);
    assert.deepEqual(world.reports, []);
    await world.ledger.close();
    return isOff;
  };

  for (const [how, way] of Object.entries(WAYS)) {
    test(`is asked for up to 20 seconds after the wish was read, while ${how}`, async () => {
      assert.equal(await isDetached(way, way === "ledger" ? GUARD_MS : GUARD_MS / 2), true);
      assert.equal(await isDetached(way, GUARD_MS + 1), false);
    });
  }
});
