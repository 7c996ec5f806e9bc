/** Dry runs: what a call would do is told, and nothing is done, asked or used up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock, type TestClock } from "../../adapters/clock/test.ts";
import { type Caller, type DryCall, type Ledger, openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, EventLog, Payments } from "../../core/ports/mod.ts";
import { ok } from "../../core/values/result.ts";
import { NO_LIMITS } from "../../core/values/plan.ts";
import { installTrunk } from "../harness/sip.ts";
import { attested } from "../harness/story/mod.ts";

const NUMBER = "+14155550101";
const PURCHASE: DryCall = { call: "purchase", input: { e164: NUMBER } };

const callerOf = (organization: string): Caller => ({
  organization,
  actor: { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice Johnson" },
});
const alice = callerOf("acme");

/** Calls by their names, each with how often it was made. */
const counting = <Port extends object>(port: Port, counts: Map<string, number>): Port =>
  Object.fromEntries(
    Object.entries(port).map(([name, member]) => [
      name,
      typeof member !== "function" ? member : (...given: unknown[]) => {
        counts.set(name, (counts.get(name) ?? 0) + 1);
        return member.apply(port, given);
      },
    ]),
  ) as Port;

/** A ledger in which every call of a port is counted. */
const open = async (
  plan = "Growth",
  changes: (log: EventLog) => Partial<EventLog> = () => ({}),
) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const counts = { log: new Map<string, number>(), carrier: new Map(), payments: new Map() };
  const memory = openMemoryLog();
  const log = counting<EventLog>({ ...memory, ...changes(memory) }, counts.log);
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const payments: Payments = counting({ ...includedPayments }, counts.payments);
  const ids = counting(openIds(clock), counts.log);
  const ledger = openLedger({
    log,
    carrier: counting<Carrier>(sandbox, counts.carrier),
    payments,
    clock,
    setClock: clock.set,
    ids,
    runsAutomations: false,
    notifier: { announce: ({ id }) => Promise.resolve(ok({ jobId: id })) },
    plans: {
      Growth: {
        name: "Growth",
        maxNumbers: 10,
        billing: "subscription",
        verification: "none",
        limits: { ...NO_LIMITS, purchasesPerDay: 1 },
      },
      Verified: {
        name: "Verified",
        maxNumbers: 10,
        billing: "subscription",
        verification: "approved",
        limits: NO_LIMITS,
      },
    },
  });
  await ledger.operator.open("acme", { name: "Acme", plan });
  await ledger.operator.open("umbrella", { name: "Umbrella", plan });
  return { ledger, log: memory, counts, clock };
};

test("a dry run of a purchase asks for the price alone: nothing is written, ordered, paid or named", async () => {
  const { ledger, log, counts } = await open();
  const before = await log.heads("", 10);
  for (const { log: calls } of [counts]) calls.clear();
  const told = await ledger.dryRun(alice, PURCHASE);
  assert.ok(told.ok, JSON.stringify(told));
  assert.deepEqual([...counts.carrier.keys()].toSorted(), ["quote", "requirements"]);
  assert.deepEqual([...counts.payments.keys()], []);
  assert.deepEqual([...counts.log.keys()], ["load"]);
  // Nor has the installation, which the first purchase names, a name.
  assert.deepEqual(await log.heads("", 10), before);
  await ledger.close();
});

test("a dry run asks the carrier nothing where a search has just offered the number", async () => {
  const { ledger, counts } = await open();
  const filters = { country: "US", type: "local", areaCode: "415", limit: 20 } as const;
  const found = await ledger.search(alice, filters);
  const e164 = (found.ok ? found.value.offers[0]?.e164 : undefined) ?? assert.fail();
  counts.carrier.clear();
  const told = await ledger.dryRun(alice, { call: "purchase", input: { e164 } });
  assert.ok(told.ok);
  assert.deepEqual([...counts.carrier.keys()].filter((name) => name !== "requirements"), []);
  await ledger.close();
});

