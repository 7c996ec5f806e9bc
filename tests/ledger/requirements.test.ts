/**
 * What a carrier requires: asked rarely, trusted while it is recent, and sent as it was requested.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openLedger } from "../../adapters/ledger/mod.ts";
import { openRequirementsCache } from "../../adapters/ledger/engine/requirements-cache.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { Carrier, CarrierError } from "../../core/ports/mod.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { failed, ok } from "../../core/values/result.ts";
import { ALICE } from "../harness/specification.ts";
import { until } from "../support/eventually.ts";

const ACME = { organization: "acme", actor: ALICE };
const UMBRELLA = { organization: "umbrella", actor: ALICE };
const SWISS = { country: "CH", type: "local" } as const;
const ONE: E164 = "+41442550001";

type Asked = Parameters<Carrier["order"]>[0];
const groupOf = ({ requirementGroupId }: Asked) => requirementGroupId;
type Says = NonNullable<Carrier["requirements"]>;

/** Two organizations, and a sandbox that says of its requirements what a test has it say. */
const openStage = async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const stage = {
    passed: 0,
    asked: 0,
    orders: [] as Asked[],
    says: ((kind) => sandbox.requirements?.(kind) ?? assert.fail()) as Says,
    order: (request: Asked) => sandbox.order(request),
    sandboxSearch: sandbox.search,
    search: sandbox.search,
  };
  const carrier: Carrier = {
    ...sandbox,
    requirements: (kind) => {
      stage.asked += 1;
      return stage.says(kind);
    },
    search: (query) => stage.search(query),
    order: (request) => {
      stage.orders.push(request);
      return stage.order(request);
    },
  };
  const ledger = openLedger({
    log: openMemoryLog(),
    carrier,
    payments: includedPayments,
    clock,
    setClock: clock.set,
    ids: openIds(clock),
    waitMs: 60_000,
    runsAutomations: false,
    requirements: openRequirementsCache(() => stage.passed),
  });
  for (const id of ["acme", "umbrella"]) {
    await ledger.operator.open(id, { name: id, plan: "Growth" });
  }
  const set = (group: string | null, organization = "acme") =>
    ledger.operator.setRequirementGroup(organization, { ...SWISS, group });
  const buy = async (e164: E164, caller = ACME) => {
    const bought = await ledger.purchase(caller, { e164 });
    return bought.ok ? bought.value.number.status : bought.error.code;
  };
  return { stage, ledger, clock, set, buy };
};

const cannot = (kind: CarrierError["kind"]): Says => () =>
  Promise.resolve(failed({ kind, message: "a storm" }));

test("many purchases where nothing is required ask the carrier once, until six hours have passed", async () => {
  const { stage, ledger, buy } = await openStage();
  for (let line = 10; line < 15; line++) {
    assert.equal(await buy(`+141555501${line + 10}`), "active");
  }
  assert.equal(stage.asked, 1);
  stage.passed = 6 * HOUR_MS - 1;
  assert.equal(await buy("+14155550101"), "active");
  assert.equal(stage.asked, 1);
  stage.passed = 6 * HOUR_MS;
  assert.equal(await buy("+14155550102"), "active");
  assert.equal(stage.asked, 2);
  await ledger.close();
});

test("purchase is refused with what is missing before anything is ordered or charged", async () => {
  const { stage, ledger, set, buy } = await openStage();
  const refused = await ledger.purchase(ACME, { e164: ONE });
  assert.ok(!refused.ok && refused.error.code === "REQUIREMENTS_MISSING");
  assert.deepEqual(refused.error.missing.map(({ id }) => id), [
    "sandbox_address",
    "sandbox_registration",
  ]);
  assert.deepEqual(stage.orders, []);
  assert.deepEqual(await ledger.numbers.list(ACME), []);
  assert.equal((await ledger.eligibility(ACME))?.currentCount, 0);
  await set("rg_ok");
  assert.equal(await buy(ONE), "active");
  assert.deepEqual(stage.orders.map(groupOf), ["rg_ok"]);
  await ledger.close();
});

