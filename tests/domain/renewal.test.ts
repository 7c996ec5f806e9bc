import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { RecordCharge } from "../../core/number/decisions/charges.ts";
import { isFree, type RenewNumber } from "../../core/number/decisions/renewal.ts";
import { numbers } from "../../core/number/state.ts";
import { at, given, instant, stateAfter } from "../harness/specification.ts";
import {
  assigned,
  charge,
  chargeStarted,
  credited,
  DOLLAR,
  imported,
  lent,
  noticeGiven,
  opened,
  planChanged,
  PN,
  purchased,
  releaseStarted,
  renewalFailed,
  renewed,
  requested,
  suspended,
  TWO_DOLLARS,
  unassigned,
} from "../harness/story/mod.ts";

const JAN_31 = "2026-01-31T10:00:00Z";
const FEB_28 = "2026-02-28T10:00:00Z";
const MAR_31 = "2026-03-31T10:00:00Z";

const renew = (period: number): RenewNumber => ({ type: "RenewNumber", holding: PN, period });
const record = (period: number, payment: RecordCharge["payment"]): RecordCharge => ({
  type: "RecordCharge",
  holding: PN,
  period,
  payment,
});
/** The events of a subscription's renewal by this period, once it is paid. */
const charged = (anchor: string, period: number) => [
  charge("Charged", period),
  renewed(anchor, period),
];
const autoRenewal = (on: boolean) => ({ type: "SetAutoRenewal", holding: PN, on }) as const;
const autoRenewalChanged = (on: boolean) =>
  ({ type: "AutoRenewalChanged", data: { holding: PN, on } }) as const;

/** The intent to charge for the period was written at an ISO time. */
const started = (iso: string, period: number) => at(iso, chargeStarted({ period, amount: DOLLAR }));
const subscribed = at(JAN_31, opened("Growth"), requested(), purchased(JAN_31));
const prepaid = (dollars: number) =>
  at(
    JAN_31,
    opened("Prepaid"),
    credited(2 + dollars),
    requested({ paidFrom: "credits", debited: TWO_DOLLARS }),
    purchased(JAN_31, { paidFrom: "credits" }),
  );

test("renewal falls on the month's last day when the day of purchase does not exist", () => {
  given(subscribed, started(FEB_28, 2))
    .when(record(2, "paid"), { at: FEB_28 })
    .then(charged(JAN_31, 2));
});

test("renewal falls on 29 February when the year is a leap year", () => {
  const bought = "2028-01-31T10:00:00Z";
  given(at(bought, opened(), requested(), purchased(bought)), started(bought, 2))
    .when(record(2, "paid"), { at: "2028-02-29T10:00:00Z" })
    .then(charged(bought, 2));
});

test("renewal is back on the 31st when February was short", () => {
  const { state } = given(subscribed, at(FEB_28, renewed(JAN_31, 2)), started(MAR_31, 3))
    .when(record(3, "paid"), { at: MAR_31 })
    .then(charged(JAN_31, 3));
  const number = state.get(numbers, PN);
  assert.ok(number?.source === "managed" && number.stage.status === "active");
  assert.ok(number.stage.term.kind === "monthly");
  assert.equal(number.stage.term.endsAt, instant("2026-04-30T10:00:00Z"));
  assert.equal(number.stage.term.lastChargedAt, instant(MAR_31));
});

test("renewal starts a charge under the period's own key when the plan is a subscription", () => {
  given(subscribed).when(renew(2), { at: FEB_28 }).then([chargeStarted({ period: 2 })]);
});

test("renewal is charged and done together when the subscription covers every number", () => {
  given(subscribed).when(renew(2), { at: FEB_28, isIncluded: true })
    .then([chargeStarted({ period: 2 }), ...charged(JAN_31, 2)])
    .when(renew(2), { at: FEB_28, isIncluded: true }).then([])
    .when(renew(3), { at: MAR_31, isIncluded: true })
    .then([chargeStarted({ period: 3 }), ...charged(JAN_31, 3)]);
});

test("renewal waits for a charge that was asked for before all were covered", () => {
  given(subscribed, started(FEB_28, 2)).when(renew(2), { at: MAR_31, isIncluded: true }).then([]);
});

test("renewal changes nothing when the charge for its period is open", () => {
  given(subscribed, started(FEB_28, 2)).when(renew(2), { at: MAR_31 }).then([]);
});

test("renewal changes nothing when the period has a millisecond left", () => {
  given(subscribed, at("2026-02-25T10:00:00Z", noticeGiven("renewal", FEB_28)))
    .when(renew(2), { at: "2026-02-28T09:59:59.999Z" })
    .then([]);
});