test("a dry run counts for no quota, and keeps nobody from the number", async () => {
  const { ledger } = await open();
  for (let turn = 0; turn < 30; turn += 1) {
    assert.ok((await ledger.dryRun(alice, PURCHASE)).ok);
  }
  const bought = await ledger.purchase(callerOf("umbrella"), { e164: NUMBER });
  assert.ok(bought.ok);
  const taken = await ledger.dryRun(alice, PURCHASE);
  assert.equal(!taken.ok && taken.error.code, "NUMBER_ALREADY_OWNED");
  assert.ok((await ledger.purchase(alice, { e164: "+14155550102" })).ok);
  const over = await ledger.dryRun(alice, { call: "purchase", input: { e164: "+14155550103" } });
  assert.equal(!over.ok && over.error.code, "PURCHASE_QUOTA_REACHED");
  await ledger.close();
});

test("a dry run is refused before the carrier is asked where the purchase is", async () => {
  const { ledger, counts } = await open("Verified");
  const told = await ledger.dryRun(alice, PURCHASE);
  assert.equal(!told.ok && told.error.code, "VERIFICATION_REQUIRED");
  assert.deepEqual([...counts.carrier.keys()], []);
  const nobody = await ledger.dryRun(callerOf("nobody"), PURCHASE);
  assert.equal(!nobody.ok && nobody.error.code, "ORGANIZATION_UNKNOWN");
  await ledger.close();
});

test("a dry run of a call that the events follow has them as the log would", async () => {
  const { ledger } = await open();
  const bought = await ledger.purchase(alice, { e164: NUMBER });
  const id = bought.ok ? bought.value.number.holding.id : assert.fail();
  const planned = { call: "route", id, input: { label: "Sales" } } as const;
  const told = await ledger.dryRun(alice, planned);
  assert.ok(told.ok);
  assert.equal(told.value.purchase, null);
  assert.deepEqual(told.value.events.map(({ type }) => type), ["RoutingChanged"]);
  assert.equal((await ledger.numbers.get(alice, id))?.holding.routing.label, null);
  assert.ok((await ledger.route(alice, id, { label: "Sales" })).ok);
  const { type, version, data } = (await ledger.numbers.history(alice, id)).at(-1) ??
    assert.fail();
  assert.deepEqual(told.value.events, [{ type, version, data }]);
  assert.deepEqual(await ledger.dryRun(alice, planned), {
    ok: true,
    value: { events: [], purchase: null },
  });
  await ledger.close();
});

test("a dry run is told beside commands that are under way, and holds none of them up", async () => {
  const { ledger } = await open();
  const bought = await ledger.purchase(alice, { e164: NUMBER });
  const id = bought.ok ? bought.value.number.holding.id : assert.fail();
  const answers = await Promise.all(
    Array.from(
      { length: 40 },
      (_, place) =>
        place % 2 === 0
          ? ledger.route(alice, id, { label: `Desk ${place}` })
          : ledger.dryRun(alice, { call: "route", id, input: { label: `Desk ${place}` } }),
    ),
  );
  assert.ok(answers.every(({ ok }) => ok));
  const history = await ledger.numbers.history(alice, id);
  assert.equal(history.filter(({ type }) => type === "RoutingChanged").length, 20);
  await ledger.close();
});

/** What is planned, and the same done. */
const planned = (ledger: Ledger, id: string): readonly (readonly [DryCall, () => unknown])[] => {
  const content = attested();
  const campaign = { profile: null, campaign: "CMP1", status: "ASSIGNED" } as const;
  const reason = "The office in Boston was closed.";
  const via = { sipTrunk: "trunk_1" };
  const imported = { e164: "+4922812345678", via, template: { greeting: "Hello" } } as const;
  const input = { direction: "inbound", ids: [id] } as const;
  return [
    [
      { call: "import", input: imported },
      () => ledger.import(alice, imported),
    ],
    [
      { call: "route", id, input: { label: "Sales" } },
      () => ledger.route(alice, id, { label: "Sales" }),
    ],
    [
      { call: "change", id, input: { label: "Desk", autoRenewal: false } },
      () => ledger.change(alice, id, { label: "Desk", autoRenewal: false }),
    ],
    [{ call: "setAutoRenewal", id, on: true }, () => ledger.setAutoRenewal(alice, id, true)],
    [
      { call: "assignSmsCampaign", id, campaign },
      () => ledger.assignSmsCampaign(alice, id, campaign),
    ],
    [
      { call: "setCalling", assistant: "a", input },
      () => ledger.setCalling(alice, "a", input),
    ],
    [
      { call: "setCalling", assistant: "a", input: { direction: "both" } },
      () => ledger.setCalling(alice, "a", { direction: "both" }),
    ],
    [{ call: "assign", assistant: "a", ids: [] }, () => ledger.assign(alice, "a", [])],
    [
      { call: "releaseRequests.request", input: { holding: id, reason } },
      () => ledger.releaseRequests.request(alice, { holding: id, reason }),
    ],
    [{ call: "release", id }, () => ledger.release(alice, id)],
    [
      { call: "verification.draft", content: { ...content, attestationAccepted: false } },
      () => ledger.verification.draft(alice, { ...content, attestationAccepted: false }),
    ],
    [{ call: "verification.submit", content }, () => ledger.verification.submit(alice, content)],
  ];
};

