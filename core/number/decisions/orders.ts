/** Decides what the answer of the carrier does to a purchase; `purchase.ts` begins it. */
import type { OrderWait } from "../../ports/carrier.ts";
import { type Context, type Decision, type Handler, NOTHING } from "../../log/decision.ts";
import type { Refused } from "../../log/decision.ts";
import type { DomainEvent } from "../../events/vocabulary.ts";
import type { State } from "../../log/state.ts";
import { mustRest } from "../../organization/eligibility.ts";
import { isCharged, paymentOf } from "../../organization/payment.ts";
import { planOf } from "../../organization/plans.ts";
import { tooManyFailed } from "../../organization/quotas.ts";
import { self } from "../../organization/refusals.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../../values/calendar.ts";
import { placeData } from "../../values/claim-key.ts";
import { failed, ok } from "../../values/result.ts";
import { chargeKey, charges, type PendingCharge } from "../charges.ts";
import type { FailureReason } from "../../events/number.ts";
import {
  type ChargeUnsettled,
  chargeUnsettled,
  type NumberUnknown,
  unknownNumber,
} from "../refusals.ts";
import { RECOVERY_BUDGET_MS } from "../stage.ts";
import { isPurchasing, numbers, type Purchasing } from "../state.ts";
import { isCancelling } from "../status.ts";
import { firstTerm } from "./first-term.ts";
import { reassign } from "./routing.ts";
import {
  importedElsewhere,
  importInTheWay,
  lineClaims,
  type NumberImportedElsewhere,
  worldsOfImports,
} from "./imports.ts";
import { failing, needsCharge, needsFailing } from "./needs.ts";
import { beginRelease } from "./release.ts";

const needsFirstCharge = ({ holding }: { readonly holding: string }) =>
  needsCharge({ holding, period: 1 });

/** What a command reads by which a purchase may fail. */
const NEEDS_FAILING = {
  needs: ({ holding }: { readonly holding: string }) => needsFailing({ holding, period: 1 }),
  more: failing,
};

const firstCharge = (state: State, holding: string): PendingCharge | undefined =>
  state.get(charges, chargeKey(holding, 1));

/** Whether the purchase needs no further payment outside credits. */
const isPaid = ({ stage }: Purchasing, charge: PendingCharge | undefined): boolean =>
  !isCharged(stage.paidFrom) || charge?.status === "paid";

/**
 * A decision about a purchase in progress; once it has ended, nothing changes. Refused for what was
 * not bought.
 */
const inProgress = <C extends { readonly holding: string }, Refusal>(
  decide: (state: State, number: Purchasing, command: C, context: Context) => Decision<Refusal>,
) =>
(state: State, command: C, context: Context): Decision<Refusal | NumberUnknown> => {
  const number = state.get(numbers, command.holding);
  if (number?.source !== "managed") return unknownNumber;
  return isPurchasing(number) ? decide(state, number, command, context) : ok(NOTHING);
};

/** The carrier confirmed the order: the number is the organization's. */
export type ConfirmPurchase = {
  readonly type: "ConfirmPurchase";
  readonly holding: string;
  readonly carrierId: string;
};

/** Why a purchase cannot be confirmed yet. */
export type ConfirmationRefusal = NumberUnknown | ChargeUnsettled | NumberImportedElsewhere;

const decideConfirm = inProgress((
  state,
  number,
  { holding, carrierId }: ConfirmPurchase,
  { now, plans },
): Decision<ConfirmationRefusal> => {
  const charge = firstCharge(state, holding);
  if (!isPaid(number, charge)) return chargeUnsettled;
  const claim = importInTheWay(state, worldsOfImports(number), number.e164);
  if (claim !== undefined) return importedElsewhere(claim);
  const organization = self(state);
  const plan = planOf(plans, organization);
  const events: DomainEvent[] = [{
    type: "NumberPurchased",
    data: { holding, carrierId, term: firstTerm(number, charge, plan, now) },
  }];
  // While the carrier was busy, the buyer may have cancelled: a number bought anyway is paid for as
  // usual and released immediately, so that no further month is charged …
  if (isCancelling(number)) return ok([...events, ...beginRelease(number, "byUser")]);
  // … the organization may have moved to a paid plan …
  if (number.stage.paidFrom === "trial" && paymentOf(plan) !== null) {
    events.push({ type: "TrialConverted", data: { holding } });
  }
  // … and its verification may have been revoked.
  if (organization !== undefined && mustRest(organization, plan)) {
    events.push({ type: "Suspended", data: { holding, why: "compliance" } });
  }
  return ok(events);
});

