/** Notice of a deadline: when it is given, of what, and that each is given once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { numbers } from "../../core/number/state.ts";
import { DEFAULT_PLANS, termsOf, wholeTerms } from "../../core/organization/plans.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import type { PlanCatalogue, PlanTerms } from "../../core/values/plan.ts";
import { at, given, instant, type Past, stateAfter } from "../harness/specification.ts";
import {
  charge,
  chargeStarted,
  confirm,
  credited,
  lent,
  noticeGiven,
  opened,
  planChanged,
  PN,
  purchased,
  reinstated,
  releaseStarted,
  renewalFailed,
  renewed,
  requested,
  suspended,
  TWO_DOLLARS,
} from "../harness/story/mod.ts";

const JAN_31 = "2026-01-31T10:00:00Z";
const FEB_25 = "2026-02-25T10:00:00Z";
const FEB_28 = "2026-02-28T10:00:00Z";
const MAR_1 = "2026-03-01T10:00:00Z";
const MAR_6 = "2026-03-06T10:00:00Z";
const MAR_7 = "2026-03-07T10:00:00Z";
const MAR_28 = "2026-03-28T10:00:00Z";
const MAR_31 = "2026-03-31T10:00:00Z";

/** This many days later, and by so many milliseconds more. */
const later = (from: string, days: number, more = 0): string =>
  new Date(instant(from) + days * DAY_MS + more).toISOString();

const renew = (period: number) => ({ type: "RenewNumber", holding: PN, period }) as const;
const expire = { type: "ExpireTrial", holding: PN } as const;
const paid = { type: "RecordCharge", holding: PN, period: 2, payment: "paid" } as const;
const autoRenewal = (on: boolean): DomainEvent => ({
  type: "AutoRenewalChanged",
  data: { holding: PN, on },
});

/** The default catalogue, in which each plan also says this. */
const saying = (terms: Partial<PlanTerms>): PlanCatalogue =>
  Object.fromEntries(
    Object.entries(DEFAULT_PLANS).map(([name, plan]) => [name, { ...plan, ...terms }]),
  );

const onTrial = at(JAN_31, opened("Free"), requested({ paidFrom: "trial" }), lent(JAN_31));
const subscribed = at(JAN_31, opened("Growth"), requested(), purchased(JAN_31));
const prepaid = at(
  JAN_31,
  opened("Prepaid"),
  credited(2),
  requested({ paidFrom: "credits", debited: TWO_DOLLARS }),
  purchased(JAN_31, { paidFrom: "credits" }),
);
const unpaid = at(FEB_28, renewalFailed(2, MAR_1, MAR_7, PN, MAR_6), suspended("unpaid"));

/** What the number waits for after these events, and from when on. */
const waitsFor = (...past: readonly Past[]) => {
  const number = stateAfter(...past).get(numbers, PN);
  const work = number && numbers.work?.(number);
  return work && [work.automation, new Date(work.due).toISOString()];
};

test("notice is given a day before a trial ends, and three before a month does", () => {
  const end = later(JAN_31, 5);
  given(onTrial).when(expire, { at: later(end, -1, -1) }).then([]);
  given(onTrial).when(expire, { at: later(end, -1) }).then([noticeGiven("trial", end)])
    .when(expire, { at: later(end, 0, -1) }).then([]);
  given(subscribed).when(renew(2), { at: later(FEB_25, 0, -1) }).then([]);
  given(subscribed).when(renew(2), { at: FEB_25 }).then([noticeGiven("renewal", FEB_28)])
    .when(renew(2), { at: later(FEB_28, 0, -1) }).then([])
    .when(renew(2), { at: FEB_28 }).then([chargeStarted({ period: 2 })]);
});

test("each month has its own notice, counted from its own end", () => {
  given(subscribed, at(FEB_25, noticeGiven("renewal", FEB_28)), at(FEB_28, renewed(JAN_31, 2)))
    .when(renew(3), { at: MAR_28 })
    .then([noticeGiven("renewal", MAR_31)]);
});

