/**
 * Reconciliation while others act, while the carrier fails, and when the process ends in the
 * middle.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Carrier, CarrierNumber, EventLog } from "../../core/ports/mod.ts";
import { RECONCILIATIONS, reconciliations } from "../../core/reconciliation/state.ts";
import { DAY_MS, HOUR_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { failed, ok } from "../../core/values/result.ts";
import {
  ONE,
  openWorld,
  ourOldKey,
  START,
  THREE,
  TWO,
  type World,
} from "../http/reconciliation-support.ts";
import { until } from "../support/eventually.ts";

const NUMBERS: readonly E164[] = [ONE, TWO, THREE, "+14155550104", "+14155550105"];

const release = async ({ app, token }: World, id: string): Promise<void> => {
  const { status } = await app.request("DELETE", `/v1/phone-numbers/${id}`, { token });
  assert.ok(status === 200 || status === 202, String(status));
};

/** The carrier forgets the number, without a notification here. */
const lose = async ({ orders, sale }: World, e164: E164): Promise<void> => {
  assert.equal(await orders.release(await sale(e164), 0), "released");
};

/** Numbers that the carrier connects elsewhere, without a notification here. */
const disconnectAll = async (world: World): Promise<void> => {
  for (const e164 of NUMBERS) {
    await world.buy(e164, "14");
    await world.orders.connect(await world.sale(e164), "15");
  }
};

/** All numbers, as the sandbox lists them. */
const allOf = async (carrier: Carrier): Promise<readonly CarrierNumber[]> => {
  const page = await carrier.inventory(null);
  assert.ok(page.ok && page.value.next === null);
  return page.value.numbers;
};

/** A carrier whose inventory shows one number a page, counted from the first one that is left. */
const byOffset = (meanwhile: () => Promise<void>) => (carrier: Carrier): Carrier => ({
  ...carrier,
  inventory: async (after) => {
    const offset = Number(after ?? 0);
    if (offset === 1) await meanwhile();
    const numbers = await allOf(carrier);
    const next = offset + 1 < numbers.length ? String(offset + 1) : null;
    return ok({ numbers: numbers.slice(offset, offset + 1), next });
  },
});

/** Something happens before the inventory is read, and something after. */
const around = (before: () => Promise<void>, after: () => Promise<void>) => (carrier: Carrier) => ({
  ...carrier,
  inventory: async (from: string | null) => {
    await before();
    const page = await carrier.inventory(from);
    await after();
    return page;
  },
});

describe("number that moves while the inventory is read", () => {
  test("is not a ghost when a page hid it because another one went", async () => {
    let meanwhile = async () => {};
    const world = await openWorld({}, byOffset(() => meanwhile()));
    const first = await world.buy(ONE);
    await world.buy(TWO);
    await world.buy(THREE);
    meanwhile = () => release(world, first);
    const { json } = await world.reconcile();
    assert.deepEqual(json.drifts, []);
    assert.deepEqual(json.seen, { ours: 2, theirs: 2, agreed: 1, inFlight: 2, foreign: 0 });
    assert.deepEqual(await world.list(), [TWO, THREE]);
    await world.app.close();
  });

  test("is not a drift when it is bought or released before or after the carrier answers", async () => {
    const acts = { before: async () => {}, after: async () => {} };
    const world = await openWorld(
      { orphans: { kind: "release" } },
      around(() => acts.before(), () => acts.after()),
    );
    for (const when of ["before", "after"] as const) {
      acts[when] = async () => void await world.buy(ONE);
      assert.deepEqual(await world.drifts(), [], `bought ${when}`);
      acts[when] = async () => {};
      const { reports: [bought] } = await world.app.ledger.reconciliation.list({ limit: 1 });
      assert.equal(bought?.seen.inFlight, 1);
      assert.deepEqual(await world.list(), [ONE]);
      const { json: [{ id }] } = await world.app.request("GET", "/v1/phone-numbers", world);
      acts[when] = () => release(world, id);
      assert.deepEqual(await world.drifts(), [], `released ${when}`);
      acts[when] = async () => {};
      assert.deepEqual(await world.list(), []);
    }
    await world.app.close();
  });

  test("is given back though an organization imports it: the carrier proves that it does not have it", async () => {
    const world = await openWorld({ orphans: { kind: "release" } }, (carrier) => ({
      ...carrier,
      // The last moment before our side is read again.
      findNumber: async (e164) => {
        const found = await carrier.findNumber(e164);
        const via = { sipTrunk: "trunk_1" };
        await world.app.ledger.import({ organization: "acme", actor: { kind: "operator" } }, {
          e164,
          via,
        });
        return found;
      },
    }));
    await world.order(ONE, await ourOldKey(world, ONE));
    assert.deepEqual(await world.drifts(), [`orphan ${ONE}: releaseThere, done`]);
    await assert.rejects(world.sale(ONE), /is not sold/);
    await world.app.close();
  });
});

