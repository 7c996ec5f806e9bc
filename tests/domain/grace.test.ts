import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordCharge } from "../../core/number/decisions/charges.ts";
import type { RenewNumber } from "../../core/number/decisions/renewal.ts";
import { numbers } from "../../core/number/state.ts";
import { self } from "../../core/organization/refusals.ts";
import { money } from "../../core/values/money.ts";
import { at, given, instant } from "../harness/specification.ts";
import {
  approved,
  assigned,
  charge,
  chargeStarted,
  credited,
  noticeGiven,
  opened,
  PN,
  purchased,
  reinstated,
  releaseStarted,
  renewalFailed,
  renewed,
  requested,
  revoked,
  submitted,
  suspended,
  TWO_DOLLARS,
  unassigned,
} from "../harness/story/mod.ts";

const JAN_31 = "2026-01-31T10:00:00Z";
const FEB_28 = "2026-02-28T10:00:00Z";
const MAR_1 = "2026-03-01T10:00:00Z";
const MAR_2 = "2026-03-02T10:00:00Z";
/** Seven days after the charge failed first. */
const GRACE_END = "2026-03-07T10:00:00Z";

const renew: RenewNumber = { type: "RenewNumber", holding: PN, period: 2 };
const record = (payment: RecordCharge["payment"]): RecordCharge => ({
  type: "RecordCharge",
  holding: PN,
  period: 2,
  payment,
});
const addCredits = (dollars: number) =>
  ({ type: "AddCredits", amount: money(dollars * 1_000_000) }) as const;

const prepaid = at(
  JAN_31,
  opened("Prepaid"),
  submitted(),
  approved(),
  credited(2),
  requested({ paidFrom: "credits", debited: TWO_DOLLARS }),
  purchased(JAN_31, { paidFrom: "credits" }),
);
/** The first charge failed: notice of the grace's end is given a day before it. */
const firstFailed = renewalFailed(2, MAR_1, GRACE_END, PN, "2026-03-06T10:00:00Z");
const unpaid = at(FEB_28, firstFailed, suspended("unpaid"));
const subscribed = at(JAN_31, opened("Growth"), requested(), purchased(JAN_31));

test("number is suspended immediately when a charge fails", () => {
  const { state } = given(prepaid)
    .when(renew, { at: FEB_28 })
    .then([firstFailed, suspended("unpaid")]);
  const number = state.get(numbers, PN);
  assert.ok(number?.source === "managed" && number.stage.status === "suspended");
  assert.equal(number.stage.since, instant(FEB_28));
});

test("number is suspended immediately when the subscription's payment is declined", () => {
  given(subscribed, at(FEB_28, chargeStarted({ period: 2 })))
    .when(record("declined"), { at: FEB_28 })
    .then([charge("ChargeDeclined", 2), firstFailed, suspended("unpaid")]);
});

test("charge is not tried again when a day has not passed", () => {
  given(prepaid, unpaid).when(renew, { at: "2026-03-01T09:59:59.999Z" }).then([]);
});

test("charge is tried daily and the grace's end stays when it fails again", () => {
  given(prepaid, unpaid)
    .when(renew, { at: MAR_1 })
    .then([renewalFailed(2, MAR_2, GRACE_END)]);
});

test("number is reinstated when a later try is paid", () => {
  const { state } = given(subscribed, unpaid, at(MAR_1, chargeStarted({ period: 2 })))
    .when(record("paid"), { at: MAR_1 })
    .then([charge("Charged", 2), renewed(JAN_31, 2), reinstated()]);
  const number = state.get(numbers, PN);
  assert.ok(number?.source === "managed" && number.stage.status === "active");
  assert.ok(number.stage.term.kind === "monthly");
  assert.equal(number.stage.term.endsAt, instant("2026-03-31T10:00:00Z"));
});

test("last try is at the grace's end when the tries before it were late", () => {
  given(prepaid, unpaid)
    .when(renew, { at: "2026-03-06T18:00:00Z" })
    .then([renewalFailed(2, GRACE_END, GRACE_END), noticeGiven("grace", GRACE_END)]);
});

test("number is released when the last try fails at the end of the seven days", () => {
  given(prepaid, at(JAN_31, assigned("agent")), unpaid)
    .when(renew, { at: GRACE_END })
    .then([
      renewalFailed(2, GRACE_END, GRACE_END),
      unassigned("agent"),
      releaseStarted("notPaid"),
    ]);
});

test("number is reinstated when the last try is paid at the end of the seven days", () => {
  given(subscribed, unpaid, at(GRACE_END, chargeStarted({ period: 2 })))
    .when(record("paid"), { at: GRACE_END })
    .then([charge("Charged", 2), renewed(JAN_31, 2), reinstated()]);
});

test("number is reinstated immediately when credits arrive", () => {
  const { state } = given(prepaid, unpaid)
    .when(addCredits(5), { at: MAR_1 })
    .then([credited(5), renewed(JAN_31, 2, "credits"), reinstated()]);
  assert.deepEqual(self(state)?.credits, money(4_000_000));
});

test("number stays suspended when the credits that arrive are too few", () => {
  given(prepaid, unpaid).when(addCredits(0.5), { at: MAR_1 }).then([credited(0.5)]);
});

test("credits renew nothing when the auto-renewal of the suspended number is off", () => {
  const off = { type: "AutoRenewalChanged", data: { holding: PN, on: false } } as const;
  given(prepaid, unpaid, at(FEB_28, off)).when(addCredits(5), { at: MAR_1 }).then([credited(5)]);
});

test("credits renew nothing when the plan is a subscription", () => {
  given(subscribed, unpaid).when(addCredits(5), { at: MAR_1 }).then([credited(5)]);
});

test("credits reinstate the longest due first when they do not suffice for all", () => {
  const later = "2026-02-05T10:00:00Z";
  const second = { holding: "pn_0", e164: "+14155550102" } as const;
  const debited = TWO_DOLLARS;
  given(
    at(JAN_31, opened("Prepaid"), credited(4), requested({ paidFrom: "credits", debited })),
    at(JAN_31, purchased(JAN_31, { paidFrom: "credits" })),
    at(later, requested({ ...second, orderKey: "od_2", paidFrom: "credits", debited })),
    at(later, purchased(later, { holding: "pn_0", paidFrom: "credits" })),
    unpaid,
    at("2026-03-05T10:00:00Z", renewalFailed(2, "2026-03-06T10:00:00Z", GRACE_END, "pn_0")),
    at("2026-03-05T10:00:00Z", suspended("unpaid", "pn_0")),
  )
    .when(addCredits(1), { at: "2026-03-05T12:00:00Z" })
    .then([credited(1), renewed(JAN_31, 2, "credits"), reinstated()]);
});

test("number continues to rest when it is paid for while the verification is revoked", () => {
  given(prepaid, unpaid, at(FEB_28, revoked()))
    .when(addCredits(5), { at: MAR_1 })
    .then([credited(5), renewed(JAN_31, 2, "credits"), suspended("compliance")]);
});

test("number that rests for its verification is still charged when its period ends", () => {
  given(prepaid, at(JAN_31, credited(1), revoked(), suspended("compliance")))
    .when(renew, { at: FEB_28 })
    .then([renewed(JAN_31, 2, "credits")]);
});