test("the notice of a number that is not renewed is of its end", () => {
  given(subscribed, at(JAN_31, autoRenewal(false)))
    .when(renew(2), { at: FEB_25 })
    .then([noticeGiven("ending", FEB_28)]);
});

test("who turns renewal off or on after the notice knows, and is given no other", () => {
  for (const on of [false, true]) {
    const noticed = [autoRenewal(!on), noticeGiven(on ? "ending" : "renewal", FEB_28)];
    given(subscribed, at(FEB_25, ...noticed, autoRenewal(on)))
      .when(renew(2), { at: later(FEB_28, -1) })
      .then([]);
  }
});

test("notice is given a day before the grace ends, once for all its tries", () => {
  given(prepaid, unpaid).when(renew(2), { at: MAR_1 })
    .then([renewalFailed(2, later(MAR_1, 1), MAR_7)]);
  const tried = at("2026-03-05T12:00:00Z", renewalFailed(2, "2026-03-06T12:00:00Z", MAR_7));
  given(prepaid, unpaid, tried).when(renew(2), { at: later(MAR_6, 0, -1) }).then([]);
  given(prepaid, unpaid, tried).when(renew(2), { at: MAR_6 })
    .then([noticeGiven("grace", MAR_7)])
    .when(renew(2), { at: "2026-03-06T12:00:00Z" })
    .then([renewalFailed(2, MAR_7, MAR_7)])
    .when(renew(2), { at: MAR_7 })
    .then([renewalFailed(2, MAR_7, MAR_7), releaseStarted("notPaid")]);
});

test("a try within the hour precedes the notice of the grace, which follows if it fails", () => {
  for (const minutes of [0, 1, 60]) {
    const retry = later(MAR_6, 0, minutes * 60_000);
    const tried = at(later(MAR_6, -1), renewalFailed(2, retry, MAR_7));
    assert.deepEqual(waitsFor(prepaid, unpaid, tried), ["renewals", retry]);
    given(prepaid, unpaid, tried).when(renew(2), { at: retry })
      .then([renewalFailed(2, MAR_7, MAR_7), noticeGiven("grace", MAR_7)]);
    given(subscribed, unpaid, tried, at(retry, chargeStarted({ period: 2 })))
      .when(paid, { at: retry })
      .then([charge("Charged", 2), renewed(JAN_31, 2), reinstated()]);
  }
});

test("a number waits for its notice, and afterwards for its deadline", () => {
  const end = later(JAN_31, 5);
  assert.deepEqual(waitsFor(onTrial), ["trials", later(end, -1)]);
  assert.deepEqual(waitsFor(onTrial, noticeGiven("trial", end)), ["trials", end]);
  assert.deepEqual(waitsFor(subscribed), ["renewals", later(FEB_25, 0)]);
  const noticed = at(FEB_25, noticeGiven("renewal", FEB_28));
  assert.deepEqual(waitsFor(subscribed, noticed), ["renewals", later(FEB_28, 0)]);
  assert.deepEqual(waitsFor(subscribed, unpaid), ["renewals", later(MAR_1, 0)]);
});

test("no notice is given once the deadline has passed: what happens then is done", () => {
  given(onTrial).when(expire, { at: later(JAN_31, 5) })
    .then([{ type: "TrialExpired", data: { holding: PN } }, releaseStarted("trialOver")]);
  given(subscribed).when(renew(2), { at: MAR_28 }).then([chargeStarted({ period: 2 })]);
  given(prepaid, unpaid).when(renew(2), { at: MAR_7 })
    .then([renewalFailed(2, MAR_7, MAR_7), releaseStarted("notPaid")]);
});

test("a month that is paid when its notice would be past is given no notice", () => {
  given(subscribed, at(MAR_28, chargeStarted({ period: 2 })))
    .when(paid, { at: MAR_28 })
    .then([charge("Charged", 2), renewed(JAN_31, 2, "subscription", 0)])
    .when(renew(3), { at: later(MAR_31, 0, -1) })
    .then([]);
});

test("what rests since its business is not verified is charged, and has its notices", () => {
  given(subscribed, at(JAN_31, suspended("compliance")))
    .when(renew(2), { at: FEB_25 })
    .then([noticeGiven("renewal", FEB_28)]);
});