describe("carrier that fails while drifts are repaired", () => {
  const outcomes = async (kind: "unreachable" | "unknown") => {
    const world = await openWorld({}, (carrier) => ({
      ...carrier,
      findNumber: () => Promise.resolve(failed({ kind, message: "a storm" })),
    }));
    await disconnectAll(world);
    const { status, json } = await world.reconcile();
    assert.deepEqual(await world.list(), NUMBERS);
    const { drifts, broken } = json.reconciliation;
    assert.deepEqual(broken, { kind, message: "a storm" });
    const results = drifts.map(({ outcome, why }: Record<string, unknown>) => [outcome, why]);
    const { reports } = await world.app.ledger.reconciliation.list();
    assert.equal(reports[0]?.broken?.kind, kind);
    await world.app.close();
    return { status, results };
  };
  const fails = ["failed", "a storm"];
  const skipped = ["skipped", null];

  test("is asked no more when it cannot be reached, and the report says what was left", async () => {
    const { status, results } = await outcomes("unreachable");
    assert.equal(status, 503);
    assert.deepEqual(results, [fails, skipped, skipped, skipped, skipped]);
  });

  test("is asked about the others when it says no to some", async () => {
    const world = await openWorld({}, (carrier) => ({
      ...carrier,
      findNumber: (e164) =>
        e164 === NUMBERS[4]
          ? carrier.findNumber(e164)
          : Promise.resolve(failed({ kind: "refused", message: "No." })),
    }));
    await disconnectAll(world);
    const { status, json } = await world.reconcile();
    assert.equal(status, 200);
    const results = json.drifts.map(({ outcome }: { outcome: string }) => outcome);
    assert.deepEqual(results, ["failed", "failed", "failed", "failed", "done"]);
    const connections = NUMBERS.map(async (e164) => (await world.sale(e164)).connectionId);
    assert.deepEqual(await Promise.all(connections), ["15", "15", "15", "15", "14"]);
    await world.app.close();
  });

  test("is asked no more after three unknown outcomes", async () => {
    const { status, results } = await outcomes("unknown");
    assert.equal(status, 502);
    assert.deepEqual(results, [fails, fails, fails, skipped, skipped]);
  });
});

describe("carrier whose inventory cannot be read", () => {
  test("counts as failing when the pages of its inventory lead back", async () => {
    const world = await openWorld({}, (carrier) => ({
      ...carrier,
      inventory: async () => ok({ numbers: [], next: "again" }),
    }));
    const { status, json } = await world.reconcile();
    assert.deepEqual([status, json.code], [502, "CARRIER_FAILED"]);
    await world.app.close();
  });

  test("is asked again automatically in an hour", async () => {
    let heals = false;
    const world = await openWorld({}, (carrier) => ({
      ...carrier,
      inventory: (after) =>
        heals
          ? carrier.inventory(after)
          : Promise.resolve(failed({ kind: "unreachable", message: "a storm" })),
    }));
    await world.reconcile();
    heals = true;
    await world.app.advance(HOUR_MS / 1_000);
    const { reports } = await world.app.ledger.reconciliation.list();
    const results = reports.map(({ finishedAt, broken }) => [finishedAt - START, broken?.kind]);
    assert.deepEqual(results, [[HOUR_MS, undefined], [0, "unreachable"]]);
    await world.app.close();
  });
});

/** A log that takes `appends` more appends and then fails, as for a process that was killed. */
const crashing = (log: EventLog, appends: number): EventLog => {
  let left = appends;
  const alive = <Value>(call: () => Promise<Value>): Promise<Value> =>
    left < 0 ? Promise.reject(new Error("the process has ended")) : call();
  return {
    ...log,
    append: (input) => {
      left--;
      return alive(() => log.append(input));
    },
    load: (...asked) => alive(() => log.load(...asked)),
  };
};

test("reconciliation that ends in the middle leaves nothing half done, wherever it ends", async () => {
  let crashes = 0;
  for (let point = 0;; point++) {
    const log = openMemoryLog();
    let play: EventLog = log;
    const shared: EventLog = {
      ...log,
      append: (input) => play.append(input),
      load: (...asked) => play.load(...asked),
    };
    const world = await openWorld({ log: shared, orphans: { kind: "adopt", into: "acme" } });
    await world.order(ONE, await ourOldKey(world, ONE));
    await world.buy(TWO);
    await world.buy(THREE, "14");
    await lose(world, TWO);
    await world.orders.connect(await world.sale(THREE), "15");
    play = crashing(log, point);
    const { status } = await world.reconcile();
    if (status === 200) break;
    crashes++;
    // A process that starts again has nothing but the log.
    play = log;
    await world.app.ledger.work.run();
    await world.drifts();
    assert.deepEqual(await world.drifts(), []);
    assert.deepEqual((await world.list()).toSorted(), [ONE, THREE]);
    assert.equal((await world.sale(THREE)).connectionId, "14");
    await assert.rejects(world.app.close(), AggregateError);
  }
  // The ghost's release begins and ends, the orphan is adopted, the report is written.
  assert.equal(crashes, 4);
});

test("daily reconciliation keeps nobody waiting, and ends when the ledger is closed", async () => {
  let asked = 0;
  const world = await openWorld({ runsAutomations: true, recoveryMs: 10 }, (carrier) => ({
    ...carrier,
    inventory: () => {
      asked++;
      return new Promise(() => {});
    },
  }));
  const id = await world.buy("+14155550116");
  const needs = { rows: [{ kind: reconciliations.kind, key: "sandbox" }] };
  const isListed = async () => (await world.log.load(RECONCILIATIONS, needs)).rows.length > 0;
  await until(isListed);
  world.clock.set(START + DAY_MS);
  await until(() => asked > 0);
  // Released only at the third attempt, of which the worker makes at least one.
  await release(world, id);
  await until(async () => (await world.list()).length === 0);
  assert.equal(asked, 1);
  await world.app.close();
});

test("reconciliation ends when the ledger is closed, between two pages", async () => {
  const world = await openWorld({}, (carrier) => ({
    ...carrier,
    inventory: () => new Promise(() => {}),
  }));
  const asked = world.app.ledger.reconciliation.run();
  const refused = assert.rejects(asked, /closed/);
  await world.app.close();
  await refused;
});
