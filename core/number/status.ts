/** Facts about a number's status that several rules need. */
import type { Instant } from "../values/calendar.ts";
import { type Holding, isPurchasing } from "./state.ts";

/** Whether the purchase of the number failed. */
export const isFailed = (number: Holding): boolean =>
  number.source === "managed" && number.stage.status === "failed";

const isReleasing = (number: Holding): boolean =>
  number.source === "managed" && number.stage.status === "releasing";

/** Whether the number is being bought, and its buyer has cancelled it. */
export const isCancelling = (number: Holding | undefined): boolean =>
  isPurchasing(number) && number.stage.cancelling === true;

/** Whether the number is being released to its carrier: no longer held, and not free yet. */
export const isLeaving = (number: Holding): boolean => isReleasing(number) || isCancelling(number);

/**
 * The number at this time: a trial serves no longer than it lasts, even before its end is recorded,
 * for example when no server ran at that time. The end of a period alone ends nothing: while a
 * charge for the next one is open, the number stays in service.
 */
export const holdingAt = (number: Holding, now: Instant): Holding => {
  if (number.source === "imported" || number.stage.status !== "active") return number;
  const { carrierId, term } = number.stage;
  if (term.kind !== "trial" || now < term.endsAt) return number;
  const stage = {
    status: "releasing",
    carrierId,
    term,
    since: term.endsAt,
    why: "trialOver",
  } as const;
  return { ...number, stage };
};

/**
 * Whether a bought number counts against the plan (core/README.md, Rules), as `currentCount` has
 * it.
 */
export const takesPlace = (number: Holding): boolean =>
  number.source === "managed" && !isReleasing(number) && !isFailed(number);
