/** The plan of organizations that the operator closed. */
import { planOf } from "../../../core/organization/plans.ts";
import { CLOSED_PLAN, type Plan, type PlanCatalogue } from "../../../core/values/plan.ts";

/**
 * Like a plan that is no longer on offer, under which nothing is bought, and one that charges
 * nothing: what is not released otherwise is, once its month and the time to pay for the next one
 * are over.
 */
export const CLOSED: Plan = { ...planOf({}, { plan: CLOSED_PLAN }), billing: "trial" };

/** A catalogue in which this plan is found by its name; it is not among those on offer. */
export const withClosed = (plans: PlanCatalogue): PlanCatalogue =>
  Object.defineProperty({ ...plans }, CLOSED.name, { value: CLOSED });