test("a number that leaves, and one that became a paid one, has no notice of before", () => {
  const leaving = at(JAN_31, releaseStarted("byUser"));
  given(subscribed, leaving).when(renew(2), { at: FEB_25 }).then([]);
  given(onTrial, leaving).when(expire, { at: later(JAN_31, 4) }).then([]);
  const converted: DomainEvent = { type: "TrialConverted", data: { holding: PN } };
  given(onTrial, at(JAN_31, planChanged("Growth"), converted))
    .when(expire, { at: later(JAN_31, 4) })
    .then([]);
});

test("numbers of older logs have their first notice in the month after", () => {
  const old = at(JAN_31, opened("Growth"), requested(), purchased(JAN_31, { noticeDays: 0 }));
  given(old).when(renew(2), { at: FEB_25 }).then([])
    .when(renew(2), { at: FEB_28, isIncluded: true })
    .then([chargeStarted({ period: 2 }), charge("Charged", 2), renewed(JAN_31, 2)])
    .when(renew(3), { at: MAR_28 })
    .then([noticeGiven("renewal", MAR_31)]);
});

test("a plan says how long before a trial's end notice is given, and 0 for none", () => {
  for (const [agreed, days] of [[0, 0], [2, 2], [4, 4], [5, 0], [365, 0]] as const) {
    const plans = saying({ trialNoticeDays: agreed });
    given(at(JAN_31, opened("Free", plans), requested({ paidFrom: "trial" })))
      .when(confirm, { at: JAN_31, plans: {} })
      .then([lent(JAN_31, PN, 5, days)]);
  }
});

test("a plan says how long before a month's end notice is given, and 0 for none", () => {
  for (const days of [0, 1, 27]) {
    const plans = saying({ renewalNoticeDays: days });
    const past = at(JAN_31, opened("Growth", plans), requested(), purchased(JAN_31));
    given(past, at(FEB_28, chargeStarted({ period: 2 })))
      .when(paid, { at: FEB_28, plans: {} })
      .then([charge("Charged", 2), renewed(JAN_31, 2, "subscription", days)]);
  }
});

test("a plan says how long before the grace's end notice is given, and 0 for none", () => {
  for (const [agreed, noticeAt] of [[0], [6, MAR_1], [2, later(MAR_7, -2)], [7], [365]] as const) {
    const plans = saying({ graceNoticeDays: agreed });
    given(at(JAN_31, opened("Prepaid", plans), requested(), purchased(JAN_31)))
      .when(renew(2), { at: FEB_28, plans: {} })
      .then([renewalFailed(2, MAR_1, MAR_7, PN, noticeAt), suspended("unpaid")]);
  }
});

test("a notice stays where it was put, though others were agreed since", () => {
  const changed = at(JAN_31, planChanged("Growth", saying({ renewalNoticeDays: 10 })));
  given(subscribed, changed).when(renew(2), { at: later(FEB_25, 0, -1) }).then([]);
  given(subscribed, changed).when(renew(2), { at: FEB_25 }).then([noticeGiven("renewal", FEB_28)]);
});

test("an organization whose terms say nothing of notices has the defaults, and keeps its terms", () => {
  const { trialNoticeDays: _trial, renewalNoticeDays: _month, graceNoticeDays: _grace, ...terms } =
    wholeTerms(termsOf(DEFAULT_PLANS["Growth"] ?? assert.fail()));
  const before: DomainEvent = {
    type: "OrganizationOpened",
    data: { name: "Acme", plan: "Growth", terms },
  };
  given(at(JAN_31, before, requested(), chargeStarted(), charge("Charged")))
    .when(confirm, { at: JAN_31, plans: {} })
    .then([purchased(JAN_31)]);
  const again = { type: "OpenOrganization", name: "Acme", plan: "Growth" } as const;
  given(at(JAN_31, before)).when(again).then([]);
  const plans = saying({ renewalNoticeDays: 10 });
  given(at(JAN_31, before)).when(again, { plans }).then([planChanged("Growth", plans)]);
});
