/** What a month of a number costs an organization, where that is not what the carrier asks. */
import type { DomainEvent } from "../events/vocabulary.ts";
import { monthlyOf } from "../organization/payment.ts";
import type { PlanTerms } from "../values/plan.ts";
import type { Managed } from "./state.ts";

/**
 * The event that a month costs what these terms say; none where it does. Without `monthly` the
 * number is new, and costs what the carrier asks until this event.
 */
export const repriced = (
  { id: holding, carrierMonthly, monthly: present = carrierMonthly }:
    & Pick<Managed, "id" | "carrierMonthly">
    & Partial<Pick<Managed, "monthly">>,
  terms: PlanTerms,
): readonly DomainEvent[] => {
  const monthly = monthlyOf(carrierMonthly, terms);
  return monthly.micros === present.micros
    ? []
    : [{ type: "NumberPriced", data: { holding, monthly, carrierMonthly } }];
};
