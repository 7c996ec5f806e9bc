/** Reconciliations as the operator asks for them, over drifts that are made by hand. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RECONCILIATIONS } from "../../core/reconciliation/state.ts";
import { DAY_MS, HOUR_MS } from "../../core/values/calendar.ts";
import { failed } from "../../core/values/result.ts";
import { ADMIN_TOKEN } from "../support/app.ts";
import { NO_KEY, ONE, openWorld, ourOldKey, START, THREE, TWO } from "./reconciliation-support.ts";

const token = ADMIN_TOKEN;
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

describe("orphan", () => {
  test("is reported and left alone when nothing else is configured", async () => {
    const world = await openWorld();
    await world.order(ONE, await ourOldKey(world, ONE));
    await world.order(TWO, NO_KEY);
    await world.order(THREE, "od_somebody_elses");
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
    await world.order(THREE, "od_somebody_elses");
    assert.deepEqual(await world.drifts(), [
      `orphan ${ONE}: releaseThere, done`,
      `orphan ${TWO}: report, reported`,
    ]);
    assert.equal(await world.orders.sale(ONE), null);
    assert.ok(await world.sale(TWO));
    assert.ok(await world.sale(THREE));
    await world.app.close();
  });

  test("is kept when somebody here imported the number", async () => {
    const world = await openWorld(ORPHANS);
    await world.order(ONE, await ourOldKey(world, ONE));
    const body = { e164: ONE, sipTrunkId: "tr_1", sipProviderName: "Twilio", direction: "both" };
    const path = "/v1/phone-numbers/import";
    const imported = await world.app.request("POST", path, { token: world.token, body });
    assert.equal(imported.status, 200, JSON.stringify(imported.json));
    assert.deepEqual(await world.drifts(), [`orphan ${ONE}: releaseThere, failed`]);
    assert.ok(await world.sale(ONE));
    await world.app.close();
  });
});

test("stuck purchase is taken a step further, and is no drift within its hour", async () => {
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

describe("POST /admin/reconciliations", () => {
  test("takes the carrier's name, and refuses a body that says anything else", async () => {
    const world = await openWorld();
    assert.equal((await world.reconcile({ carrier: "sandbox" })).status, 200);
    assert.equal((await world.reconcile({})).status, 200);
    for (
      const [body, field] of [
        [{ carrier: "telnyx" }, "carrier"],
        [{ carrier: "twilio" }, "carrier"],
        [{ carier: "sandbox" }, "carier"],
        [null, "body"],
      ] as const
    ) {
      const { status, json } = await world.reconcile(body);
      assert.equal(status, 400, JSON.stringify(body));
      assert.deepEqual(Object.keys(json.errors), [field]);
    }
    const path = "/admin/reconciliations";
    assert.equal((await world.app.request("POST", path, { token: world.token })).status, 401);
    await world.app.close();
  });

  test("answers 409 while another one is under way", async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => letGo = resolve);
    const world = await openWorld({}, (carrier) => ({
      ...carrier,
      inventory: async (after) => {
        await held;
        return await carrier.inventory(after);
      },
    }));
    const first = world.reconcile();
    const second = await world.reconcile();
    assert.deepEqual([second.status, second.json.code], [409, "RECONCILIATION_RUNNING"]);
    letGo();
    assert.equal((await first).status, 200);
    assert.equal((await world.reconcile()).status, 200);
    await world.app.close();
  });

  test("answers 503 or 502 with how far it came when the carrier fails", async () => {
    for (
      const [kind, status] of [["unreachable", 503], ["unknown", 502], ["refused", 502]] as const
    ) {
      const world = await openWorld({}, (carrier) => ({
        ...carrier,
        inventory: () => Promise.resolve(failed({ kind, message: "a storm" })),
      }));
      await world.buy(ONE);
      const answer = await world.reconcile();
      assert.equal(answer.status, status);
      assert.match(answer.json.detail, /broke off: a storm/);
      assert.deepEqual(answer.json.reconciliation.broken, { kind, message: "a storm" });
      assert.deepEqual(await world.list(), [ONE]);
      await world.app.close();
    }
  });
});

describe("GET /admin/reconciliations", () => {
  test("lists the latest first, page by page", async () => {
    const world = await openWorld();
    const ids: string[] = [];
    for (let run = 0; run < 5; run++) ids.unshift((await world.reconcile()).json.id);
    const list = async (query: string) => {
      const path = `/admin/reconciliations${query}`;
      const { status, json } = await world.app.request("GET", path, { token });
      assert.equal(status, 200);
      return { ids: json.reconciliations.map(({ id }: { id: string }) => id), next: json.next };
    };
    assert.deepEqual(await list(""), { ids, next: null });
    const first = await list("?limit=2");
    assert.deepEqual(first, { ids: ids.slice(0, 2), next: 4 });
    const second = await list(`?limit=2&before=${first.next}`);
    assert.deepEqual(second, { ids: ids.slice(2, 4), next: 2 });
    assert.deepEqual(await list("?limit=2&before=2"), { ids: ids.slice(4), next: null });
    assert.deepEqual(await list("?before=1"), { ids: [], next: null });
    await world.app.close();
  });

  test("answers 400 when the page is none", async () => {
    const world = await openWorld();
    for (const query of ["limit=0", "limit=101", "limit=x", "before=0", "before=-1"]) {
      const path = `/admin/reconciliations?${query}`;
      const { status, json } = await world.app.request("GET", path, { token });
      assert.equal(status, 400, query);
      assert.deepEqual(Object.keys(json.errors), [query.split("=")[0]]);
    }
    await world.app.close();
  });
});

test("log of reconciliations is no organization: it is not found, and cannot be opened", async () => {
  const world = await openWorld();
  await world.reconcile();
  const path = `/admin/organizations/${encodeURIComponent(RECONCILIATIONS)}`;
  const found = await world.app.request("GET", path, { token });
  assert.equal(found.status, 404);
  const body = { name: "Acme", plan: "Growth" };
  const opened = await world.app.request("PUT", path, { token, body });
  assert.deepEqual([opened.status, opened.json.code], [409, "ORGANIZATION_RESERVED"]);
  const user = { email: "a@example.com", name: "Al" };
  const issued = await world.app.request("POST", `${path}/tokens`, { token, body: user });
  assert.equal(issued.status, 404);
  await world.app.close();
});

test("reconciliation runs by itself every day, once however long the clock stood still", async () => {
  const world = await openWorld();
  await world.app.ledger.work.run();
  const times = async () => {
    const { reports } = await world.app.ledger.reconciliation.list();
    return reports.map(({ finishedAt }) => (finishedAt - START) / DAY_MS);
  };
  assert.deepEqual(await times(), []);
  await world.app.advance(3 * DAY_MS / 1_000);
  assert.deepEqual(await times(), [3, 2, 1]);
  world.clock.set(START + 10.5 * DAY_MS);
  await world.app.ledger.work.run();
  assert.deepEqual(await times(), [10.5, 3, 2, 1]);
  await world.app.close();
});
