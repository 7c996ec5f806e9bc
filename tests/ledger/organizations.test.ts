/** An organization as its callers read it: its plan, what that allows, and its place within it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { money } from "../../core/values/money.ts";
import { installTrunk } from "../harness/sip.ts";
import { openTestApp, SIP } from "../support/app.ts";

const open = async (plan: string, log = openMemoryLog()) => {
  const app = openTestApp({ log, runsAutomations: false });
  after(() => app.close());
  const caller = await app.ledger.authenticate(await app.organization("acme", plan));
  return { ledger: app.ledger, caller: caller ?? assert.fail() };
};

for (const plan of ["Free", "Growth", "Scale"]) {
  test(`an organization on ${plan} has what that plan allows`, async () => {
    const { ledger, caller } = await open(plan);
    assert.deepEqual(await ledger.limits(caller), DEFAULT_PLANS[plan]?.limits);
    const organization = await ledger.organization(caller);
    assert.deepEqual([organization?.id, organization?.plan], ["acme", plan]);
    assert.deepEqual(await ledger.operator.organization("acme"), organization);
    const place = await ledger.eligibility(caller);
    assert.deepEqual([place?.currentCount, place?.maxAllowed], [
      0,
      DEFAULT_PLANS[plan]?.maxNumbers,
    ]);
    const [connection, ...others] = await ledger.sipConnections(caller);
    assert.deepEqual([connection?.installation, others], [SIP.id, []]);
  });
}

test("an organization that nobody opened has nothing, and the smallest limits", async () => {
  const { ledger } = await open("Growth");
  const nobody = { organization: "nobody", actor: OPERATOR };
  assert.deepEqual(await ledger.limits(nobody), {
    ...DEFAULT_PLANS["Free"]?.limits,
    imports: 0,
    purchasesPerDay: 0,
    purchasesPer30Days: 0,
  });
  assert.equal(await ledger.organization(nobody), null);
  assert.equal(await ledger.operator.organization("nobody"), null);
  assert.equal(await ledger.eligibility(nobody), null);
  assert.deepEqual(await ledger.numbers.list(nobody), []);
  assert.equal(await ledger.numbers.get(nobody, "pn_1"), null);
  assert.deepEqual(await ledger.sipConnections(nobody), []);
  assert.deepEqual(await ledger.releaseRequests.list(nobody), []);
  assert.deepEqual(await ledger.credits.entries(nobody), { entries: [], next: null });
});

test("a ledger is ready while its log can be read, and written as far as it knows", async () => {
  const log = openMemoryLog();
  const asked: unknown[] = [];
  let broken: "writable" | "heads" | null = null;
  const ask = (call: typeof broken): Promise<void> => {
    asked.push(call);
    return broken === call ? Promise.reject(new Error(`no ${call}`)) : Promise.resolve();
  };
  const app = openTestApp({
    log: {
      ...log,
      writable: () => ask("writable"),
      heads: async (...page) => {
        await ask("heads");
        return await log.heads(...page);
      },
    },
    runsAutomations: false,
  });
  await app.ledger.ready();
  assert.deepEqual(asked, ["writable", "heads"]);
  for (const call of ["writable", "heads"] as const) {
    broken = call;
    await assert.rejects(app.ledger.ready(), { message: `no ${call}` });
  }
  await app.close();
});

test("the sandbox beside a live carrier shows what was paid, and not for which number", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = () => openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const app = openTestApp({
    clock,
    runsAutomations: false,
    carrier: { ...sandbox(), name: "acme" },
    sandbox: sandbox(),
  });
  const { ledger } = app;
  const live = await ledger.authenticate(await app.organization("acme", "Prepaid"));
  assert.ok(live);
  assert.ok((await ledger.operator.addCredits("acme", { amount: money(20_000_000) })).ok);
  const seen = await ledger.credits.entries(live);
  assert.equal(seen.entries.length, 1);
  const hidden = await ledger.credits.entries({ ...live, sandbox: true });
  assert.deepEqual(hidden.entries, seen.entries.map((entry) => ({ ...entry, holding: null })));
  await app.close();
});

test("an import that is removed is no longer its organization's", async () => {
  const { ledger, caller } = await open("Growth");
  const via = { sipConnection: SIP.id };
  const imported = await ledger.import(caller, { e164: "+4930123456", via });
  assert.ok(imported.ok);
  const { id } = imported.value.holding;
  assert.deepEqual(await ledger.removeImport(caller, id), { ok: true, value: null });
  assert.deepEqual(await ledger.numbers.list(caller), []);
});

test("an organization's connections are listed by id, however they were added", async () => {
  const log = openMemoryLog();
  const { ledger, caller } = await open("Growth", {
    ...log,
    // Which row comes first is the log's own matter.
    load: async (...asked) => {
      const loaded = await log.load(...asked);
      return { ...loaded, rows: loaded.rows.toReversed() };
    },
  });
  for (const connection of ["20", "10", "30"]) {
    const added = await ledger.operator.registerConnection("acme", { connection, label: "Main" });
    assert.deepEqual(added, { ok: true, value: { id: connection, label: "Main" } });
  }
  const listed = await ledger.operator.connections("acme");
  assert.deepEqual(listed?.map(({ id }) => id), ["10", "20", "30"]);
  assert.deepEqual(await ledger.operator.removeConnection("acme", "20"), { ok: true, value: null });
  const left = await ledger.operator.connections("acme");
  assert.deepEqual(left?.map(({ id }) => id), ["10", "30"]);
  assert.equal(await ledger.operator.connections("nobody"), null);
  for (const trunk of ["b", "a", "c"]) await installTrunk(ledger, "acme", trunk);
  const installed = await ledger.sipConnections(caller);
  assert.deepEqual(
    installed.map(({ installation }) => installation),
    [SIP.id, "sip_a", "sip_b", "sip_c"],
  );
});

test("a number's SMS campaign is the one that the operator assigned last", async () => {
  const { ledger, caller } = await open("Growth");
  const bought = await ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const { id } = bought.value.number.holding;
  for (const status of ["PENDING_ASSIGNMENT", "ASSIGNED"] as const) {
    const campaign = { profile: "pr_1", campaign: "ca_1", status };
    const assigned = await ledger.assignSmsCampaign({ ...caller, actor: OPERATOR }, id, campaign);
    assert.ok(assigned.ok && assigned.value.holding.source === "managed");
    const { updatedAt, ...sms } = assigned.value.holding.sms ?? assert.fail();
    assert.deepEqual(sms, campaign);
    assert.equal(updatedAt, bought.value.number.holding.createdAt);
  }
});
