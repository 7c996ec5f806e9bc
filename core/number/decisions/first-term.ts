/** The term with which a number that was bought begins. */
import { DAY_MS, type Instant, monthsAfter } from "../../values/calendar.ts";
import type { WholePlan } from "../../values/plan.ts";
import { chargeKey, type PendingCharge } from "../charges.ts";
import type { Purchasing } from "../state.ts";

/**
 * The days that the plan lends a number for, or its first month: for what was charged or taken from
 * credits with the request, which is nothing where it is free.
 */
export const firstTerm = (
  { id, stage: { paidFrom, debited } }: Purchasing,
  charge: PendingCharge | undefined,
  { trialDays }: WholePlan,
  now: Instant,
) =>
  paidFrom === "trial" ? { kind: paidFrom, endsAt: now + trialDays * DAY_MS } : {
    kind: "monthly" as const,
    period: 1,
    from: now,
    to: monthsAfter(now, 1),
    amount: charge?.amount ?? debited,
    chargeKey: chargeKey(id, 1),
    paidFrom,
  };
