/** What a month of a number costs an organization, where that is not what the carrier asks. */
import type { DomainEvent } from "../events/vocabulary.ts";
import { priced } from "../organization/payment.ts";
import { NO_MONEY } from "../values/money.ts";
import type { PlanTerms } from "../values/plan.ts";
import type { Managed } from "./state.ts";

/** The event that a month costs what these terms say; none where it does. */
export const repriced = (
  { id: holding, monthly: present, carrierMonthly }: Pick<
    Managed,
    "id" | "monthly" | "carrierMonthly"
  >,
  terms: PlanTerms,
): readonly DomainEvent[] => {
  const { monthly } = priced({ setup: NO_MONEY, monthly: carrierMonthly }, terms);
  return monthly.micros === present.micros
    ? []
    : [{ type: "NumberPriced", data: { holding, monthly, carrierMonthly } }];
};
