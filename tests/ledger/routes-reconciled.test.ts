/**
 * A reconciliation finds routes that the carrier has otherwise than it confirmed, and repairs them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Carrier } from "../../core/ports/mod.ts";
import { HOUR_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import { ONE, openWorld, type World } from "./routes-support.ts";

const drifts = async ({ ledger }: World): Promise<readonly string[]> => {
  const report = await ledger.reconciliation.run();
  assert.ok(report.ok, JSON.stringify(report));
  return report.value.drifts.map(({ kind, remedy, outcome }) => `${kind}: ${remedy}, ${outcome}`);
};

const later = ({ clock }: World, ms = HOUR_MS) => clock.set(clock.now() + ms);

/** The number is changed directly at the carrier, without this ledger. */
const put = async ({ bare }: World, connection: string | null) => {
  const found = await bare.findNumber(ONE);
  assert.ok(found.ok && found.value !== null);
  if (connection === null) await bare.suspend(found.value);
  else await bare.connect(found.value, connection);
};

test("a number that was attached while it is suspended is detached, and back where that was", async () => {
  const world = await openWorld();
  const id = await world.buy(ONE, { at: "14" });
  await world.suspend();
  await world.ledger.work.run();
  later(world);
  assert.deepEqual(await drifts(world), []);
  await put(world, "15");
  assert.deepEqual(await drifts(world), ["mismatch: detach, done"]);
  assert.equal(await world.routeOf(ONE), null);
  later(world);
  assert.deepEqual(await drifts(world), []);
  await world.reinstate();
  await world.ledger.work.run();
  assert.equal(await world.routeOf(ONE), "15");
  assert.deepEqual(await world.recorded(id), [
    "RouteNoted",
    "RouteDetached",
    "RouteDrifted",
    "RouteNoted",
    "RouteDetached",
    "RouteAttached",
  ]);
  await world.ledger.close();
});

test("a number that was detached since it was reinstated is attached", async () => {
  for (const connection of [undefined, "14"]) {
    const world = await openWorld();
    await world.buy(ONE, { at: "14", ...(connection && { connection }) });
    await world.suspend();
    await world.ledger.work.run();
    await world.reinstate();
    await world.ledger.work.run();
    later(world);
    await put(world, null);
    assert.deepEqual(await drifts(world), ["mismatch: attach, done"]);
    assert.equal(await world.routeOf(ONE), "14");
    later(world);
    assert.deepEqual(await drifts(world), []);
    await world.ledger.close();
  }
});

test("a suspended number is not put back on the connection that it was bought for", async () => {
  const world = await openWorld();
  await world.buy(ONE, { connection: "14" });
  await world.suspend();
  assert.deepEqual(await drifts(world), [], "the carrier is yet to be asked");
  await world.ledger.work.run();
  later(world);
  assert.deepEqual(await drifts(world), []);
  assert.equal(await world.routeOf(ONE), null);
  await world.ledger.close();
});

test("a repair that the carrier does not answer continues automatically", async () => {
  let isDown = false;
  const world = await openWorld((carrier) => ({
    suspend: (number) => {
      if (isDown) throw new Error("a storm");
      return carrier.suspend(number);
    },
  }));
  await world.buy(ONE, { at: "14" });
  await world.suspend();
  await world.ledger.work.run();
  later(world);
  await put(world, "14");
  isDown = true;
  assert.deepEqual(await drifts(world), ["mismatch: detach, open"]);
  assert.deepEqual(await drifts(world), [], "it is in flight");
  later(world, HOUR_MS + 1);
  assert.deepEqual(await drifts(world), ["stuck: continue, open"]);
  isDown = false;
  assert.deepEqual(await drifts(world), ["stuck: continue, done"]);
  assert.equal(await world.routeOf(ONE), null);
  await world.ledger.close();
});

test("a connection that is set right while the number is suspended does not come back", async () => {
  let meanwhile = async (): Promise<void> => {};
  const world = await openWorld((carrier) => ({
    // The last look at the carrier before the repair.
    findNumber: async (e164) => {
      const found = await carrier.findNumber(e164);
      await meanwhile();
      return found;
    },
  }));
  await world.buy(ONE, { connection: "14", at: "15" });
  const other = world.another();
  meanwhile = async () => {
    meanwhile = async () => {};
    await world.suspend();
    await other.work.run();
  };
  assert.deepEqual(await drifts(world), []);
  await world.ledger.work.run();
  assert.equal(await world.routeOf(ONE), null);
  await other.close();
  await world.ledger.close();
});

test("numbers that a carrier could not suspend are suspended once it can", async () => {
  const state = { can: false };
  const able = (): Partial<Carrier> =>
    state.can ? {} : { suspend: undefined, resume: undefined } as object;
  const world = await openWorld(able);
  await world.buy(ONE, { at: "14" });
  await world.suspend();
  await world.ledger.work.run();
  later(world, 10 * MINUTE_MS);
  assert.deepEqual(await drifts(world), []);
  state.can = true;
  const updated = world.another();
  assert.deepEqual(await drifts({ ...world, ledger: updated }), ["mismatch: detach, done"]);
  assert.equal(await world.routeOf(ONE), null);
  await updated.close();
  await world.ledger.close();
});
