/** The term with which a number that was bought begins. */
import { DAY_MS, type Instant, monthsAfter } from "../../values/calendar.ts";
import type { WholePlan } from "../../values/plan.ts";
import { chargeKey, type PendingCharge } from "../charges.ts";
import type { Purchasing } from "../state.ts";
import { noticeBefore } from "./notices.ts";

/**
 * The days that the plan lends a number for, or its first month: for what was charged or taken from
 * credits with the request, which is nothing where it is free.
 */
export const firstTerm = (
  { id, stage: { paidFrom, debited } }: Purchasing,
  charge: PendingCharge | undefined,
  { trialDays, trialNoticeDays, renewalNoticeDays }: WholePlan,
  now: Instant,
) => {
  if (paidFrom === "trial") {
    const endsAt = now + trialDays * DAY_MS;
    return { kind: paidFrom, endsAt, ...noticeBefore(endsAt, trialNoticeDays, now) };
  }
  const to = monthsAfter(now, 1);
  return {
    kind: "monthly" as const,
    period: 1,
    from: now,
    to,
    amount: charge?.amount ?? debited,
    chargeKey: chargeKey(id, 1),
    paidFrom,
    ...noticeBefore(to, renewalNoticeDays, now),
  };
};