test("a dry run of each call has what the call then adds, with zeros for ids that it makes", async () => {
  const { ledger, log } = await open();
  await installTrunk(ledger, "acme", "trunk_1");
  const bought = await ledger.purchase(alice, { e164: NUMBER });
  const id = bought.ok ? bought.value.number.holding.id : assert.fail();
  for (const [call, done] of planned(ledger, id)) {
    const told = await ledger.dryRun(alice, call);
    const { position } = (await log.load("acme", {})).head;
    await done();
    const events = (await log.events("acme", position, 100))
      .map(({ type, version, data }) => ({ type, version, data }));
    assert.ok(told.ok && told.value.events.length > 0, JSON.stringify([call, told]));
    const before = JSON.stringify(await log.events("acme", 0, position));
    const made = JSON.stringify(events.slice(0, told.value.events.length))
      .replaceAll(
        /\b(pn|rr|vs)_[0-9a-z]{26}/g,
        (made, prefix) => before.includes(made) ? made : `${prefix}_${"0".repeat(26)}`,
      );
    assert.equal(JSON.stringify(told.value.events), made, call.call);
  }
  const [request] = await ledger.releaseRequests.list(alice);
  assert.equal(request?.outcome.status, "approved");
  await ledger.close();
});

test("a dry run is decided again where what it needs is another thing by then, and not for ever", async () => {
  let steps = 0;
  const opened: { clock?: TestClock } = {};
  const { ledger, clock } = await open("Growth", (log) => ({
    // Which offers count is asked by the hour, and an hour passes while they are read.
    load: async (...asked) => {
      const snapshot = await log.load(...asked);
      if (steps-- > 0) opened.clock?.set(opened.clock.now() + 3_600_000);
      return snapshot;
    },
  }));
  opened.clock = clock;
  steps = 3;
  assert.ok((await ledger.dryRun(alice, PURCHASE)).ok);
  steps = 1_000;
  await assert.rejects(ledger.dryRun(alice, PURCHASE), /The log of acme is too busy/);
  assert.equal(1_000 - steps, 30);
  steps = 0;
  await ledger.close();
});

test("dry runs of assignments of one organization are decided one after the other", async () => {
  let [now, most] = [0, 0];
  const { ledger } = await open("Growth", (log) => ({
    load: async (...asked) => {
      most = Math.max(most, ++now);
      const snapshot = await log.load(...asked);
      await new Promise(setImmediate);
      now -= 1;
      return snapshot;
    },
  }));
  const bought = await ledger.purchase(alice, { e164: NUMBER });
  const ids = bought.ok ? [bought.value.number.holding.id] : assert.fail();
  most = 0;
  const all = await Promise.all(
    Array.from(
      { length: 20 },
      (_, place) => ledger.dryRun(alice, { call: "assign", assistant: `a ${place}`, ids }),
    ),
  );
  assert.ok(all.every((told) => told.ok && told.value.events.length === 1));
  assert.equal(most, 1);
  await ledger.close();
});

test("a dry run rejects where the log cannot be read, as every call does", async () => {
  let isAway = false;
  const { ledger } = await open("Growth", (log) => ({
    load: (...asked) => isAway ? Promise.reject(new Error("away")) : log.load(...asked),
  }));
  isAway = true;
  await assert.rejects(ledger.dryRun(alice, PURCHASE), /away/);
  isAway = false;
  await ledger.close();
});
