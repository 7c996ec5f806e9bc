/** The operator has an item of work tried now, and gives up what does not come to an end. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import { failed, ok } from "../../core/values/result.ts";
import { callerOf } from "../properties/runs.ts";
import { ADMIN_TOKEN, openTestApp, type TestApp } from "../support/app.ts";
import { eventually } from "../support/eventually.ts";
import { everyLog } from "../support/logs.ts";

const LOGS = everyLog();

type Item = { readonly organization: string | null; readonly kind: string; readonly id: string };

const run = (app: TestApp, body: Item, headers: Readonly<Record<string, string>> = {}) =>
  app.request("POST", "/admin/work/run", { token: ADMIN_TOKEN, body, headers });

const end = (app: TestApp, id: string) =>
  app.request("DELETE", `/admin/numbers/${id}`, { token: ADMIN_TOKEN });

const START = "2026-01-31T10:00:00Z";
const E164 = "+14155550101";
const CUT = "The line is cut.";

/** A sandbox whose releases fail as long as `isCut`, and which confirms no order while `isSlow`. */
const openWorld = async (log: EventLog = openMemoryLog()) => {
  const clock = openTestClock(Date.parse(START));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const { cancel: _, ...others } = sandbox;
  const state = { isCut: true, isSlow: false, isDoubted: false };
  const app = openTestApp({
    log,
    carrier: {
      ...others,
      order: async (request) => {
        const placed = await sandbox.order(request);
        return state.isSlow ? ok({ status: "pending" }) : placed;
      },
      findOrder: async (...asked) =>
        state.isSlow ? ok({ status: "pending" }) : await sandbox.findOrder(...asked),
      release: async (number) =>
        state.isCut ? failed({ kind: "unreachable", message: CUT }) : await sandbox.release(number),
    },
    clock: { ...clock, doubt: () => state.isDoubted ? { why: "jumped", by: 1 } as never : null },
    setClock: clock.set,
    reconcilesDaily: false,
    runsAutomations: false,
    waitMs: 200,
  });
  await app.organization("acme", "Scale");
  await app.organization("bolt", "Scale");
  const buy = async (): Promise<string> => {
    const bought = await app.ledger.purchase(callerOf("acme"), { e164: E164 });
    assert.ok(bought.ok);
    return bought.value.number.holding.id;
  };
  return { app, clock, state, buy };
};

for (const [name, open] of Object.entries(LOGS)) {
  test(`work that rests is tried when the operator says so, on ${name}`, async () => {
    const { app, state, buy } = await openWorld(await open());
    const id = await buy();
    assert.equal((await end(app, id)).status, 202);
    const item = { organization: "acme", kind: "number", id };
    // The call that ended it may still be trying.
    const tried = await eventually(() => run(app, item), ({ json }) => json.reason === CUT);
    assert.equal(tried.json.outcome, "open");
    const { work: [listed] } = await app.admin("GET", "/admin/work");
    assert.deepEqual([listed.id, listed.reason], [id, CUT]);
    state.isCut = false;
    // As it is listed.
    // An earlier try that went on may do it first.
    const isDone = ({ json }: Awaited<ReturnType<typeof run>>) =>
      json.outcome === "done" || json.code === "WORK_UNKNOWN";
    await eventually(() => run(app, listed), isDone);
    assert.deepEqual((await app.admin("GET", "/admin/work")).work, []);
    assert.equal((await run(app, item)).json.code, "WORK_UNKNOWN");
    assert.equal((await end(app, id)).json.code, "NUMBER_UNKNOWN");
    await app.close();
  });
}

test("no work has the name of what is not due, of another organization's, or of nothing", async () => {
  const { app, buy } = await openWorld();
  const id = await buy();
  const items: readonly Item[] = [
    { organization: "acme", kind: "number", id },
    { organization: "bolt", kind: "number", id },
    { organization: null, kind: "number", id },
    { organization: "nobody", kind: "number", id },
    { organization: "acme", kind: "constructor", id },
    { organization: "acme", kind: "organization", id: "self" },
  ];
  const before = await app.admin("GET", "/admin/heads");
  for (const item of items) {
    const { status, json } = await run(app, item);
    assert.deepEqual([status, json.code], [404, "WORK_UNKNOWN"], JSON.stringify(item));
  }
  assert.deepEqual(await app.admin("GET", "/admin/heads"), before);
  await app.close();
});

describe("a renewal that is due", () => {
  test("is made when the operator says so, once", async () => {
    const { app, clock, buy } = await openWorld();
    const item = { organization: "acme", kind: "number", id: await buy() };
    clock.set(Date.parse("2026-02-28T10:00:00Z"));
    const [first, second] = await Promise.all([run(app, item), run(app, item)]);
    assert.ok([first, second].some(({ json }) => json.outcome === "done"));
    const { events } = await app.admin("GET", `/admin/numbers/${item.id}/history`);
    assert.equal(events.filter(({ type }: { type: string }) => type === "Renewed").length, 1);
    await app.close();
  });

  test("waits while the clock is doubted, also where the operator asks for it", async () => {
    const { app, clock, state, buy } = await openWorld();
    const item = { organization: "acme", kind: "number", id: await buy() };
    clock.set(Date.parse("2026-02-28T10:00:00Z"));
    state.isDoubted = true;
    assert.deepEqual((await run(app, item)).json, {
      outcome: "open",
      reason: "The clock is doubted.",
    });
    state.isDoubted = false;
    assert.equal((await run(app, item)).json.outcome, "done");
    await app.close();
  });
});

test("a key that comes again tries what is still open, and not what is done", async () => {
  const { app, state, buy } = await openWorld();
  const id = await buy();
  await end(app, id);
  const item = { organization: "acme", kind: "number", id };
  const key = { "idempotency-key": "run-1" };
  assert.equal((await run(app, item, key)).json.outcome, "open");
  state.isCut = false;
  await eventually(() => run(app, item, key), ({ json }) => json.outcome === "done");
  const again = await run(app, item, key);
  assert.equal(again.json.outcome, "done");
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  await app.close();
});

test("the operator gives a purchase up once its carrier has answered, and ends a number", async () => {
  const { app, state } = await openWorld();
  Object.assign(state, { isSlow: true, isCut: false });
  const bought = await app.ledger.purchase(callerOf("acme"), { e164: E164 });
  assert.ok(bought.ok);
  const { id } = bought.value.number.holding;
  const { status, json } = await end(app, id);
  assert.deepEqual([status, json.code], [409, "PURCHASE_IN_PROGRESS"]);
  state.isSlow = false;
  assert.equal((await run(app, { organization: "acme", kind: "number", id })).json.outcome, "done");
  const ended = await end(app, id);
  assert.deepEqual([ended.status, ended.json], [200, { released: true }]);
  assert.deepEqual(await app.ledger.numbers.list(callerOf("acme")), []);
  await app.close();
});

test("the operator gives up a purchase that its carrier can cancel", async () => {
  const app = openTestApp({ waitMs: 200, reconcilesDaily: false, runsAutomations: false });
  await app.organization("acme", "Scale");
  const bought = await app.ledger.purchase(callerOf("acme"), { e164: "+14155559001" });
  assert.ok(bought.ok);
  const { id, stage } = bought.value.number.holding as { id: string; stage: { status: string } };
  assert.equal(stage.status, "purchasing");
  assert.ok([200, 202].includes((await end(app, id)).status));
  await app.advance(600);
  assert.deepEqual(await app.ledger.numbers.list(callerOf("acme")), []);
  await app.close();
});