/**
 * Confirms a purchase; a second confirmation changes nothing. Refused while a charge for it is not
 * paid: no number is ordered before. Refused, too, while the number is imported in any spelling:
 * the carrier's confirmation is proof, so that import must end first.
 */
export const confirmPurchase: Handler<ConfirmPurchase, ConfirmationRefusal> = {
  needs: needsFirstCharge,
  more: (state, { holding }) => {
    const number = state.get(numbers, holding);
    return isPurchasing(number) ? { claims: lineClaims(worldsOfImports(number), number.e164) } : {};
  },
  decide: decideConfirm,
};

/**
 * What a failed purchase gives back: its assistant, its place, its claim, what was debited, and
 * what was charged outside credits, as far as that was paid. One that was cancelled is then
 * dismissed, since its buyer knows; otherwise older failed purchases are dismissed where too many
 * are shown.
 */
export const lost = (
  state: State,
  number: Purchasing,
  charge: PendingCharge | undefined,
  reason: FailureReason,
  message: string,
): readonly DomainEvent[] => {
  const { id: holding, e164, createdAt, stage: { debited: refunded } } = number;
  const events: DomainEvent[] = [...reassign(number, null), {
    type: "PurchaseFailed",
    data: {
      holding,
      e164,
      reason,
      message,
      refunded,
      requestedAt: createdAt,
      ...placeData(number.place),
    },
  }];
  if (charge?.status === "paid") {
    events.push({ type: "RefundStarted", data: { holding, chargeKey: charge.key } });
  }
  if (isCancelling(number)) {
    events.push({ type: "PurchaseDismissed", data: { holding } });
    return events;
  }
  for (const id of tooManyFailed(state, number.place)) {
    const other = state.get(numbers, id);
    if (other !== undefined) events.push(...beginRelease(other, "byUser"));
  }
  return events;
};

/** The order failed. */
export type FailPurchase = {
  readonly type: "FailPurchase";
  readonly holding: string;
  /** The `orderedAt` of the sending, or of the look-up after it, that failed. */
  readonly orderedAt: Instant;
  readonly reason: FailureReason;
  readonly message: string;
};

/**
 * Fails a purchase: its place, its claim and its money are given back. It changes nothing when the
 * order was sent again since: the later sending may be taken, whatever happened to the earlier.
 * Refused while it is not known whether a charge for it was taken.
 */
export const failPurchase: Handler<FailPurchase, NumberUnknown | ChargeUnsettled> = {
  ...NEEDS_FAILING,
  decide: inProgress((state, number, { holding, orderedAt, reason, message }) => {
    if (number.stage.orderedAt !== orderedAt) return ok(NOTHING);
    const charge = firstCharge(state, holding);
    if (!isPaid(number, charge)) return chargeUnsettled;
    return ok(lost(state, number, charge, reason, message));
  }),
};

/** Why a purchase that was cancelled in time failed. */
const UNORDERED = "The purchase was cancelled before the carrier took the order.";

/** It is not known whether the charge for a purchase was taken. */
export type AbandonPurchase = { readonly type: "AbandonPurchase"; readonly holding: string };

/**
 * Fails a purchase whose charge has stayed unknown for its whole recovery budget, or one that is
 * cancelled; before, or once the charge is known, it changes nothing. Nothing was ordered, since
 * that waits for the charge, which is settled automatically, and given back if it was taken.
 */
