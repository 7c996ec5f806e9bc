/** What the operator's API shows of what is agreed with a default plan, or another one. */
import { encodeTerms } from "../../http/admin/encode.ts";
import { DEFAULT_PLANS, planOf, termsOf } from "../../core/organization/plans.ts";

export const shownTerms = (plan: string, plans = DEFAULT_PLANS) =>
  encodeTerms(termsOf(planOf(plans, { plan })));
