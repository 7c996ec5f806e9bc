/** What a reconciliation does about a drift that is otherwise at the second look. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Carrier, CarrierNumber, EventLog } from "../../core/ports/mod.ts";
import { orders } from "../../core/number/orders.ts";
import { type Managed, numbers } from "../../core/number/state.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { RECONCILIATIONS } from "../../core/reconciliation/state.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import { money } from "../../core/values/money.ts";
import { failed, ok } from "../../core/values/result.ts";
import { appendTo } from "../harness/contract/log/support.ts";
import { callerOf } from "../properties/runs.ts";
import {
  NO_KEY,
  ONE,
  openWorld,
  ourOldKey,
  showing,
  THREE,
  TWO,
  type World,
} from "../http/reconciliation-support.ts";
import { openWorld as openRoutes, work } from "./routes-support.ts";

const ACME = callerOf("acme");
const ADOPT = { orphans: { kind: "adopt", into: "acme" } } as const;

/** The drifts of a reconciliation: what was to be done, what came of it, and why. */
const repaired = async ({ app }: World) => {
  const answer = await app.ledger.reconciliation.run();
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.value.drifts.map(({ remedy, outcome, why }) => [remedy, outcome, why]);
};

/** The sandbox, whose look-ups show a number so, though its inventory does not. */
const shownAgain = (shown: (number: CarrierNumber) => CarrierNumber) => (carrier: Carrier) => ({
  ...showing(carrier, shown),
  inventory: carrier.inventory,
});

/** A log's `find`, and the keys of orders that it was asked for. */
const askedFor = (log: EventLog) => {
  const asked: string[] = [];
  const find: EventLog["find"] = (kind, key) => {
    if (kind === orders.kind) asked.push(key);
    return log.find(kind, key);
  };
  return { asked, find };
};

describe("an orphan", () => {
  test("that is pending at the second look is left alone", async () => {
    const world = await openWorld(
      { orphans: { kind: "release" } },
      shownAgain((number) => ({ ...number, status: "pending" })),
    );
    await world.order(ONE, await ourOldKey(world, ONE));
    assert.deepEqual(await repaired(world), [["report", "reported", null]]);
    assert.ok(await world.sale(ONE));
    await world.app.close();
  });

  test("is not adopted at a price that nobody knows", async () => {
    const unsold = (carrier: Carrier): Carrier => ({
      ...carrier,
      search: () => Promise.resolve(ok([])),
    });
    const without = (name: "country" | "type") => (carrier: Carrier) =>
      showing(carrier, (number) => {
        const { [name]: _, ...others } = number;
        return others as CarrierNumber;
      });
    for (const play of [unsold, without("country"), without("type")]) {
      const world = await openWorld(ADOPT, play);
      await world.order(ONE, NO_KEY);
      assert.deepEqual(await repaired(world), [
        ["adopt", "failed", "Nobody knows what the number is to cost by the month."],
      ]);
      assert.deepEqual(await world.list(), []);
      await world.app.close();
    }
  });

  test("without a key is not looked for among our orders, and names no installation", async () => {
    const log = openMemoryLog();
    const { asked, find } = askedFor(log);
    const world = await openWorld({ log: { ...log, find }, ...ADOPT });
    await world.order(ONE, NO_KEY);
    assert.deepEqual(await repaired(world), [["adopt", "done", null]]);
    assert.deepEqual(asked, []);
    const types = (await log.events(RECONCILIATIONS, 0, 10)).map(({ type }) => type);
    assert.deepEqual(types, ["InventoryReconciled"]);
    await world.app.close();
  });

  test("is adopted at its own price, whatever a later version wrote before its purchase", async () => {
    const world = await openWorld(ADOPT);
    const later = { expected: "any", events: [{ type: "Danced", version: 1, data: {} }] } as const;
    assert.equal((await world.log.append(appendTo("acme", later))).outcome, "appended");
    await world.order(ONE, await ourOldKey(world, ONE));
    assert.deepEqual(await repaired(world), [["adopt", "done", null]]);
    assert.deepEqual(await world.list(), [ONE]);
    await world.app.close();
  });

  test("of a carrier is not adopted while an organization has the number from another", async () => {
    const log = openMemoryLog();
    const one = await openWorld({ log }, (carrier) => ({ ...carrier, name: "one" }));
    await one.buy(ONE);
    const two = await openWorld({ log, ...ADOPT }, (carrier) => ({ ...carrier, name: "two" }));
    await two.order(ONE, NO_KEY);
    assert.deepEqual(await repaired(two), [
      ["adopt", "failed", "An organization here holds the number by other means."],
    ]);
    assert.deepEqual(await two.list(), [ONE]);
    await two.app.close();
    await one.app.close();
  });
});

test("an orphan is adopted for what the carrier asked, whatever the one who ordered it paid", async () => {
  const growth = DEFAULT_PLANS["Growth"];
  assert.ok(growth !== undefined);
  for (const terms of [{ markup: 5_000 }, { price: money(7_000_000) }, {}]) {
    const world = await openWorld({ ...ADOPT, plans: { Growth: { ...growth, ...terms } } });
    await world.buy(TWO);
    await world.order(ONE, await ourOldKey(world, ONE));
    assert.deepEqual(await repaired(world), [["adopt", "done", null]]);
    const { rows } = await world.log.list("acme", numbers.kind, {}, { limit: 3 });
    const [bought, adopted, ...others] = rows.map(({ data }) => {
      const { monthly, carrierMonthly } = data as Managed;
      return { monthly, carrierMonthly };
    });
    assert.deepEqual([adopted, others], [bought, []]);
    await world.app.close();
  }
});

