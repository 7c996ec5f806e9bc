/** In whose name events are recorded: each automation's own, the operator's, or the caller's. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { LedgerOptions } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, EventLog } from "../../core/ports/mod.ts";
import { RECONCILIATIONS } from "../../core/reconciliation/state.ts";
import { DAY_MS, MINUTE_MS } from "../../core/values/calendar.ts";
import { money } from "../../core/values/money.ts";
import { failed, ok } from "../../core/values/result.ts";
import { attested } from "../harness/story/mod.ts";
import { callerOf } from "../properties/runs.ts";
import { openTestApp, SIP } from "../support/app.ts";
import { ONE, openWorld, work } from "./routes-support.ts";

const E164 = "+14155550101";
const [BUYER, OTHER] = [callerOf("acme"), callerOf("other")];

const open = async (
  plan: string,
  carrier: Partial<Carrier> = {},
  options: Partial<LedgerOptions> = {},
) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const log = openMemoryLog();
  const app = openTestApp({
    log,
    clock,
    setClock: clock.set,
    runsAutomations: false,
    reconcilesDaily: false,
    waitMs: 30,
    carrier: { ...sandbox, ...carrier },
    ...options,
  });
  after(() => app.close());
  for (const organization of ["acme", "other"]) await app.organization(organization, plan);
  const pass = (ms: number) => app.ledger.operator.advanceClock(ms);
  return { ledger: app.ledger, clock, log, pass };
};

/** What was recorded of an organization since its opening, each as `<type>: <by whom>`. */
const recorded = async (log: EventLog, organization = "acme"): Promise<readonly string[]> => {
  const events = await log.events(organization, 0, 1_000);
  return events.map(({ type, actor }) =>
    `${type}: ${actor.kind === "ledger" ? actor.automation : actor.kind}`
  ).filter((text) => !/^(OrganizationOpened|SipConnectionInstalled|TokenIssued)/.test(text));
};

test("a purchase is its buyer's, its order is ordering's, its renewal and release their own", async () => {
  const { ledger, log, pass } = await open("Growth");
  const bought = await ledger.purchase(BUYER, { e164: E164 });
  assert.ok(bought.ok);
  await pass(30 * DAY_MS);
  assert.ok((await ledger.release(BUYER, bought.value.number.holding.id)).ok);
  assert.deepEqual(await recorded(log), [
    "PurchaseRequested: user",
    "ChargeStarted: user",
    "Charged: user",
    "NumberPurchased: ordering",
    "NoticeGiven: renewals",
    "ChargeStarted: renewals",
    "Charged: renewals",
    "Renewed: renewals",
    "ReleaseStarted: user",
    "Released: releasing",
  ]);
});

test("a purchase that fails is refunded and dismissed by automations of their own", async () => {
  const order = () => Promise.resolve(failed({ kind: "refused", message: "no" } as const));
  const { ledger, log, pass } = await open("Growth", { order });
  assert.equal((await ledger.purchase(BUYER, { e164: E164 })).ok, false);
  await pass(40 * DAY_MS);
  assert.deepEqual(await recorded(log), [
    "PurchaseRequested: user",
    "ChargeStarted: user",
    "Charged: user",
    "PurchaseFailed: ordering",
    "RefundStarted: ordering",
    "Refunded: refunds",
    "PurchaseDismissed: dismissals",
  ]);
});

test("a charge that outlives its purchase is settled in the name of charges", async () => {
  let charged: "unknown" | "paid" = "unknown";
  const payments = { ...includedPayments, charge: () => Promise.resolve(charged) };
  const { ledger, log, clock } = await open("Growth", {}, { payments });
  assert.ok((await ledger.purchase(BUYER, { e164: E164 })).ok);
  clock.set(clock.now() + 11 * MINUTE_MS);
  await ledger.work.run();
  charged = "paid";
  await ledger.work.run();
  assert.deepEqual(await recorded(log), [
    "PurchaseRequested: user",
    "ChargeStarted: user",
    "PurchaseFailed: ordering",
    "Charged: charges",
    "RefundStarted: charges",
    "Refunded: refunds",
  ]);
});

