/** Reconciliations requested by the operator, over drifts that are made by hand. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HOUR_MS } from "../../core/values/calendar.ts";
import { failed, ok } from "../../core/values/result.ts";
import type { E164 } from "../../core/values/e164.ts";
import { NO_KEY, ONE, openWorld, ourOldKey, START, THREE, TWO } from "./reconciliation-support.ts";

const ORPHANS = { orphans: { kind: "release" } } as const;

test("reconciliation finds no drift when both sides agree", async () => {
  const world = await openWorld();
  await world.buy(ONE);
  await world.buy(TWO, "14");
  const { status, json } = await world.reconcile();
  assert.equal(status, 200);
  assert.match(json.id, /^rc_/);
  const { id: _, ...report } = json;
  assert.deepEqual(report, {
    carrier: "sandbox",
    startedAt: "2026-01-31T10:00:00Z",
    finishedAt: "2026-01-31T10:00:00Z",
    status: "complete",
    broken: null,
    seen: { ours: 2, theirs: 2, agreed: 2, inFlight: 0, foreign: 0 },
    drifted: { orphan: 0, ghost: 0, stuck: 0, mismatch: 0 },
    drifts: [],
  });
  await world.app.close();
});

test("ghost is released here, and its claim and place are free", async () => {
  const world = await openWorld();
  const id = await world.buy(ONE);
  await world.orders.release(await world.sale(ONE), 0);
  assert.deepEqual(await world.drifts(), [`ghost ${ONE}: releaseHere, done`]);
  assert.deepEqual(await world.list(), []);
  const path = `/ledger/numbers/${id}/history`;
  const { json } = await world.app.request("GET", path, { token: world.token });
  const last = json.events.at(-1);
  assert.deepEqual([last.type, last.data.why], ["Released", "carrierLostIt"]);
  assert.deepEqual(await world.drifts(), []);
  await world.buy(ONE);
  assert.deepEqual(await world.list(), [ONE]);
  await world.app.close();
});

test("mismatch of connections is set right at the carrier", async () => {
  const world = await openWorld();
  await world.buy(ONE, "14");
  await world.orders.connect(await world.sale(ONE), "15");
  assert.deepEqual(await world.drifts(), [`mismatch ${ONE}: connect, done`]);
  assert.equal((await world.sale(ONE)).connectionId, "14");
  assert.deepEqual(await world.drifts(), []);
  await world.app.close();
});

test("mismatch of connections is reported as failed when the carrier loses the number meanwhile", async () => {
  const world = await openWorld({}, (carrier) => ({
    ...carrier,
    connect: async () => ok("gone"),
  }));
  await world.buy(ONE, "14");
  await world.orders.connect(await world.sale(ONE), "15");
  const { json } = await world.reconcile();
  const [{ outcome, why }] = json.drifts;
  assert.equal(outcome, "failed");
  assert.match(why, /no longer/);
  await world.app.close();
});

test("ghosts are all left alone when the account has nothing of ours", async () => {
  const world = await openWorld();
  for (const e164 of [ONE, TWO]) {
    await world.buy(e164);
    await world.orders.release(await world.sale(e164), 0);
  }
  assert.deepEqual(await world.drifts(), [
    `ghost ${ONE}: report, reported`,
    `ghost ${TWO}: report, reported`,
  ]);
  assert.deepEqual(await world.list(), [ONE, TWO]);
  await world.app.close();
});

describe("orphan", () => {
  test("is reported and left alone when nothing else is configured", async () => {
    const world = await openWorld();
    await world.order(ONE, await ourOldKey(world, ONE));
    await world.order(TWO, NO_KEY);
    await world.order(THREE, "od_of_another");
    for (const _ of ["once", "again"]) {
      assert.deepEqual(await world.drifts(), [
        `orphan ${ONE}: report, reported`,
        `orphan ${TWO}: report, reported`,
      ]);
    }
    const { json } = await world.reconcile();
    assert.deepEqual(json.seen, { ours: 0, theirs: 3, agreed: 0, inFlight: 0, foreign: 1 });
    assert.equal(json.drifts[0].organization, "acme");
    await world.app.close();
  });

  test("is given back when so configured, if our own order brought it", async () => {
    const world = await openWorld(ORPHANS);
    await world.order(ONE, await ourOldKey(world, ONE));
    await world.order(TWO, NO_KEY);
    await world.order(THREE, "od_of_another");
    assert.deepEqual(await world.drifts(), [
      `orphan ${ONE}: releaseThere, done`,
      `orphan ${TWO}: report, reported`,
    ]);
    assert.equal(await world.orders.sale(ONE), null);
    assert.ok(await world.sale(TWO));
    assert.ok(await world.sale(THREE));
    await world.app.close();
  });

  test("is released though an organization here imported the number, which proves nothing", async () => {
    const world = await openWorld(ORPHANS);
    await world.order(ONE, await ourOldKey(world, ONE));
    const body = { e164: ONE, sipTrunkId: "trunk_1", sipProviderName: "Twilio", direction: "both" };
    const path = "/v1/phone-numbers/import";
    const imported = await world.app.request("POST", path, { token: world.token, body });
    assert.equal(imported.status, 200, JSON.stringify(imported.json));
    assert.deepEqual(await world.drifts(), [`orphan ${ONE}: releaseThere, done`]);
    assert.deepEqual(await world.list(), [ONE]);
    await world.app.close();
  });
});

describe("orphan that is to be adopted", () => {
  const ADOPT = { orphans: { kind: "adopt", into: "adopter" } } as const;

  test("becomes a number of the organization configured, on the terms of its order", async () => {
    const world = await openWorld(ADOPT);
    const adopter = await world.app.organization("adopter");
    await world.order(ONE, await ourOldKey(world, ONE));
    await world.order(THREE, "od_of_another");
    assert.deepEqual(await world.drifts(), [`orphan ${ONE}: adopt, done`]);
    assert.deepEqual(await world.drifts(), []);
    const { json } = await world.app.request("GET", "/ledger/numbers", { token: adopter });
    const [number] = json.numbers;
    assert.deepEqual(
      [number.e164, number.status, number.renewsAt],
      [ONE, "active", "2026-02-28T10:00:00Z"],
    );
    const released = { token: adopter };
    await world.app.request("DELETE", `/v1/phone-numbers/${number.id}`, released);
    assert.equal(await world.orders.sale(ONE), null);
    await world.app.close();
  });

  test("costs what the carrier asks for such a number when it was ordered without a key", async () => {
    const world = await openWorld(ADOPT);
    const adopter = await world.app.organization("adopter");
    const tollFree: E164 = "+18005550199";
    await world.order(ONE, NO_KEY);
    await world.order(tollFree, NO_KEY);
    assert.deepEqual(await world.drifts(), [
      `orphan ${ONE}: adopt, done`,
      `orphan ${tollFree}: adopt, done`,
    ]);
    await world.buy(TWO);
    const prices = async (token: string) => {
      const { json } = await world.app.request("GET", "/ledger/numbers", { token });
      return json.numbers.map(({ monthlyUsd }: { monthlyUsd: string }) => monthlyUsd);
    };
    const [local, free] = await prices(adopter);
    assert.deepEqual(await prices(world.token), [local]);
    assert.notEqual(free, local);
    await world.app.close();
  });

  test("stays when the organization cannot take it, and the report says why", async () => {
    const world = await openWorld(ADOPT);
    await world.order(ONE, NO_KEY);
    const { json } = await world.reconcile();
    const [{ outcome, why }] = json.drifts;
    assert.deepEqual([outcome, why], [
      "failed",
      "No organization has this id; the operator must open it first.",
    ]);
    assert.ok(await world.sale(ONE));
    await world.app.close();
  });
});

test("stuck purchase is taken a step further, and is not a drift within its hour", async () => {
  let heals = false;
  const world = await openWorld({}, (carrier) => ({
    ...carrier,
    findOrder: (key) =>
      heals
        ? carrier.findOrder(key)
        : Promise.resolve(failed({ kind: "unknown", message: "a storm" })),
  }));
  await world.buy("+14155550114");
  assert.deepEqual(await world.drifts(), []);
  world.clock.set(START + HOUR_MS + 1);
  assert.deepEqual(await world.drifts(), ["stuck +14155550114: continue, open"]);
  heals = true;
  assert.deepEqual(await world.drifts(), ["stuck +14155550114: continue, done"]);
  assert.deepEqual(await world.drifts(), []);
  await world.app.close();
});

test("stuck release is taken a step further", async () => {
  const world = await openWorld();
  const id = await world.buy("+14155550116");
  await world.app.request("DELETE", `/v1/phone-numbers/${id}`, { token: world.token });
  world.clock.set(START + HOUR_MS + 1);
  const first = await world.drifts();
  assert.match(first[0] ?? "", /^stuck \+14155550116: continue, (open|done)$/);
  while ((await world.drifts()).length > 0);
  assert.deepEqual(await world.list(), []);
  await world.app.close();
});
