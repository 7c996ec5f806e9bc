/**
 * A suspended number is suspended at the carrier too: whatever is lost, late, or done meanwhile.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { Carrier, CarrierError } from "../../core/ports/mod.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import { money } from "../../core/values/money.ts";
import { failed, ok } from "../../core/values/result.ts";
import { installTrunk } from "../harness/sip.ts";
import { ACME, ONE, openWorld, TWO, work } from "./routes-support.ts";

const unknown = failed<CarrierError>({ kind: "unknown", message: "a storm" });

describe("a number that is suspended for its organization's verification", () => {
  test("is detached at the carrier, and back on what it was on when it is reinstated", async () => {
    const world = await openWorld();
    const id = await world.buy(ONE, { at: "14" });
    await world.suspend();
    assert.equal(await world.routeOf(ONE), "14", "the carrier is asked after the event");
    await work(world);
    assert.equal(await world.routeOf(ONE), null);
    await world.reinstate();
    assert.equal(await world.status(id), "active");
    await work(world);
    assert.equal(await world.routeOf(ONE), "14");
    assert.deepEqual(await world.recorded(id), ["RouteNoted", "RouteDetached", "RouteAttached"]);
    await world.ledger.close();
  });

  test("comes back on the connection that it was bought for, wherever it was moved", async () => {
    const world = await openWorld();
    await world.buy(ONE, { connection: "15", at: "14" });
    await world.suspend();
    await work(world);
    await world.reinstate();
    await work(world);
    assert.equal(await world.routeOf(ONE), "15");
    await world.ledger.close();
  });

  test("is left as it is where it is imported, or another organization's", async () => {
    const calls: string[] = [];
    const world = await openWorld((carrier) => ({
      suspend: (number) => {
        calls.push(number.e164);
        return carrier.suspend(number);
      },
    }));
    await world.buy(ONE, { at: "14" });
    await installTrunk(world.ledger, "acme", "trunk");
    const imported = await world.ledger.import(ACME, { e164: TWO, via: { sipTrunk: "trunk" } });
    assert.ok(imported.ok);
    await world.suspend();
    await work(world);
    assert.deepEqual(calls, [ONE]);
    await world.ledger.close();
  });

  test("is suspended here alone where the carrier cannot detach it", async () => {
    const world = await openWorld(() => ({ suspend: undefined, resume: undefined }) as object);
    const id = await world.buy(ONE, { at: "14" });
    await world.suspend();
    await work(world);
    assert.equal(await world.status(id), "suspended");
    assert.equal(await world.routeOf(ONE), "14");
    assert.deepEqual(await world.recorded(id), ["RouteLeft"]);
    await world.reinstate();
    await work(world);
    assert.deepEqual([await world.status(id), await world.routeOf(ONE)], ["active", "14"]);
    await world.ledger.close();
  });
});

test("a number that is not paid for is detached for its grace, and back once it is paid", async () => {
  const world = await openWorld();
  const { ledger } = world;
  const id = await world.buy(ONE, { at: "14" });
  await ledger.operator.open("acme", { name: "Acme", plan: "Free" });
  await ledger.operator.advanceClock(32 * DAY_MS);
  assert.equal(await world.status(id), "suspended");
  assert.equal(await world.routeOf(ONE), null);
  await ledger.operator.open("acme", { name: "Acme", plan: "Prepaid" });
  await ledger.operator.addCredits("acme", { amount: money(1_000_000) });
  await ledger.operator.advanceClock(2 * DAY_MS);
  assert.equal(await world.status(id), "active");
  assert.equal(await world.routeOf(ONE), "14");
  await ledger.operator.open("acme", { name: "Acme", plan: "Free" });
  await ledger.operator.advanceClock(60 * DAY_MS);
  assert.deepEqual(await world.due(), []);
  const { value: kept } = await world.bare.findNumber(ONE) as { readonly value: unknown };
  assert.equal(kept, null, "it was never paid, and has gone back");
  await ledger.close();
});

describe("a carrier that answers badly", () => {
  for (const when of ["before", "after"] as const) {
    for (const how of ["is unknown", "throws"] as const) {
      test(`is asked again when a call that ${how} was lost ${when} it was done`, async () => {
        let left = 0;
        const lose = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
          if (left-- <= 0) return call();
          if (when === "after") await call();
          if (how === "throws") throw new Error("a storm");
          return unknown as Answer;
        };
        const world = await openWorld((carrier) => ({
          suspend: (number) => lose(() => carrier.suspend(number)),
          resume: (number, route) => lose(() => carrier.resume(number, route)),
        }));
        const id = await world.buy(ONE, { at: "14" });
        left = 3;
        await world.suspend();
        await work(world);
        assert.equal(await world.routeOf(ONE), null);
        left = 3;
        await world.reinstate();
        await work(world);
        assert.equal(await world.routeOf(ONE), "14");
        assert.deepEqual(await world.recorded(id), [
          "RouteNoted",
          "RouteDetached",
          "RouteAttached",
        ]);
        await world.ledger.close();
      });
    }
  }

  test("is asked again when it says no, which is reported", async () => {
    let refuses = true;
    const no = failed<CarrierError>({ kind: "refused", message: "no" });
    const world = await openWorld((carrier) => ({
      suspend: async (number) => refuses ? no : carrier.suspend(number),
    }));
    const id = await world.buy(ONE, { at: "14" });
    await world.suspend();
    await world.ledger.work.run();
    assert.deepEqual(await world.due(), ["routes"]);
    assert.deepEqual(world.reports, [`suspending ${id}`]);
    refuses = false;
    await work(world);
    assert.equal(await world.routeOf(ONE), null);
    await world.ledger.close();
  });
});

describe("a carrier that has the number no longer", () => {
  test("is asked for nothing more once it answers so", async () => {
    for (const call of ["suspend", "resume"] as const) {
      const world = await openWorld(() => ({ [call]: () => Promise.resolve(ok("gone")) }));
      const id = await world.buy(ONE, { at: "14" });
      await world.suspend();
      await work(world);
      await world.reinstate();
      await work(world);
      assert.deepEqual(
        await world.recorded(id),
        call === "suspend"
          ? ["RouteNoted", "RouteLeft", "RouteAttached"]
          : ["RouteNoted", "RouteDetached", "RouteLeft"],
      );
      await world.ledger.close();
    }
  });

  test("is asked for nothing more once it has the number no longer", async () => {
    const world = await openWorld();
    const id = await world.buy(ONE, { at: "14" });
    const found = await world.bare.findNumber(ONE);
    assert.ok(found.ok && found.value !== null);
    await world.bare.release(found.value);
    await world.suspend();
    await work(world);
    assert.deepEqual(await world.recorded(id), ["RouteLeft"]);
    await world.ledger.close();
  });
});

test("a number of the sandbox beside a live carrier is detached at the sandbox", async () => {
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook() });
  const suspended: string[] = [];
  const watched = (carrier: Carrier, name: string): Carrier => ({
    ...carrier,
    name,
    suspend: (number) => {
      suspended.push(`${name} ${number.e164}`);
      return carrier.suspend?.(number) ?? assert.fail("it cannot");
    },
  });
  const world = await openWorld(
    (carrier) => watched(carrier, "live"),
    { sandbox: watched(sandbox, "sandbox") },
  );
  await world.buy(ONE, { at: "14" });
  const bought = await world.ledger.purchase({ ...ACME, sandbox: true }, { e164: TWO });
  assert.ok(bought.ok, JSON.stringify(bought));
  await world.suspend();
  await work(world);
  assert.deepEqual(suspended.toSorted(), [`live ${ONE}`, `sandbox ${TWO}`]);
  await world.ledger.close();
});

test("the time since the contrary wish is measured by the clock that can, where there was one", async () => {
  const time = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const since: unknown[] = [];
  const clock = {
    ...time,
    since: (at: number) => {
      since.push(at);
      return time.now();
    },
  };
  const world = await openWorld(() => ({}), { clock, setClock: time.set });
  await world.buy(ONE, { at: "14" });
  since.length = 0;
  await world.suspend();
  await world.ledger.work.run();
  assert.equal(await world.routeOf(ONE), null);
  assert.deepEqual(since, []);
  const suspendedAt = time.now();
  time.set(suspendedAt + 1_000);
  await world.reinstate();
  await world.ledger.work.run();
  assert.equal(await world.routeOf(ONE), "14");
  assert.deepEqual(since, [suspendedAt]);
  await world.ledger.close();
});