describe("a ghost", () => {
  test("that is released meanwhile is not released once more, and the report says why", async () => {
    let id = "";
    const world: World = await openWorld({}, (carrier) => ({
      ...carrier,
      has: async (number) => {
        assert.ok((await world.app.ledger.release(ACME, id)).ok);
        return await carrier.has(number);
      },
    }));
    id = await world.buy(ONE);
    await world.orders.release(await world.sale(ONE), 0);
    assert.deepEqual(await repaired(world), [
      [
        "releaseHere",
        "failed",
        "No phone number has this id; list the phone numbers to see their ids.",
      ],
    ]);
    const history = await world.app.ledger.numbers.history(ACME, id);
    assert.equal(history.filter(({ type }) => type === "Released").length, 1);
    await world.app.close();
  });

  test("that is another drift at the second look is left to the next reconciliation", async () => {
    let isHidden = true;
    const world = await openWorld({}, (carrier) => ({
      ...carrier,
      inventory: (after) =>
        isHidden ? Promise.resolve(ok({ numbers: [], next: null })) : carrier.inventory(after),
    }));
    await world.buy(ONE, "14");
    await world.orders.connect(await world.sale(ONE), "15");
    const answer = await world.app.ledger.reconciliation.run();
    assert.ok(answer.ok);
    const { drifts, seen: { inFlight } } = answer.value;
    assert.deepEqual([drifts, inFlight], [[], 1]);
    assert.equal((await world.sale(ONE)).connectionId, "15");
    isHidden = false;
    assert.deepEqual(await repaired(world), [["connect", "done", null]]);
    await world.app.close();
  });

  test("that the carrier has under its id is reported, and kept", async () => {
    const world = await openWorld({}, (carrier) => ({
      ...carrier,
      has: () => Promise.resolve(ok(true)),
    }));
    await world.buy(ONE);
    await world.orders.release(await world.sale(ONE), 0);
    assert.deepEqual(await repaired(world), [["report", "reported", null]]);
    assert.deepEqual(await world.list(), [ONE]);
    await world.app.close();
  });
});

test("a connection is set right for a suspended number that its carrier cannot detach", async () => {
  const world = await openRoutes(() => ({ suspend: undefined, resume: undefined }) as object);
  await world.buy(ONE, { connection: "14", at: "15" });
  await world.suspend();
  await work(world);
  world.clock.set(world.clock.now() + HOUR_MS);
  const answer = await world.ledger.reconciliation.run();
  assert.ok(answer.ok);
  const [drift, ...others] = answer.value.drifts;
  assert.deepEqual([drift?.kind, drift?.remedy, drift?.outcome], ["mismatch", "connect", "done"]);
  assert.deepEqual(others, []);
  assert.equal(await world.routeOf(ONE), "14");
  await world.ledger.close();
});

for (const isBack of [false, true]) {
  const what = isBack ? "reinstated" : "suspended";
  test(`a connection is left to the route of a number that is ${what} after the second look`, async () => {
    const log = openMemoryLog();
    let loads = 0;
    let onLoad = (): Promise<void> => Promise.resolve();
    const load: EventLog["load"] = async (...asked) => {
      // After the carrier: the number, and the number once more in its route's turn.
      if (loads > 0 && asked[0] === "acme" && ++loads === 3) await onLoad();
      return await log.load(...asked);
    };
    const world = await openRoutes((carrier) => ({
      findNumber: (e164) => {
        loads = 1;
        return carrier.findNumber(e164);
      },
    }), { log: { ...log, load, close: () => Promise.resolve() } });
    const other = world.another();
    await world.buy(ONE, { connection: "14", at: "15" });
    onLoad = async () => {
      onLoad = () => Promise.resolve();
      await world.suspend();
      if (!isBack) return;
      await other.work.run();
      await world.reinstate();
    };
    const answer = await world.ledger.reconciliation.run();
    assert.ok(answer.ok);
    assert.deepEqual(answer.value.drifts, []);
    assert.equal(await world.routeOf(ONE), isBack ? null : "15");
    await world.ledger.work.run();
    assert.equal(await world.routeOf(ONE), isBack ? "14" : null);
    await other.close();
    await world.ledger.close();
  });
}

test("what is only reported is reported also after the carrier has failed", async () => {
  const world = await openWorld({}, (carrier) => ({
    ...carrier,
    findNumber: () => Promise.resolve(failed({ kind: "unreachable", message: "a storm" })),
  }));
  for (const e164 of [ONE, TWO]) {
    await world.buy(e164, "14");
    await world.orders.connect(await world.sale(e164), "15");
  }
  await world.order(THREE, NO_KEY);
  const answer = await world.app.ledger.reconciliation.run();
  assert.ok(!answer.ok && answer.error.code === "CARRIER_UNREACHABLE");
  const { drifts } = answer.error.report;
  assert.deepEqual(drifts.map(({ remedy, outcome, why }) => [remedy, outcome, why]), [
    ["connect", "failed", "a storm"],
    ["connect", "skipped", null],
    ["report", "reported", null],
  ]);
  await world.app.close();
});

test("a key that cannot be one of the ledger's is not looked for in its log", async () => {
  const log = openMemoryLog();
  const { asked, find } = askedFor(log);
  const world = await openWorld({ log: { ...log, find } });
  await world.order(ONE, "x".repeat(201));
  await world.order(TWO, "od_of_another");
  assert.deepEqual(await world.drifts(), []);
  assert.deepEqual(asked, ["od_of_another"]);
  await world.app.close();
});
