/** A number's route is wished otherwise while the carrier is asked: what is wished last counts. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CarrierError } from "../../core/ports/mod.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import { failed } from "../../core/values/result.ts";
import { ACME, ONE, openSuspending, openWorld, work } from "./routes-support.ts";

const unknown = failed<CarrierError>({ kind: "unknown", message: "a storm" });

describe("what is wished while the carrier is asked", () => {
  test("counts: a number that is reinstated while it is detached is attached in the end", async () => {
    const { world, id, finish } = await openSuspending(ONE);
    await world.reinstate();
    await finish();
    assert.equal(await world.routeOf(ONE), "14");
    assert.deepEqual(await world.recorded(id), ["RouteNoted", "RouteAttached"]);
    await world.ledger.close();
  });

  test("counts also where the carrier takes the earlier call after the later one", async () => {
    let late: (() => Promise<unknown>) | null = null;
    const calls: string[] = [];
    const world = await openWorld((carrier) => ({
      settlingMs: MINUTE_MS,
      suspend: async (number) => {
        late = () => carrier.suspend(number);
        return unknown;
      },
      resume: (number, route) => {
        calls.push("resume");
        return carrier.resume(number, route);
      },
    }));
    const id = await world.buy(ONE, { at: "14" });
    await world.suspend();
    await world.ledger.work.run();
    await world.reinstate();
    await world.ledger.work.run();
    assert.equal(calls.length, 1, "who pays again does not wait");
    assert.deepEqual(await world.due(), ["routes"]);
    world.clock.set(world.clock.now() + MINUTE_MS);
    await late!();
    assert.equal(await world.routeOf(ONE), null);
    await work(world);
    assert.equal(await world.routeOf(ONE), "14");
    assert.deepEqual(await world.recorded(id), ["RouteNoted", "RouteAttached"]);
    await world.ledger.close();
  });
});

describe("what is wished again and again", () => {
  test("counts when it turns again and again", async () => {
    let isOut = false;
    const lost = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
      const answer = await call();
      return isOut ? unknown as Answer : answer;
    };
    const world = await openWorld((carrier) => ({
      suspend: (number) => lost(() => carrier.suspend(number)),
      resume: (number, route) => lost(() => carrier.resume(number, route)),
    }));
    await world.buy(ONE, { at: "14" });
    for (let turn = 0; turn < 4; turn++) {
      isOut = turn % 2 === 0;
      await world.suspend();
      await world.ledger.work.run();
      await world.reinstate();
      if (turn < 3) await world.ledger.work.run();
    }
    isOut = false;
    await work(world);
    assert.equal(await world.routeOf(ONE), "14", "what it was on is never forgotten");
    await world.ledger.close();
  });

  test("is over when the number is released meanwhile", async () => {
    const { world, id, finish } = await openSuspending(ONE);
    assert.ok((await world.ledger.release(ACME, id)).ok);
    await finish();
    const found = await world.bare.findNumber(ONE);
    assert.ok(found.ok && found.value === null);
    assert.deepEqual(await world.recorded(id), ["RouteNoted"]);
    await world.ledger.close();
  });

  test("is done once where two servers are at it", async () => {
    const world = await openWorld();
    const id = await world.buy(ONE, { at: "14" });
    const other = world.another();
    await world.suspend();
    await Promise.all([world.ledger.work.run(), other.work.run()]);
    await work(world);
    await world.reinstate();
    await Promise.all([world.ledger.work.run(), other.work.run()]);
    await work(world);
    assert.equal(await world.routeOf(ONE), "14");
    assert.deepEqual(await world.recorded(id), ["RouteNoted", "RouteDetached", "RouteAttached"]);
    await other.close();
    await world.ledger.close();
  });
});
