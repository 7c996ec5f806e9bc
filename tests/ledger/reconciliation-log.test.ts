/**
 * What reconciliation leaves in its log, and how often it is tried again when it cannot write
 * there.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { RECONCILIATIONS, reconciliations } from "../../core/reconciliation/state.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import { ONE, openWorld, ourOldKey, START } from "../http/reconciliation-support.ts";
import { until } from "../support/eventually.ts";
import { pause } from "../support/pause.ts";

test("orphan is in the log before the carrier is asked to take it back", async () => {
  const asked: string[] = [];
  let isOrphan = false;
  const world = await openWorld({ orphans: { kind: "release" } }, (carrier) => ({
    ...carrier,
    release: async (number) => {
      if (!isOrphan) return await carrier.release(number);
      const { e164, carrierId } = number;
      const [last] = (await world.log.events(RECONCILIATIONS, 0, 100)).toReversed();
      assert.deepEqual(last?.data, { carrier: "sandbox", e164, carrierId });
      asked.push(last.type);
      return await carrier.release(number);
    },
  }));
  await world.order(ONE, await ourOldKey(world, ONE));
  isOrphan = true;
  assert.deepEqual(await world.drifts(), [`orphan ${ONE}: releaseThere, done`]);
  assert.deepEqual(asked, ["OrphanReleaseStarted"]);
  await world.drifts();
  const { list } = world.app.ledger.reconciliation;
  const whole = await list({ limit: 2 });
  assert.equal(whole.reports.length, 2, "what else the log has counts for nothing");
  const first = await list({ limit: 1 });
  const second = await list({ limit: 1, before: first.next ?? 0 });
  assert.deepEqual([...first.reports, ...second.reports], whole.reports);
  await world.app.close();
});

test("reconciliation that dies in the end is tried again less and less often", async () => {
  let asked = 0;
  let dies = false;
  const log = openMemoryLog();
  const world = await openWorld({
    runsAutomations: true,
    recoveryMs: 5,
    report: () => {},
    log: {
      ...log,
      append: (input) =>
        dies && input.organization === RECONCILIATIONS
          ? Promise.reject(new Error("the disk is full"))
          : log.append(input),
    },
  }, (carrier) => ({
    ...carrier,
    inventory: (after) => {
      asked++;
      return carrier.inventory(after);
    },
  }));
  const needs = { rows: [{ kind: reconciliations.kind, key: "sandbox" }] };
  await until(async () => (await log.load(RECONCILIATIONS, needs)).rows.length > 0);
  dies = true;
  world.clock.set(START + DAY_MS);
  const second = pause(1_000, "the worker would go on with what failed, were it to");
  await until(() => asked >= 2);
  await second;
  // A round every 5 ms would be 100 and more; each rest is a quarter of the time so far.
  assert.ok(asked < 40, `the inventory was read ${asked} times`);
  dies = false;
  await world.app.close();
});

test("a daily reconciliation that another server has done is not done once more", async () => {
  const log = openMemoryLog();
  const item = {
    organization: RECONCILIATIONS,
    kind: reconciliations.kind,
    key: "sandbox",
    automation: "reconciling",
    due: 0,
  };
  const world = await openWorld({
    log: {
      ...log,
      due: async (at, limit, after) => [
        ...after === undefined ? [item] : [],
        ...await log.due(at, limit, after),
      ],
    },
  });
  assert.equal(await world.app.ledger.work.run(), 1);
  const { reports } = await world.app.ledger.reconciliation.list();
  assert.deepEqual(reports, []);
  await world.app.close();
});

test("a daily reconciliation is one piece of work, which is then done", async () => {
  const world = await openWorld();
  await world.buy(ONE);
  await world.app.advance(1);
  world.clock.set(START + 2 * DAY_MS);
  assert.equal(await world.app.ledger.work.run(), 1);
  assert.equal(await world.app.ledger.work.run(), 0);
  const { reports } = await world.app.ledger.reconciliation.list();
  assert.deepEqual(reports.map(({ finishedAt }) => finishedAt), [START + 2 * DAY_MS]);
  await world.app.close();
});
