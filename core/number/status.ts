/** Where a number stands, as far as several rules ask. */
import { type Holding, isPurchasing } from "./state.ts";

/** Whether the purchase of the number came to nothing. */
export const isFailed = (number: Holding): boolean =>
  number.source === "managed" && number.stage.status === "failed";

const isReleasing = (number: Holding): boolean =>
  number.source === "managed" && number.stage.status === "releasing";

/** Whether the number is being bought, and its buyer does not want it any more. */
export const isCancelling = (number: Holding | undefined): boolean =>
  isPurchasing(number) && number.stage.cancelling === true;

/** Whether the number is on its way back to its carrier: it is held no more, and not free yet. */
export const isLeaving = (number: Holding): boolean => isReleasing(number) || isCancelling(number);

/** Whether a bought number counts against the plan (domain: Limit), as `currentCount` has it. */
export const takesPlace = (number: Holding): boolean =>
  number.source === "managed" && !isReleasing(number) && !isFailed(number);
