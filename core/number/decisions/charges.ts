/** Decides what the answer of the payments port does to a charge (`charges.ts`). */
import { type Context, type Decision, type Handler, NOTHING } from "../../log/decision.ts";
import type { DomainEvent } from "../../events/vocabulary.ts";
import type { State } from "../../log/state.ts";
import { planOf } from "../../organization/plans.ts";
import { self } from "../../organization/refusals.ts";
import { ok } from "../../values/result.ts";
import { chargeKey, charges, nextPeriodOf, type PendingCharge } from "../charges.ts";
import { type Holding, isPurchasing, numbers } from "../state.ts";
import { failing, needsCharge, needsFailing, pendingRequest } from "./needs.ts";
import { lost } from "./orders.ts";
import { isRented, renewed, type Rented, unrenewed } from "./renewal.ts";

/** Records the payments port's result of a charge that was started. */
export type RecordCharge = {
  readonly type: "RecordCharge";
  readonly holding: string;
  readonly period: number;
  readonly payment: "paid" | "declined";
};

/** Whether the charge pays for the period that the number needs next. */
const isAwaited = (number: Holding | undefined, charge: PendingCharge): number is Rented =>
  number?.source === "managed" && isRented(number) && nextPeriodOf(number) === charge.period;

const decideRecording = (
  state: State,
  { holding, period, payment }: RecordCharge,
  { plans, now }: Context,
): Decision<never> => {
  const charge = state.get(charges, chargeKey(holding, period));
  const organization = self(state);
  if (charge?.status !== "started" || organization === undefined) return ok(NOTHING);
  const number = state.get(numbers, holding);
  const plan = planOf(plans, organization);
  const about = { holding, chargeKey: charge.key };
  const events: DomainEvent[] = [];
  if (payment === "paid") {
    events.push({ type: "Charged", data: about });
    // The money is taken, even if the plan or the auto-renewal setting has changed meanwhile.
    if (isAwaited(number, charge)) {
      events.push(...renewed(number, organization, plan, now, "subscription", charge.amount));
    } else if (!isPurchasing(number)) {
      events.push({ type: "RefundStarted", data: about });
    }
  } else {
    events.push({ type: "ChargeDeclined", data: about });
    if (isPurchasing(number)) {
      const message = "The payment was declined.";
      events.push(...lost(state, number, undefined, "paymentDeclined", message));
    } else if (isAwaited(number, charge)) {
      events.push(...unrenewed(number, organization, plan, now));
    }
  }
  return ok(events);
};

/**
 * Settles a charge that was started; one that is settled, or unknown, changes nothing. What is paid
 * opens the period it was asked for, lets the number be ordered, or is given back; what is declined
 * fails the purchase or the renewal (core/README.md, Rules).
 */
export const recordCharge: Handler<RecordCharge, never> = {
  needs: (command) => command.payment === "declined" ? needsFailing(command) : needsCharge(command),
  more: (state, command) => {
    const { rows = [] } = pendingRequest(state, command);
    const isFailing = command.payment === "declined" &&
      isPurchasing(state.get(numbers, command.holding));
    return { rows: isFailing ? [...rows, ...failing(state).rows ?? []] : rows };
  },
  decide: decideRecording,
};

/** Records that the payments port refunded the charge. */
export type RecordRefund = {
  readonly type: "RecordRefund";
  readonly holding: string;
  readonly period: number;
};

/** Ends a refund; one that was not started changes nothing. */
export const recordRefund: Handler<RecordRefund, never> = {
  needs: needsCharge,
  decide: (state, { holding, period }) => {
    const charge = state.get(charges, chargeKey(holding, period));
    return ok(
      charge?.status === "refunding"
        ? [{ type: "Refunded", data: { holding, chargeKey: charge.key } }]
        : NOTHING,
    );
  },
};
