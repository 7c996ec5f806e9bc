/**
 * A carrier is asked to order, or to change a route, within 20 seconds of the intent or not at all:
 * what reaches it later might be taken after another server concluded that it never was asked.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import { openTestApp } from "../support/app.ts";
import { ONE, openWorld, work, type World } from "./routes-support.ts";

const GUARD_MS = 20 * SECOND_MS;

describe("an order", () => {
  /** Buys where the log answers so late; what the carrier is asked then, and after that. */
  const calls = async (late_ms: Milliseconds) => {
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
          if (isIntent) clock.set(clock.now() + late_ms);
          return outcome;
        },
      },
      clock,
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
    await app.ledger.work.run();
    const [number] = await app.ledger.numbers.list(caller);
    assert.equal(number?.status, "active");
    await app.close();
    return { status: bought.value.number.status, first, second: asked };
  };

  test("is sent up to 20 seconds after it was asked for", async () => {
    assert.deepEqual(await calls(GUARD_MS), { status: "active", first: ["order"], second: [] });
  });

  test("is not sent any later, is looked up, and is sent by a later step", async () => {
    assert.deepEqual(await calls(GUARD_MS + 1), {
      status: "purchasing",
      first: ["findOrder"],
      second: ["findOrder", "order"],
    });
  });
});

describe("a change of a route", () => {
  /** Suspends while the look before it takes so long; whether the carrier is asked to. */
  const isDetached = async (look_ms: Milliseconds): Promise<boolean> => {
    let ms = 0;
    const opened: { world?: World } = {};
    const world = opened.world = await openWorld((carrier) => ({
      findNumber: (e164) => {
        opened.world?.clock.set(opened.world.clock.now() + ms);
        return carrier.findNumber(e164);
      },
    }));
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

  test("is asked for up to 20 seconds after the wish was read, and not any later", async () => {
    assert.equal(await isDetached(GUARD_MS), true);
    assert.equal(await isDetached(GUARD_MS + 1), false);
  });
});