test("a trial that is over is ended by trials, and released by releasing", async () => {
  const { ledger, log, pass } = await open("Free");
  assert.ok((await ledger.purchase(BUYER, { e164: E164 })).ok);
  await pass(30 * DAY_MS);
  assert.deepEqual(await recorded(log), [
    "PurchaseRequested: user",
    "NumberPurchased: ordering",
    "NoticeGiven: trials",
    "TrialExpired: trials",
    "ReleaseStarted: trials",
    "Released: releasing",
  ]);
});

test("a submission is announced by reviewers, who are asked about it by its id and name", async () => {
  const asked: unknown[] = [];
  let heals = false;
  const announce = (submission: unknown) => {
    asked.push(submission);
    return Promise.resolve(heals ? ok({ jobId: "job_1" }) : failed({ message: "HTTP 500" }));
  };
  const { ledger, log, clock, pass } = await open("Growth", {}, { notifier: { announce } });
  const submittedAt = clock.now();
  const submitted = await ledger.verification.submit(BUYER, attested());
  assert.ok(submitted.ok);
  const { id, businessProfile: { legalName } } = submitted.value;
  const notice = async () => (await ledger.verification.get(BUYER)).submission?.notice;
  assert.deepEqual(await notice(), { status: "not_queued" });
  await ledger.work.run();
  assert.deepEqual(await notice(), { status: "enqueue_failed", error: "HTTP 500" });
  heals = true;
  await pass(DAY_MS);
  assert.deepEqual(await notice(), { status: "queued", jobId: "job_1" });
  const submission = { id, organization: "acme", legalName, submittedAt };
  assert.deepEqual(asked, [submission, submission]);
  assert.deepEqual(await recorded(log), [
    "VerificationSubmitted: user",
    "ReviewerNotified: reviewers",
    "ReviewerNotified: reviewers",
  ]);
});

test("an import that a purchase ends is ended in the name of imports", async () => {
  const { ledger, log } = await open("Growth", { name: "live" });
  const imported = await ledger.import(OTHER, { e164: E164, via: { sipConnection: SIP.id } });
  assert.ok(imported.ok, JSON.stringify(imported));
  assert.ok((await ledger.purchase(BUYER, { e164: E164 })).ok);
  assert.deepEqual(await recorded(log, "other"), ["NumberImported: user", "Released: imports"]);
});

test("a route is changed in the name of routes", async () => {
  const world = await openWorld();
  await world.buy(ONE, { at: "14" });
  await world.suspend();
  await work(world);
  await world.reinstate();
  await work(world);
  const routes = (await recorded(world.log)).filter((text) => text.startsWith("Route"));
  assert.deepEqual(routes, [
    "RouteNoted: routes",
    "RouteDetached: routes",
    "RouteAttached: routes",
  ]);
  await world.ledger.close();
});

test("what a daily reconciliation records is its own, and the operator's what is asked for", async () => {
  const { ledger, log, pass } = await open("Growth", {}, { reconcilesDaily: true });
  await pass(DAY_MS);
  await ledger.operator.renewInstallation();
  assert.ok((await ledger.reconciliation.run()).ok);
  assert.deepEqual(await recorded(log, RECONCILIATIONS), [
    "InstallationNamed: reconciling",
    "ReconciliationScheduled: reconciling",
    "InventoryReconciled: reconciling",
    "InstallationNamed: operator",
    "InventoryReconciled: operator",
  ]);
});

test("a renewal from credits has no charge, and is done", async () => {
  const { ledger, log, clock } = await open("Prepaid", {}, { report: (what) => assert.fail(what) });
  assert.ok((await ledger.operator.addCredits("acme", { amount: money(100_000_000) })).ok);
  const submitted = await ledger.verification.submit(BUYER, attested());
  assert.ok(submitted.ok);
  assert.ok((await ledger.operator.review(submitted.value.id, { kind: "approve" })).ok);
  const bought = await ledger.purchase(BUYER, { e164: E164 });
  assert.ok(bought.ok, JSON.stringify(bought));
  clock.set(clock.now() + 30 * DAY_MS);
  assert.equal(await ledger.work.run(), 1);
  assert.equal((await recorded(log)).at(-1), "Renewed: renewals");
  assert.equal(ledger.doubt(), null, "a clock that cannot doubt is trusted");
});
