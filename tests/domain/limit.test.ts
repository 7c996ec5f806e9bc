import assert from "node:assert/strict";
import { ONE_WORLD } from "../../core/log/decision.ts";
import { test } from "node:test";
import { decide } from "../../core/registry/commands.ts";
import { numbers } from "../../core/number/state.ts";
import {
  eligibilityOf,
  isVerified,
  planLimitReached,
} from "../../core/organization/eligibility.ts";
import { NO_LIMITS, type Plan } from "../../core/values/plan.ts";
import { planOf } from "../../core/organization/plans.ts";
import { self } from "../../core/organization/refusals.ts";
import type { E164 } from "../../core/values/e164.ts";
import {
  ACME,
  ALICE,
  at,
  given,
  instant,
  type Moment,
  stateAfter,
} from "../harness/specification.ts";
import {
  bringIn,
  buy,
  chargeStarted,
  imported,
  opened,
  purchased,
  purchaseFailed,
  released,
  releaseStarted,
  renewalFailed,
  requested,
  searched,
  sipInstalled,
  suspended,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const FIRST = { holding: "pn_a", e164: "+14155550191" as E164 };
const SECOND = { holding: "pn_b", e164: "+14155550192" as E164 };
const WANTED: E164 = "+14155550101";

/** A plan with space for two numbers. */
const plans = {
  Pair: {
    name: "Pair",
    maxNumbers: 2,
    billing: "subscription",
    verification: "none",
    limits: NO_LIMITS,
  },
} as const;

const full = (...events: Parameters<typeof at>[1][]): Moment =>
  at(
    NOON,
    opened("Pair"),
    requested(FIRST),
    purchased(NOON, { holding: FIRST.holding }),
    requested(SECOND),
    ...events,
    searched(WANTED),
  );

const refused = (...events: Parameters<typeof at>[1][]): void => {
  given(full(...events)).when(buy(), { at: NOON, plans }).then("PLAN_LIMIT_REACHED");
};
const allowed = (...events: Parameters<typeof at>[1][]): void => {
  given(full(...events)).when(buy(), { at: NOON, plans }).then([requested(), chargeStarted()]);
};

test("limit counts a number when it is being bought", () => refused());

test("limit counts a number when it is active", () => {
  refused(purchased(NOON, { holding: SECOND.holding }));
});

test("limit counts a number when it is suspended", () => {
  refused(
    purchased(NOON, { holding: SECOND.holding }),
    renewalFailed(2, NOON, NOON, SECOND.holding),
    suspended("unpaid", SECOND.holding),
  );
  refused(
    purchased(NOON, { holding: SECOND.holding }),
    suspended("compliance", SECOND.holding),
  );
});

test("limit does not count a number when its purchase failed", () => {
  allowed(purchaseFailed(SECOND));
  allowed(purchaseFailed(SECOND), {
    type: "PurchaseDismissed",
    data: { holding: SECOND.holding },
  });
});

test("limit does not count a number when it is being released, or was", () => {
  const bought = purchased(NOON, { holding: SECOND.holding });
  const leaving = releaseStarted("byUser", SECOND.holding);
  allowed(bought, leaving);
  allowed(bought, leaving, released(SECOND));
});

test("limit does not count a number when it is imported", () => {
  const brought = imported({ holding: "pn_c", e164: "+14155550193" });
  given(at(NOON, opened("Pair"), requested(FIRST), brought, searched(WANTED)))
    .when(buy(), { at: NOON, plans })
    .then([requested(), chargeStarted()]);
});

test("import is allowed when the limit is reached", () => {
  given(full(sipInstalled())).when(bringIn(), { at: NOON, plans }).then([imported()]);
});

test("limit refuses new numbers and keeps the old when the plan became a smaller one", () => {
  const small = { Pair: { ...plans.Pair, maxNumbers: 1 } };
  const { state } = given(full()).when(buy(), { at: NOON, plans: small }).then(
    "PLAN_LIMIT_REACHED",
  );
  assert.equal(state.all(numbers).length, 2);
});

test("there is no limit when the plan is no longer in the catalogue", () => {
  given(at(NOON, opened("Gone"), searched(WANTED)))
    .when(buy(), { at: NOON })
    .then("PLAN_LIMIT_REACHED");
});

test("refusal shows the place within the plan when the limit is reached", () => {
  const state = stateAfter(full());
  const context = { organization: ACME, now: instant(NOON), actor: ALICE, plans, ...ONE_WORLD };
  const decision = decide(state, buy(), context);
  assert.ok(!decision.ok && decision.error.code === "PLAN_LIMIT_REACHED");
  assert.deepEqual(decision.error.eligibility, {
    currentCount: 2,
    maxAllowed: 2,
    hasSubscription: true,
    planName: "Pair",
  });
});

test("eligibility counts a number already when its purchase was only requested", () => {
  const organization = self(stateAfter(at(NOON, opened("Growth"), requested())));
  assert.ok(organization !== undefined);
  assert.equal(eligibilityOf(organization, planOf(plans, organization)).currentCount, 1);
});

const trialPlan: Plan = {
  name: "Free",
  maxNumbers: 1,
  billing: "trial",
  verification: "none",
  limits: NO_LIMITS,
};

test("verification suffices as far as the plan asks for one", () => {
  const organization = self(stateAfter(at(NOON, opened()))) ?? assert.fail("it was opened");
  const verified = (asked: Plan["verification"]) =>
    (["missing", "draft", "submitted", "approved", "rejected", "revoked"] as const).filter(
      (status) => {
        const verification = { id: null, status, revoked: false };
        return isVerified({ ...organization, verification }, { ...trialPlan, verification: asked });
      },
    );
  assert.equal(verified("none").length, 6);
  assert.deepEqual(verified("submitted"), ["submitted", "approved"]);
  assert.deepEqual(verified("approved"), ["approved"]);
});

test("refusal says how many numbers the plan allows, or how many trials it had", () => {
  const organization = self(stateAfter(at(NOON, opened()))) ?? assert.fail("it was opened");
  const said = (plan: Plan) => planLimitReached(organization, plan, "own").error.message;
  assert.equal(
    said(trialPlan),
    "The Free plan includes 1 trial number, which was used; move to a paid plan for more.",
  );
  assert.equal(
    said({ ...trialPlan, maxNumbers: 2 }),
    "The Free plan includes 2 trial numbers, which were used; move to a paid plan for more.",
  );
  assert.equal(
    said({ ...trialPlan, billing: "credits", maxNumbers: 2 }),
    "The Free plan allows 2 numbers, and no more; release one, or move to a larger plan.",
  );
});
