/** The plan `Growth` of up to 1,000 numbers, with no limits but these. */
import { NO_LIMITS, type Plan, type PlanCatalogue } from "../../core/values/plan.ts";

export const planWith = (limits: Partial<Plan["limits"]>): PlanCatalogue => ({
  Growth: {
    name: "Growth",
    maxNumbers: 1_000,
    billing: "subscription",
    verification: "none",
    limits: { ...NO_LIMITS, ...limits },
  },
});
