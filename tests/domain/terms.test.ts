/** What an organization agreed to is in the event that gave it its plan, and holds from then on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DEFAULT_PLANS, planOf, termsOf } from "../../core/organization/plans.ts";
import { self } from "../../core/organization/refusals.ts";
import { NO_LIMITS, type Plan, type PlanCatalogue } from "../../core/values/plan.ts";
import { anyPlan } from "../support/any-plan.ts";
import { at, given, stateAfter } from "../harness/specification.ts";
import {
  buy,
  chargeStarted,
  opened,
  planChanged,
  requested,
  searched,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
const open = (plan: string, name = "Acme") => ({ type: "OpenOrganization", name, plan }) as const;

const growth: Plan = {
  name: "Growth",
  maxNumbers: 1,
  billing: "subscription",
  verification: "none",
  limits: NO_LIMITS,
};
const catalogue = (...plans: readonly Plan[]): PlanCatalogue =>
  Object.fromEntries(plans.map((plan) => [plan.name, plan]));

const before = catalogue(growth);
const closed = catalogue({ ...growth, maxNumbers: 0 });

test("an organization's plan is what was agreed, whatever the catalogue says of it since", () => {
  const past = at(NOON, opened("Growth", before), searched("+14155550101"));
  for (const plans of [before, closed, catalogue({ ...growth, name: "Other" })]) {
    given(past).when(buy(), { at: NOON, plans }).then([requested(), chargeStarted()]);
  }
  const agreedToNone = at(NOON, opened("Growth", closed), searched("+14155550101"));
  given(agreedToNone).when(buy(), { at: NOON, plans: before }).then("PLAN_LIMIT_REACHED");
});

test("an old event gives a plan's name alone, and the catalogue of the decision holds", () => {
  const old = at(NOON, opened("Growth"), searched("+14155550101"));
  given(old).when(buy(), { at: NOON, plans: closed }).then("PLAN_LIMIT_REACHED");
  const changed = at(
    NOON,
    opened("Growth", before),
    planChanged("Scale"),
    searched("+14155550101"),
  );
  assert.equal(self(stateAfter(changed))?.terms, undefined);
  given(changed).when(buy(), { at: NOON, plans: before }).then("PLAN_LIMIT_REACHED");
});

test("the same plan once more gives the terms of now, where they differ or none were agreed", () => {
  given(at(NOON, opened("Growth", before)))
    .when(open("Growth"), { at: NOON, plans: before }).then([]);
  for (const past of [opened("Growth", before), opened("Growth")]) {
    given(at(NOON, past))
      .when(open("Growth"), { at: NOON, plans: closed })
      .then([planChanged("Growth", closed)]);
  }
});

test("a plan that left the catalogue is not given again, and holds where it was agreed", () => {
  const gone = catalogue({ ...growth, name: "Other" });
  given(at(NOON, opened("Growth", before))).when(open("Growth", "New"), { at: NOON, plans: gone })
    .then("PLAN_UNKNOWN");
});

test("events keep every term of any plan, as they come back from the log", () => {
  fc.assert(
    fc.property(anyPlan("Growth"), anyPlan("Growth"), (agreed, later) => {
      const { state } = given()
        .when(open("Growth"), { at: NOON, plans: catalogue(agreed) })
        .then([opened("Growth", catalogue(agreed))]);
      const organization = self(state);
      assert.deepEqual(organization?.terms, termsOf(agreed));
      assert.deepEqual(planOf(catalogue(later), organization), agreed);
      assert.deepEqual(planOf(DEFAULT_PLANS, organization), agreed);
    }),
  );
});
