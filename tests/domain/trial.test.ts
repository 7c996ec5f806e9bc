import { NO_LIMITS } from "../../core/values/plan.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { numbers } from "../../core/number/state.ts";
import type { PlanCatalogue } from "../../core/values/plan.ts";
import { at, given, instant } from "../harness/specification.ts";
import {
  approved,
  assigned,
  buy,
  confirm,
  lent,
  noticeGiven,
  offerOf,
  opened,
  planChanged,
  PN,
  purchaseFailed,
  released,
  releaseStarted,
  requested,
  searched,
  submitted,
  suspended,
  unassigned,
} from "../harness/story/mod.ts";

const BOUGHT = "2026-01-31T10:00:00Z";
const FOUR_DAYS_LATER = "2026-02-04T10:00:00Z";
const FIVE_DAYS_LATER = "2026-02-05T10:00:00Z";
const expire = { type: "ExpireTrial", holding: PN } as const;

const onTrial = at(BOUGHT, opened("Free"), requested({ paidFrom: "trial" }), lent(BOUGHT));

test("purchase is a trial that costs nothing when a Free organization buys its first number", () => {
  given(at(BOUGHT, opened("Free"), searched(offerOf().e164)))
    .when(buy(), { at: BOUGHT })
    .then([requested({ paidFrom: "trial" })]);
});

test("trial ends 5 × 24 hours after the purchase when the carrier confirms", () => {
  given(at(BOUGHT, opened("Free"), requested({ paidFrom: "trial" })))
    .when(confirm, { at: BOUGHT })
    .then([lent(BOUGHT)]);
});

test("trial counts from the confirmation when the carrier was slow", () => {
  given(at(BOUGHT, opened("Free"), requested({ paidFrom: "trial" })))
    .when(confirm, { at: "2026-02-01T00:00:00Z" })
    .then([lent("2026-02-01T00:00:00Z")]);
});

test("second trial is refused when the first is running", () => {
  given(onTrial)
    .when(buy({ holding: "pn_2", e164: "+14155550102" }), { at: BOUGHT })
    .then("PLAN_LIMIT_REACHED");
});

test("second trial is refused when the first is long over", () => {
  given(onTrial, at(FIVE_DAYS_LATER, releaseStarted("trialOver"), released({ why: "trialOver" })))
    .when(buy({ holding: "pn_2" }), { at: "2030-01-01T00:00:00Z" })
    .then("PLAN_LIMIT_REACHED");
});

test("trial is refused when a number was bought on a paid plan before", () => {
  given(
    at(BOUGHT, opened("Growth"), requested(), releaseStarted("byUser"), released()),
    at("2026-02-01T00:00:00Z", planChanged("Free")),
  )
    .when(buy({ holding: "pn_2" }), { at: "2026-02-01T00:00:00Z" })
    .then("PLAN_LIMIT_REACHED");
});

test("trial may be tried again when the first purchase failed", () => {
  given(
    at(BOUGHT, opened("Free"), requested({ paidFrom: "trial" }), purchaseFailed()),
    at(BOUGHT, searched(offerOf().e164)),
  )
    .when(buy({ holding: "pn_2", orderKey: "od_2" }), { at: BOUGHT })
    .then([requested({ holding: "pn_2", orderKey: "od_2", paidFrom: "trial" })]);
});

test("trial expires and its release starts when its five days are over", () => {
  given(onTrial)
    .when(expire, { at: FIVE_DAYS_LATER })
    .then([{ type: "TrialExpired", data: { holding: PN } }, releaseStarted("trialOver")]);
});

test("trial loses its assistant when it expires", () => {
  given(onTrial, at(BOUGHT, assigned("agent")))
    .when(expire, { at: FIVE_DAYS_LATER })
    .then([
      { type: "TrialExpired", data: { holding: PN } },
      unassigned("agent"),
      releaseStarted("trialOver"),
    ]);
});

test("trial does not expire when a millisecond of it is left", () => {
  given(onTrial, at(FOUR_DAYS_LATER, noticeGiven("trial", FIVE_DAYS_LATER)))
    .when(expire, { at: "2026-02-05T09:59:59.999Z" })
    .then([]);
});

test("expiring is refused when the number is unknown", () => {
  given(at(BOUGHT, opened("Free"))).when(expire, { at: FIVE_DAYS_LATER }).then("NUMBER_UNKNOWN");
});

test("trial becomes a paid number when the organization moves to a paid plan", () => {
  const converted = "2026-02-03T12:00:00Z";
  const { state } = given(onTrial)
    .when({ type: "OpenOrganization", name: "Acme", plan: "Growth" }, { at: converted })
    .then([planChanged("Growth", DEFAULT_PLANS), {
      type: "TrialConverted",
      data: { holding: PN },
    }]);
  const number = state.get(numbers, PN);
  assert.ok(number?.source === "managed" && number.stage.status === "active");
  assert.deepEqual(number.stage.term, {
    kind: "monthly",
    anchor: instant(converted),
    period: 0,
    endsAt: instant(converted),
    noticeAt: null,
    lastChargedAt: null,
    autoRenewal: true,
  });
});

test("trial becomes a paid number when the plan changed while it was being bought", () => {
  given(at(BOUGHT, opened("Free"), requested({ paidFrom: "trial" }), planChanged("Growth")))
    .when(confirm, { at: BOUGHT })
    .then([lent(BOUGHT), { type: "TrialConverted", data: { holding: PN } }]);
});

test("trial no longer expires when it was converted", () => {
  given(
    onTrial,
    at(BOUGHT, planChanged("Growth"), { type: "TrialConverted", data: { holding: PN } }),
  )
    .when(expire, { at: FIVE_DAYS_LATER })
    .then([]);
});

test("trial stays a trial when the plan changes to another that lends", () => {
  const plans: PlanCatalogue = {
    Free: {
      name: "Free",
      maxNumbers: 1,
      billing: "trial",
      verification: "none",
      limits: NO_LIMITS,
    },
    Taster: {
      name: "Taster",
      maxNumbers: 1,
      billing: "trial",
      verification: "none",
      limits: NO_LIMITS,
    },
  };
  given(onTrial)
    .when({ type: "OpenOrganization", name: "Acme", plan: "Taster" }, { at: BOUGHT, plans })
    .then([planChanged("Taster", plans)]);
});

test("trial that rests is converted and back when the plan changes to one that asks for less", () => {
  const plans: PlanCatalogue = {
    Checked: {
      name: "Checked",
      maxNumbers: 1,
      billing: "trial",
      verification: "approved",
      limits: NO_LIMITS,
    },
    Growth: {
      name: "Growth",
      maxNumbers: 10,
      billing: "subscription",
      verification: "none",
      limits: NO_LIMITS,
    },
  };
  given(
    at(
      BOUGHT,
      opened("Checked"),
      submitted(),
      approved(),
      requested({ paidFrom: "trial" }),
      lent(BOUGHT),
    ),
    at(BOUGHT, { type: "VerificationRevoked", data: { verification: "vs_1", reason: "Gone." } }),
    at(BOUGHT, suspended("compliance")),
  )
    .when({ type: "OpenOrganization", name: "Acme", plan: "Growth" }, { at: BOUGHT, plans })
    .then([
      planChanged("Growth", plans),
      { type: "TrialConverted", data: { holding: PN } },
      { type: "Reinstated", data: { holding: PN } },
    ]);
});