test("another organization's requirement group is of no use", async () => {
  const { stage, ledger, set, buy } = await openStage();
  await set("rg_ok", "umbrella");
  assert.equal(await buy(ONE), "REQUIREMENTS_MISSING");
  assert.equal(await buy(ONE, UMBRELLA), "active");
  assert.equal(stage.orders.length, 1);
  assert.deepEqual(await ledger.operator.requirementGroups("acme"), []);
  assert.deepEqual(await ledger.operator.requirementGroups("umbrella"), [
    { ...SWISS, group: "rg_ok" },
  ]);
  assert.equal(await ledger.operator.requirementGroups("nobody"), null);
  await ledger.close();
});

test("what is required is asked again after ten minutes, so that no buyer is refused for long for what is not", async () => {
  const { stage, ledger, buy } = await openStage();
  assert.equal(await buy(ONE), "REQUIREMENTS_MISSING");
  stage.says = async () => ({ ok: true, value: [] });
  stage.order = async () => ({
    ok: true,
    value: { status: "confirmed", carrierId: "sandbox_1_1" },
  });
  stage.passed = 10 * MINUTE_MS - 1;
  assert.equal(await buy(ONE), "REQUIREMENTS_MISSING");
  assert.equal(stage.asked, 1);
  stage.passed = 10 * MINUTE_MS;
  assert.equal(await buy(ONE), "active");
  assert.equal(stage.asked, 2);
  await ledger.close();
});

for (const kind of ["unreachable", "unknown"] as const) {
  test(`nothing is ordered while the carrier is ${kind} for what it requires, unless that was nothing lately`, async () => {
    const { stage, ledger, buy } = await openStage();
    const { says } = stage;
    stage.says = cannot(kind);
    assert.equal(await buy(ONE), "CARRIER_UNREACHABLE");
    assert.equal(await buy("+14155550101"), "CARRIER_UNREACHABLE");
    assert.deepEqual(stage.orders, []);
    stage.says = says;
    assert.equal(await buy("+14155550101"), "active");
    assert.equal(await buy(ONE), "REQUIREMENTS_MISSING");
    stage.says = cannot(kind);
    stage.passed = 24 * HOUR_MS;
    assert.equal(await buy("+14155550102"), "active");
    // A past requirement is not a reason to refuse forever, nor to order.
    assert.equal(await buy(ONE), "CARRIER_UNREACHABLE");
    stage.passed = 8 * 24 * HOUR_MS;
    assert.equal(await buy("+14155550103"), "CARRIER_UNREACHABLE");
    await ledger.close();
  });
}

test("nothing is begun while the database behind the carrier is away", async () => {
  const { stage, ledger, buy } = await openStage();
  stage.says = () => Promise.reject(new Unavailable("the carrier's database is away"));
  await assert.rejects(buy(ONE), {
    name: "Unavailable",
    message: "the carrier's database is away",
  });
  assert.deepEqual(stage.orders, []);
  assert.deepEqual(await ledger.numbers.list(ACME), []);
  await ledger.close();
});

test("a carrier that refuses to say what it requires is left to refuse the order, and gives all back", async () => {
  const { stage, ledger, buy } = await openStage();
  stage.says = cannot("refused");
  assert.equal(await buy("+14155550101"), "active");
  const refused = await ledger.purchase(ACME, { e164: ONE });
  assert.ok(!refused.ok && refused.error.code === "REQUIREMENTS_MISSING");
  assert.match(refused.error.message, /local numbers of CH/);
  assert.equal((await ledger.eligibility(ACME))?.currentCount, 1);
  const failedOne = (await ledger.numbers.list(ACME)).find(({ holding }) => holding.e164 === ONE);
  const stageOf = failedOne?.holding.source === "managed" ? failedOne.holding.stage : null;
  assert.ok(stageOf?.status === "failed" && stageOf.reason === "requirementsMissing");
  assert.match(stageOf.message, /requires documents for numbers of CH/);
  await ledger.operator.setRequirementGroup("umbrella", { ...SWISS, group: "rg_ok" });
  assert.equal(await buy(ONE, UMBRELLA), "active");
  await ledger.close();
});

