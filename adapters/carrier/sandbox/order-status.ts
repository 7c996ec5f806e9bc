/** What becomes of an order, and when: some magic numbers keep it waiting. */
import type { Clock, Order } from "../../../core/ports/mod.ts";
import { DAY_MS, type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { unreachable } from "../../../core/values/unreachable.ts";
import { magicOf } from "./magic.ts";
import type { TakenOrder } from "./orders.ts";
import { CANCELLED } from "./requirements.ts";

const SLOW_MS: Milliseconds = 3 * SECOND_MS;
const REVIEW_MS: Milliseconds = 30 * SECOND_MS;

const CALLED_OFF: Order = {
  status: "failed",
  reason: "refused",
  message: "the order of this number was cancelled",
};

/** The carrier's id of an ordered number. */
export const carrierIdOf = (order: TakenOrder): string =>
  `sandbox_${order.e164.slice(1)}_${order.sequence}`;

/** An order's status, by whichever clock has advanced further since. */
export const statusBy = (clock: Clock, realClock: Clock) => {
  const isOlder = (order: TakenOrder, limit: Milliseconds): boolean =>
    clock.now() - order.orderedAt >= limit || realClock.now() - order.machineOrderedAt >= limit;
  return (order: TakenOrder): Order => {
    if (order.cancelled === true) return CALLED_OFF;
    const confirmed: Order = { status: "confirmed", carrierId: carrierIdOf(order) };
    const behaviour = magicOf(order.e164);
    switch (behaviour) {
      case "orderSlow":
        return isOlder(order, SLOW_MS) ? confirmed : { status: "pending" };
      case "orderStays":
        return isOlder(order, DAY_MS) ? confirmed : { status: "pending" };
      case "documentsReviewed":
        return isOlder(order, REVIEW_MS) ? confirmed : { status: "pending", waitsFor: "review" };
      case "documentsDeclined":
        return isOlder(order, REVIEW_MS)
          ? CANCELLED
          : { status: "pending", waitsFor: "correction" };
      // These do something else than to make an order wait.
      case "notAvailable":
      case "soldInBetween":
      case "orderRefused":
      case "answerLost":
      case "unreachable":
      case "releaseFailsTwice":
      case "expensive":
      case undefined:
        return confirmed;
      default:
        return unreachable(behaviour);
    }
  };
};
