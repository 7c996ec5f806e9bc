/** What is searched for again within seconds is answered by what was found. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Caller, Ledger } from "../../adapters/ledger/mod.ts";
import { appended } from "../support/appended.ts";
import type { Carrier, EventLog, SearchFilters } from "../../core/ports/mod.ts";
import { openTestApp } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";

const FILTERS: SearchFilters = { country: "US", type: "local", areaCode: "415", limit: 5 };

const open = async (options: Parameters<typeof openTestApp>[0] = {}) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const log = openMemoryLog();
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  let calls = 0;
  let held: Promise<void> = Promise.resolve();
  const search: Carrier["search"] = async (filters) => {
    calls += 1;
    await held;
    return await sandbox.search(filters);
  };
  const carrier = { ...sandbox, search };
  const app = openTestApp({ carrier, log, clock, setClock: clock.set, ...options });
  after(() => app.close());
  const caller = async (id: string): Promise<Caller> =>
    await app.ledger.authenticate(await app.organization(id)) ?? assert.fail();
  return {
    app,
    log,
    calls: () => calls,
    hold: () => {
      const { opened, open: release } = gate();
      held = opened;
      return release;
    },
    one: await caller("one"),
    two: await caller("two"),
  };
};

const found = async (ledger: Ledger, caller: Caller, filters: SearchFilters = FILTERS) => {
  const answer = await ledger.search(caller, filters);
  if (!answer.ok) return assert.fail(answer.error.code);
  return answer.value.offers.map(({ e164 }) => e164);
};

test("the same search is made once for many, who all get what it found", async () => {
  const { app: { ledger }, one, two, calls, hold } = await open();
  const release = hold();
  const asked = [one, two, one, two].map((caller) => found(ledger, caller));
  release();
  const [first, ...others] = await Promise.all(asked);
  assert.equal(first?.length, 5);
  for (const other of others) assert.deepEqual(other, first);
  assert.deepEqual(await found(ledger, two), first);
  assert.equal(calls(), 1);
});

test("another search is made separately", async () => {
  const { app: { ledger }, one, calls } = await open();
  await found(ledger, one);
  for (const filters of [{ areaCode: "212" }, { limit: 4 }, { type: "tollFree" } as const]) {
    const { areaCode: _, ...rest } = FILTERS;
    await found(ledger, one, { ...(filters.type === undefined ? FILTERS : rest), ...filters });
  }
  assert.equal(calls(), 4);
});

test("each organization has the offers in its log, once, and buys at their price", async () => {
  const { app: { ledger }, log, one, two } = await open();
  const [first = assert.fail()] = await found(ledger, one);
  for (let count = 0; count < 20; count++) await found(ledger, two);
  for (const { organization } of [one, two]) {
    assert.equal(await appended(log, organization, "NumberSearched"), 1, organization);
  }
  assert.ok((await ledger.purchase(two, { e164: first })).ok);
});

test("a number that was bought is offered no more", async () => {
  const { app: { ledger }, one, two, calls } = await open();
  const [first = assert.fail()] = await found(ledger, one);
  assert.ok((await ledger.purchase(two, { e164: first })).ok);
  assert.ok(!(await found(ledger, one)).includes(first));
  assert.equal(calls(), 2);
});

test("a search that was under way while a number was bought is kept for nobody", async () => {
  const { app: { ledger }, one, two, calls, hold } = await open();
  const [first = assert.fail()] = await found(ledger, one, { ...FILTERS, limit: 4 });
  const release = hold();
  const early = found(ledger, one);
  await until(() => calls() === 2);
  assert.ok((await ledger.purchase(two, { e164: first })).ok);
  const late = found(ledger, two);
  release();
  await early;
  assert.ok(!(await late).includes(first));
  assert.ok(!(await found(ledger, one)).includes(first));
  assert.equal(calls(), 3);
});

test("what was found is forgotten once the time is over, by either clock", async () => {
  const { app, one, calls } = await open();
  await found(app.ledger, one);
  await app.advance(6);
  await found(app.ledger, one);
  assert.equal(calls(), 2);
  const never = await open({ searchCacheMs: 0 });
  await found(never.app.ledger, never.one);
  await found(never.app.ledger, never.one);
  assert.equal(never.calls(), 2);
});

test("what callers do with their offers is nobody else's matter", async () => {
  const { app: { ledger }, one, two } = await open();
  for (const caller of [one, two]) {
    const answer = await ledger.search(caller, FILTERS);
    assert.ok(answer.ok);
    const [offer] = answer.value.offers;
    Object.assign(offer ?? assert.fail(), { monthly: { micros: 0, currency: "USD" } });
  }
  const answer = await ledger.search(one, FILTERS);
  assert.ok(answer.ok);
  assert.notEqual(answer.value.offers[0]?.monthly.micros, 0);
});

test("a search that failed is asked again", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  let fails = true;
  const search: Carrier["search"] = (filters) =>
    fails ? Promise.reject(new Error("a storm")) : sandbox.search(filters);
  const { app: { ledger }, one } = await open({ carrier: { ...sandbox, search } });
  assert.equal((await ledger.search(one, FILTERS)).ok, false);
  fails = false;
  assert.equal((await ledger.search(one, FILTERS)).ok, true);
});

test("many who want a search that fails meanwhile ask one after the other", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const failed = gate();
  const limits: number[] = [];
  const search: Carrier["search"] = async (filters) => {
    limits.push(filters.limit);
    if (limits.length > 1) return await sandbox.search(filters);
    await failed.opened;
    throw new Error("a storm");
  };
  const { app: { ledger }, one, two } = await open({ carrier: { ...sandbox, search } });
  const first = ledger.search(one, FILTERS);
  const second = found(ledger, two);
  // It goes the same way, behind the second: once it is answered, the second waits for the first.
  await found(ledger, two, { ...FILTERS, limit: 4 });
  assert.deepEqual(limits, [5, 4]);
  failed.open();
  assert.equal((await first).ok, false);
  assert.equal((await second).length, 5);
  assert.deepEqual(limits, [5, 4, 5]);
});

test("the log is listened to from the first search until the ledger is closed", async () => {
  const log = openMemoryLog();
  let listeners = 0;
  const watch: EventLog["watch"] = (listener) => {
    const unwatch = log.watch(listener);
    listeners += 1;
    return () => {
      listeners -= 1;
      unwatch();
    };
  };
  const { app: { ledger }, one } = await open({ log: { ...log, watch }, runsAutomations: false });
  assert.equal(listeners, 0);
  await found(ledger, one);
  await found(ledger, one, { ...FILTERS, limit: 4 });
  assert.equal(listeners, 1);
  await ledger.close();
  assert.equal(listeners, 0);
});

test("where the log cannot be watched, the same is searched for each time", async () => {
  const { app: { ledger }, one, calls } = await open({
    log: {
      ...openMemoryLog(),
      watch: () => {
        throw new Error("a storm");
      },
    },
    report: () => {},
  });
  const first = await found(ledger, one);
  assert.deepEqual(await found(ledger, one), first);
  assert.equal(calls(), 2);
});