export const abandonPurchase: Handler<AbandonPurchase, NumberUnknown> = {
  ...NEEDS_FAILING,
  decide: inProgress((state, number, { holding }, { now }) => {
    const isUnwanted = isCancelling(number);
    if (!isUnwanted && now < number.createdAt + RECOVERY_BUDGET_MS) return ok(NOTHING);
    const charge = firstCharge(state, holding);
    if (charge?.status !== "started") return ok(NOTHING);
    if (isUnwanted) return ok(lost(state, number, charge, "cancelled", UNORDERED));
    const message = "It did not become known in time whether the payment was made.";
    return ok(lost(state, number, charge, "paymentUnknown", message));
  }),
};

/** The carrier answered that it has the order of a purchase. */
export type NoteOrder = {
  readonly type: "NoteOrder";
  readonly holding: string;
  /** What it waits for there; null for nothing but the carrier. */
  readonly waitsFor: OrderWait | null;
};

/**
 * Records that the carrier has the order: it is never sent again, even if the carrier does not list
 * it, and the purchase does not time out, even if documents take weeks. Recording the same twice
 * changes nothing.
 */
export const noteOrder: Handler<NoteOrder, NumberUnknown> = {
  needs: needsFirstCharge,
  decide: inProgress((_state, number, { holding, waitsFor }) => {
    const events: DomainEvent[] = [];
    if (!number.stage.taken) events.push({ type: "OrderTaken", data: { holding } });
    if ((number.stage.waitsFor ?? null) !== waitsFor) {
      events.push({ type: "OrderWaits", data: { holding, waitsFor } });
    }
    return ok(events);
  }),
};

/** The carrier was asked for the order of a purchase, and does not have it. */
export type RepeatOrder = {
  readonly type: "RepeatOrder";
  readonly holding: string;
  /** When the look-up that found nothing was begun, measured as `orderedAt` was. */
  readonly lookedUpAt: Instant;
  /** How long after its possible sending an order can still be taken, or appear. */
  readonly settlingMs: Milliseconds;
};

/** How long after its settling an order is looked up at the latest: work pauses between. */
const LOOK_UP_MS = 30 * SECOND_MS;

/** The order may still be under way: a look-up that finds nothing proves nothing yet. */
export type OrderSettling = Refused<"ORDER_SETTLING">;

const orderSettling = failed<OrderSettling>({
  code: "ORDER_SETTLING",
  message: "The order of this phone number may still be under way.",
});

const decideRepeat = inProgress((
  state,
  number,
  { holding, lookedUpAt, settlingMs }: RepeatOrder,
  { now },
): Decision<ChargeUnsettled | OrderSettling> => {
  const charge = firstCharge(state, holding);
  if (!isPaid(number, charge)) return chargeUnsettled;
  const { orderedAt, taken } = number.stage;
  if (taken || lookedUpAt <= orderedAt + settlingMs) return orderSettling;
  if (isCancelling(number)) return ok(lost(state, number, charge, "cancelled", UNORDERED));
  // An order whose outcome would not be known within the budget is not sent again.
  if (now + settlingMs + LOOK_UP_MS < number.createdAt + RECOVERY_BUDGET_MS) {
    return ok([{ type: "OrderRepeated", data: { holding } }]);
  }
  return ok(lost(state, number, charge, "unreachable", "The carrier never took the order."));
});

/**
 * Lets an order be sent once more under its key, or fails a purchase that is cancelled, or whose
 * recovery budget (ten minutes from the request) leaves no time for that. Refused while the order
 * may still be under way: only a look-up begun after the settling delay proves that the carrier
 * never had it, so that a number is never ordered twice; one that the carrier acknowledged stays
 * under way until the carrier reports its end. Intent and look-up are dated by the clocks of the
 * processes that did them. Within a process, and over its restart, a clock that is set does not
 * matter (`sinceOf`); but a process whose clock is ahead of another's shortens the delay by as
 * much, which is up to a minute each before their clocks are doubted.
 */
export const repeatOrder: Handler<RepeatOrder, NumberUnknown | ChargeUnsettled | OrderSettling> = {
  ...NEEDS_FAILING,
  decide: decideRepeat,
};