test("renewal charges the next period in order when three months passed unattended", () => {
  given(subscribed).when(renew(2), { at: "2026-05-01T00:00:00Z" })
    .then([chargeStarted({ period: 2 })]);
});

test("renewal changes nothing when its period was opened meanwhile", () => {
  given(subscribed, at("2026-05-01T00:00:00Z", renewed(JAN_31, 2)))
    .when(renew(2), { at: "2026-05-01T00:00:00Z" })
    .then([]);
});

test("renewal is taken from credits when the plan is prepaid", () => {
  given(prepaid(1)).when(renew(2), { at: FEB_28 }).then([renewed(JAN_31, 2, "credits")]);
});

test("renewal opens the period from the subscription when it was charged before the plan changed", () => {
  given(subscribed, started(FEB_28, 2), at(FEB_28, planChanged("Prepaid"), credited(10)))
    .when(record(2, "paid"), { at: FEB_28 })
    .then(charged(JAN_31, 2));
});

test("first period starts at the conversion when a trial was converted", () => {
  const converted = "2026-02-03T12:00:00Z";
  given(
    at(JAN_31, opened("Free"), requested({ paidFrom: "trial" }), lent(JAN_31)),
    at(converted, planChanged("Growth"), { type: "TrialConverted", data: { holding: PN } }),
    started(converted, 1),
  )
    .when(record(1, "paid"), { at: converted })
    .then(charged(converted, 1));
});

test("number is released at the period's end when auto-renewal is off", () => {
  given(subscribed, at(JAN_31, autoRenewalChanged(false), assigned("agent")))
    .when(renew(2), { at: FEB_28 })
    .then([unassigned("agent"), releaseStarted("notRenewed")]);
});

test("number is renewed when auto-renewal was off and is on again", () => {
  given(subscribed, at(JAN_31, autoRenewalChanged(false), autoRenewalChanged(true)))
    .when(renew(2), { at: FEB_28 })
    .then([chargeStarted({ period: 2 })]);
});

test("number is suspended at the period's end when the plan became Free, with all its grace", () => {
  given(subscribed, at(JAN_31, planChanged("Free")))
    .when(renew(2), { at: FEB_28 })
    .then([
      renewalFailed(2, "2026-03-01T10:00:00Z", "2026-03-07T10:00:00Z", PN, "2026-03-06T10:00:00Z"),
      suspended("unpaid"),
    ]);
});

test("number keeps its running period when the plan becomes Free", () => {
  given(subscribed)
    .when({ type: "OpenOrganization", name: "Acme", plan: "Free" }, { at: JAN_31 })
    .then([planChanged("Free", DEFAULT_PLANS)]);
});

test("number that is being released is not renewed when its period ends", () => {
  given(subscribed, at(JAN_31, releaseStarted("byUser"))).when(renew(2), { at: FEB_28 }).then([]);
});

test("trial is not renewed when it is asked to be", () => {
  given(at(JAN_31, opened("Free"), requested({ paidFrom: "trial" }), lent(JAN_31)))
    .when(renew(1), { at: FEB_28 })
    .then([]);
});

test("imported number is never charged when months pass", () => {
  const state = stateAfter(at(JAN_31, opened(), imported()));
  const number = state.get(numbers, PN);
  assert.equal(number?.source, "imported");
  given(at(JAN_31, opened(), imported())).when(renew(2), { at: FEB_28 }).then("NUMBER_UNKNOWN");
});

test("auto-renewal is turned off when a user asks", () => {
  given(subscribed).when(autoRenewal(false), { at: JAN_31 }).then([autoRenewalChanged(false)]);
});

test("auto-renewal changes nothing when it is on already", () => {
  given(subscribed).when(autoRenewal(true), { at: JAN_31 }).then([]);
});

test("auto-renewal is refused when the number is a trial, and when it is unknown", () => {
  given(at(JAN_31, opened("Free"), requested({ paidFrom: "trial" }), lent(JAN_31)))
    .when(autoRenewal(false), { at: JAN_31 })
    .then("NUMBER_NOT_RENTED");
  given(at(JAN_31, opened())).when(autoRenewal(false), { at: JAN_31 }).then("NUMBER_UNKNOWN");
});

test("sandbox number is free only beside a live carrier", () => {
  const number = stateAfter(at(JAN_31, opened(), requested(), purchased(JAN_31))).get(numbers, PN);
  assert.ok(number?.source === "managed");
  assert.equal(isFree(number, { own: "live" }), true);
  assert.equal(isFree(number, { own: "sandbox" }), false);
});
