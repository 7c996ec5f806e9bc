/** What a plan still allows: its limit of numbers, and how far the business must be verified. */
import type { Place } from "../values/claim-key.ts";
import { counted } from "../values/counted.ts";
import { failed } from "../values/result.ts";
import type { Plan } from "../values/plan.ts";
import { paymentOf } from "./payment.ts";
import { countsOf, type Organization } from "./state.ts";
import { unreachable } from "../values/unreachable.ts";

/** What an organization may still buy under its plan; the shape the products show their users. */
export type Eligibility = {
  /** Bought numbers held now. */
  readonly currentCount: number;
  readonly maxAllowed: number;
  readonly hasSubscription: boolean;
  readonly planName: string;
};

/** The organization's place within its plan, or in the sandbox beside a live carrier. */
export const eligibilityOf = (
  organization: Organization,
  plan: Plan,
  place: Place = "own",
): Eligibility => ({
  currentCount: countsOf(organization, place).held,
  maxAllowed: plan.maxNumbers,
  hasSubscription: plan.billing === "subscription",
  planName: plan.name,
});

/** The plan allows no further number. */
export type PlanLimitReached = {
  readonly code: "PLAN_LIMIT_REACHED";
  readonly message: string;
  readonly eligibility: Eligibility;
};

/**
 * Whether one more number may be bought. A trial plan counts numbers ever bought, the others what
 * is held now (core/README.md, Rules).
 */
export const hasCapacity = (organization: Organization, plan: Plan, place: Place): boolean => {
  const { everBought, held } = countsOf(organization, place);
  return (paymentOf(plan) === null ? everBought : held) < plan.maxNumbers;
};

/** The refusal of a purchase beyond the plan's limit. */
export const planLimitReached = (organization: Organization, plan: Plan, place: Place) =>
  failed<PlanLimitReached>({
    code: "PLAN_LIMIT_REACHED",
    message: paymentOf(plan) === null
      ? `The ${plan.name} plan includes ${counted(plan.maxNumbers, "trial number")}, which ${
        plan.maxNumbers === 1 ? "was" : "were"
      } used; ` +
        "move to a paid plan for more."
      : `The ${plan.name} plan allows ${counted(plan.maxNumbers, "number")}, and no more; ` +
        "release one, or move to a larger plan.",
    eligibility: eligibilityOf(organization, plan, place),
  });

/** Whether the business behind the organization is verified far enough for its plan. */
export const isVerified = (organization: Organization, plan: Plan): boolean => {
  const { status } = organization.verification;
  switch (plan.verification) {
    case "none":
      return true;
    case "submitted":
      return status === "submitted" || status === "approved";
    case "approved":
      return status === "approved";
    default:
      return unreachable(plan.verification);
  }
};

/** Whether numbers must rest: the plan requires a verification, and it is revoked. */
export const mustRest = (organization: Organization, plan: Plan): boolean =>
  plan.verification !== "none" && organization.verification.revoked;
