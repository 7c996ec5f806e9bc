/** The operator sees what automations have to do: what is due, stuck or resting, and why. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { failed } from "../../core/values/result.ts";
import { callerOf } from "../properties/runs.ts";
import { ADMIN_TOKEN, openTestApp, type TestApp } from "../support/app.ts";
import { eventually } from "../support/eventually.ts";
import { everyLog } from "../support/logs.ts";

const workOf = async (app: TestApp, query = "") => {
  const { status, json } = await app.request("GET", `/admin/work${query}`, { token: ADMIN_TOKEN });
  assert.equal(status, 200, JSON.stringify(json));
  return json;
};

const LOGS = everyLog();

/** Buys these numbers on a plan of subscriptions, so that each is renewed after a month. */
const bought = async (app: TestApp, count: number): Promise<readonly string[]> => {
  await app.organization("acme", "Scale");
  const ids: string[] = [];
  for (let made = 1; made <= count; made += 1) {
    const e164 = `+1415555020${made}` as const;
    const result = await app.ledger.purchase(callerOf("acme"), { e164 });
    assert.ok(result.ok, JSON.stringify(result));
    ids.push(result.value.number.holding.id);
    await app.advance(60);
  }
  return ids;
};

for (const [name, open] of Object.entries(LOGS)) {
  describe(`work on ${name}`, () => {
    test("that falls due is listed by its time, each item once, in pages of any size", async () => {
      const app = openTestApp({ log: await open(), reconcilesDaily: false });
      const ids = await bought(app, 4);
      assert.deepEqual(await workOf(app), { work: [], next: null });
      for (const limit of [1, 2, 3, 4, 100]) {
        const rows: { readonly id: string }[] = [];
        for (let after = ""; after !== "end";) {
          const page = await workOf(app, `?until=2026-03-01&limit=${limit}${after}`);
          rows.push(...page.work);
          after = page.next === null ? "end" : `&after=${page.next}`;
        }
        assert.deepEqual(rows.map(({ id }) => id), ids, `in pages of ${limit}`);
      }
      const { work: [first] } = await workOf(app, "?until=2026-03-01");
      assert.deepEqual(first, {
        organization: "acme",
        automation: "renewals",
        kind: "number",
        id: ids[0],
        // Notice of the month's end falls due first.
        due: "2026-02-25T10:00:00Z",
        ageSeconds: 0,
        stuck: false,
        restsSeconds: null,
        reason: null,
      });
      await app.close();
    });
  });
}

test("work that no server does is stuck once it has been due for more than an hour", async () => {
  const log = openMemoryLog();
  const first = openTestApp({ log, runsAutomations: false, reconcilesDaily: false });
  const [id] = await bought(first, 1);
  const later = openTestApp({
    log,
    runsAutomations: false,
    reconcilesDaily: false,
    at: "2026-02-25T11:00:00Z",
  });
  assert.deepEqual((await workOf(later, "?state=stuck")).work, []);
  const { work: [due] } = await workOf(later);
  assert.deepEqual([due.id, due.ageSeconds, due.stuck, due.reason], [id, 3_600, false, null]);
  const last = openTestApp({
    log,
    runsAutomations: false,
    reconcilesDaily: false,
    at: "2026-02-25T11:00:01Z",
  });
  const { work: [stuck] } = await workOf(last, "?state=stuck");
  assert.deepEqual([stuck.id, stuck.ageSeconds, stuck.stuck], [id, 3_601, true]);
  assert.deepEqual((await workOf(last, "?state=resting")).work, []);
  for (const app of [first, later, last]) await app.close();
});

test("work that was tried in vain says why, and for how long it is left alone", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const app = openTestApp({
    carrier: {
      ...sandbox,
      release: () => Promise.resolve(failed({ kind: "unreachable", message: "The line is cut." })),
    },
    clock,
    setClock: clock.set,
    reconcilesDaily: false,
    waitMs: 100,
  });
  const [id] = await bought(app, 1);
  assert.ok(id);
  const released = await app.ledger.release(callerOf("acme"), id);
  assert.deepEqual(released, { ok: true, value: { released: false } });
  const { work: [item] } = await eventually(
    () => workOf(app, "?state=resting"),
    ({ work }) => work.length > 0,
  );
  assert.deepEqual(
    [item.automation, item.organization, item.id, item.stuck, item.reason],
    ["releasing", "acme", id, false, "The line is cut."],
  );
  assert.ok(item.restsSeconds > 0, JSON.stringify(item));
  await app.close();
});
