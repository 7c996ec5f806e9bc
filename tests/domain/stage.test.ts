/** The stages of a bought number, event by event, also where an event comes out of turn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent, FactOf } from "../../core/events/vocabulary.ts";
import { chargeOf, charges } from "../../core/number/charges.ts";
import type { StageType } from "../../core/number/stage.ts";
import { evolveStage, isUnpaid, mayBeTriedAgain, type Stage } from "../../core/number/stage.ts";
import { keysOf } from "../../core/log/state.ts";
import { DAY_MS, monthsAfter } from "../../core/values/calendar.ts";
import { money, NO_MONEY } from "../../core/values/money.ts";
import { amountOf, debitOf, isCharged } from "../../core/organization/payment.ts";
import { ALICE, instant } from "../harness/specification.ts";
import {
  charge,
  DOLLAR,
  E164_1,
  lent,
  orderWaits,
  PN,
  purchased,
  purchaseFailed,
  reinstated,
  releaseStarted,
  renewalFailed,
  renewed,
  suspended,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const AT = instant(NOON);
const LATER = AT + 1_000;

const after = (stage: Stage, event: DomainEvent): Stage =>
  evolveStage(stage, { ...event, at: LATER, actor: ALICE } as unknown as FactOf<StageType>);

const purchasing: Stage = {
  status: "purchasing",
  orderKey: "od_1",
  paidFrom: "subscription",
  debited: NO_MONEY,
  orderedAt: AT,
  taken: false,
};
const failed: Stage = { status: "failed", reason: "notAvailable", message: "Gone." };
const trial = { kind: "trial", anchor: AT, endsAt: AT, noticeAt: null } as const;
const monthly = {
  kind: "monthly",
  anchor: AT,
  period: 1,
  endsAt: monthsAfter(AT, 1),
  noticeAt: monthsAfter(AT, 1) - 3 * DAY_MS,
  lastChargedAt: AT,
  autoRenewal: true,
} as const;
const active: Stage = { status: "active", carrierId: "c_1", term: monthly };
const resting: Stage = { ...active, status: "suspended", since: AT, why: "compliance" };
const leaving: Stage = { ...active, status: "releasing", since: AT, why: "byUser" };
const unpaid: Stage = {
  ...active,
  status: "suspended",
  since: AT,
  why: "unpaid",
  retryAt: AT,
  graceEndsAt: AT,
};

const NO_ORDER: readonly Stage[] = [failed, active, resting, leaving];
const NOT_KEPT: readonly Stage[] = [purchasing, failed];

const taken: DomainEvent = { type: "OrderTaken", data: { holding: PN } };
const cancelled: DomainEvent = { type: "CancellationRequested", data: { holding: PN } };
const repeated = { type: "OrderRepeated", data: { holding: PN } } as unknown as DomainEvent;
const renewal = (on: boolean): DomainEvent => ({
  type: "AutoRenewalChanged",
  data: { holding: PN, on },
});
const converted: DomainEvent = { type: "TrialConverted", data: { holding: PN } };

test("an order is taken, waits, no longer waits, and is cancelled", () => {
  assert.deepEqual(after(purchasing, taken), { ...purchasing, taken: true });
  const waiting: Stage = { ...purchasing, taken: true, waitsFor: "documents" as never };
  assert.deepEqual(after(purchasing, orderWaits("documents" as never)), waiting);
  assert.deepEqual(after(waiting, taken), waiting);
  assert.deepEqual(after(waiting, orderWaits(null)), { ...purchasing, taken: true });
  assert.deepEqual(after(purchasing, cancelled), { ...purchasing, cancelling: true });
});

test("an order that is paid or repeated may be under way from then on", () => {
  assert.deepEqual(after(purchasing, charge("Charged")), { ...purchasing, orderedAt: LATER });
  assert.deepEqual(after(purchasing, repeated), { ...purchasing, orderedAt: LATER });
});

test("events of an order change nothing once there is none", () => {
  for (const event of [taken, cancelled, repeated, orderWaits(null), charge("Charged")]) {
    for (const stage of NO_ORDER) {
      assert.equal(after(stage, event), stage, event.type);
    }
  }
});

test("events of a number that is kept change nothing before it is, and where it failed", () => {
  const owned = [
    converted,
    renewed(NOON, 2),
    renewalFailed(2, NOON, NOON),
    suspended("compliance"),
    reinstated(),
    renewal(false),
    releaseStarted("byUser"),
  ];
  for (const event of owned) {
    for (const stage of NOT_KEPT) assert.equal(after(stage, event), stage, event.type);
  }
});

test("a charge and a trial's end leave the stage as it is", () => {
  for (const type of ["ChargeDeclined", "RefundStarted", "Refunded"] as const) {
    assert.equal(after(active, charge(type)), active);
  }
  assert.equal(after(active, { type: "TrialExpired", data: { holding: PN } }), active);
});

test("a purchase ends with a month, with a trial, or without the number", () => {
  const carrierId = `carrier_${PN}`;
  assert.deepEqual(after(purchasing, purchased(NOON)), {
    status: "active",
    carrierId,
    term: { ...monthly, lastChargedAt: LATER },
  });
  const { term } = after(purchasing, lent(NOON)) as typeof active;
  assert.equal(term.kind, "trial");
  assert.deepEqual(after(purchasing, purchaseFailed()), {
    status: "failed",
    reason: "notAvailable",
    message: "Somebody was faster.",
  });
});

test("a month is renewed, and auto-renewal changed, of what is paid by the month alone", () => {
  const endsAt = monthsAfter(AT, 2);
  const noticeAt = endsAt - 3 * DAY_MS;
  const next = { ...monthly, period: 2, endsAt, noticeAt, lastChargedAt: LATER };
  assert.deepEqual(after(active, renewed(NOON, 2)), { ...active, term: next });
  assert.deepEqual(after(active, renewal(false)), {
    ...active,
    term: { ...monthly, autoRenewal: false },
  });
  const onTrial: Stage = { ...active, term: trial };
  assert.equal(after(onTrial, renewed(NOON, 2)), onTrial);
  assert.equal(after(onTrial, renewal(false)), onTrial);
  // What was lent is to be paid from now on: its first month is due.
  const due = {
    ...monthly,
    anchor: LATER,
    period: 0,
    endsAt: LATER,
    noticeAt: null,
    lastChargedAt: null,
  };
  assert.deepEqual(after(onTrial, converted), { ...active, term: due });
});

test("a number rests since the first charge that failed, or since its business is not verified", () => {
  const failing = renewalFailed(2, "2026-03-01T12:00:00Z", "2026-03-07T12:00:00Z");
  const rests: Stage = {
    ...active,
    term: { ...monthly, noticeAt: null },
    status: "suspended",
    why: "unpaid",
    since: LATER,
    retryAt: instant("2026-03-01T12:00:00Z"),
    graceEndsAt: instant("2026-03-07T12:00:00Z"),
  };
  assert.deepEqual(after(active, failing), rests);
  assert.deepEqual(after(unpaid, failing), { ...rests, term: monthly, since: AT });
  // The pair of events that a failed charge is says so in the first of them.
  assert.equal(after(active, suspended("unpaid")), active);
  assert.deepEqual(after(active, suspended("compliance")), { ...resting, since: LATER });
  assert.deepEqual(after(resting, reinstated()), active);
  assert.deepEqual(after(resting, releaseStarted("byUser")), { ...leaving, since: LATER });
});

test("a number is unpaid where it rests for that, and tried again where its failure passes", () => {
  const stages = [purchasing, failed, active, resting, leaving, unpaid];
  assert.deepEqual(stages.filter(isUnpaid), [unpaid]);
  assert.deepEqual(stages.filter(mayBeTriedAgain), []);
  for (const reason of ["paymentDeclined", "paymentUnknown", "unreachable"] as const) {
    assert.ok(mayBeTriedAgain({ ...failed, reason }));
  }
});

test("a period touches the row of its charge where that is outside credits alone", () => {
  const touched = (event: DomainEvent) => keysOf(charges, { ...event, at: AT, actor: ALICE });
  assert.deepEqual(touched(purchased(NOON)), [`${PN}:1`]);
  assert.deepEqual(touched(purchased(NOON, { paidFrom: "credits" })), []);
  assert.deepEqual(touched(lent(NOON)), []);
  assert.deepEqual(touched(renewed(NOON, 2)), [`${PN}:2`]);
  assert.deepEqual(touched(renewed(NOON, 2, "credits")), []);
});

test("a charge is asked for by its key, of whom, how much and for which number", () => {
  const open = {
    key: "pn_1:1",
    holding: PN,
    e164: E164_1,
    period: 1,
    amount: DOLLAR,
    status: "started",
    since: AT,
  } as const;
  assert.deepEqual(chargeOf("acme", open), {
    key: "pn_1:1",
    organization: "acme",
    amount: DOLLAR,
    e164: E164_1,
  });
});

test("a price is charged, debited, or not taken at all, by what pays for it", () => {
  const price = money(7);
  const ways = (["subscription", "credits", "trial", "nothing"] as const).map((paidFrom) => [
    isCharged(paidFrom),
    debitOf(price, paidFrom).micros,
    amountOf(price, paidFrom).micros,
  ]);
  assert.deepEqual(ways, [[true, 0, 7], [false, 7, 7], [false, 0, 0], [false, 0, 0]]);
});