test("a carrier that does not accept the documents is asked again what it requires", async () => {
  const { stage, ledger, set, buy } = await openStage();
  assert.equal(await buy(ONE), "REQUIREMENTS_MISSING");
  await set("rg_declined");
  assert.equal(await buy(ONE), "REQUIREMENTS_MISSING");
  assert.equal(stage.orders.length, 1);
  await set(null);
  assert.equal(await buy(ONE), "REQUIREMENTS_MISSING");
  assert.equal(stage.asked, 2);
  assert.equal(stage.orders.length, 1);
  await ledger.close();
});

test("order that is sent again has the requirement group that it was requested with", async () => {
  const { stage, ledger, clock, set } = await openStage();
  await set("rg_1");
  const { order } = stage;
  stage.order = async () => failed({ kind: "unknown", message: "lost on its way" });
  const bought = ledger.purchase(ACME, { e164: ONE });
  await until(() => stage.orders.length > 0);
  await set("rg_2");
  stage.order = order;
  clock.set(clock.now() + SECOND_MS);
  await ledger.work.run();
  const { ok } = await bought;
  assert.ok(ok);
  const [first, second, ...more] = stage.orders;
  assert.deepEqual(second, first);
  assert.equal(first?.requirementGroupId, "rg_1");
  assert.deepEqual(more, []);
  await ledger.close();
});

test("two concurrent purchases of one number result in one order with the group of its buyer", async () => {
  const { stage, ledger, set, buy } = await openStage();
  await set("rg_acme");
  await set("rg_umbrella", "umbrella");
  const outcomes = await Promise.all([buy(ONE), buy(ONE, UMBRELLA)]);
  const winner = outcomes.indexOf("active");
  assert.equal(outcomes[1 - winner], "NUMBER_ALREADY_OWNED");
  assert.deepEqual(
    stage.orders.map(groupOf),
    [["rg_acme", "rg_umbrella"][winner]],
  );
  await ledger.close();
});

test("a carrier whose number is of another kind at each look is asked four times, and nothing is ordered", async () => {
  const { stage, ledger, buy } = await openStage();
  let searches = 0;
  stage.search = async (query) => {
    searches += 1;
    const found = await stage.sandboxSearch(query);
    assert.ok(found.ok);
    const country = searches % 2 === 0 ? "CH" : "LI";
    return ok(found.value.map((offer) => ({ ...offer, e164: ONE, country })).slice(0, 1));
  };
  const search = () => ledger.search(ACME, { ...SWISS, limit: searches + 1 });
  stage.says = async () => {
    assert.ok((await search()).ok);
    return stage.asked > 9 ? failed({ kind: "refused", message: "enough" }) : ok([]);
  };
  assert.ok((await search()).ok);
  assert.equal(await buy(ONE), "CARRIER_UNREACHABLE");
  assert.equal(stage.asked, 4);
  assert.deepEqual(stage.orders, []);
  await ledger.close();
});

test("a carrier that does not say what it requires is not asked", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const { requirements: _none, ...carrier } = openSandboxCarrier({ clock });
  const ledger = openLedger({
    log: openMemoryLog(),
    carrier,
    payments: includedPayments,
    clock,
    ids: openIds(clock),
    runsAutomations: false,
  });
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const us = await ledger.purchase(ACME, { e164: "+14155550101" });
  assert.ok(us.ok);
  const swiss = await ledger.purchase(ACME, { e164: ONE });
  assert.ok(!swiss.ok && swiss.error.code === "REQUIREMENTS_MISSING");
  await ledger.close();
});
