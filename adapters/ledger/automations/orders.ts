import * as Effect from "effect/Effect";
import { chargeKey, charges } from "../../../core/number/charges.ts";
import { needsCharge } from "../../../core/number/decisions/needs.ts";
import type { FailureReason } from "../../../core/events/number.ts";
import {
  type Holding,
  isPurchasing,
  numbers,
  type Purchasing,
} from "../../../core/number/state.ts";
import type { CarrierName } from "../../../core/ports/carrier.ts";
import { isCancelling } from "../../../core/number/status.ts";
import type { Order, OrderWait } from "../../../core/ports/mod.ts";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import { automation } from "../../../core/values/identity.ts";
import { type CarrierFailure, latestEffectOf } from "../engine/carrier-calls.ts";
import { settleCharge } from "./charges.ts";
import { execute, read } from "../engine/execute.ts";
import { despiteImports } from "../engine/import-conflicts.ts";
import { GUARD_MS, Ports } from "../engine/services.ts";
import { type Asking, callOff, lookUp, place, placeAgain } from "./order-calls.ts";
import { type Progress, progressOf, type Step, type StepFailure } from "./step.ts";

const ACTOR = automation("ordering");

/** Fails a purchase whose order, as it was last sent when `number` was read, failed. */
const fail = (
  organization: string,
  { id: holding, stage: { orderedAt } }: Purchasing,
  reason: FailureReason,
  message: string,
) => {
  const command = { type: "FailPurchase", holding, orderedAt, reason, message } as const;
  return Effect.map(execute({ organization, actor: ACTOR, command }), progressOf);
};

/**
 * Asks to send an order again of which a look-up found nothing; null while that is too early, or
 * where the purchase is given up instead.
 */
const repeat = Effect.fnUntraced(function* (
  organization: string,
  number: Purchasing,
  lookedUpAt: Instant,
  leastMs: Milliseconds,
) {
  const settlingMs = Math.max(leastMs, yield* latestEffectOf(number.carrier));
  const command = { type: "RepeatOrder", holding: number.id, lookedUpAt, settlingMs } as const;
  const { events, state } = yield* execute({ organization, actor: ACTOR, command });
  return events.length > 0 ? state.get(numbers, number.id) : null;
});

/**
 * Records that the carrier has the order, where the next look-up may not find it, and what the
 * order waits for there, where that has changed.
 */
const note = Effect.fnUntraced(function* (
  organization: string,
  number: Purchasing,
  waitsFor: OrderWait | null,
) {
  const { stage } = number;
  const isNews = waitsFor !== (stage.waitsFor ?? null);
  if (isNews || (!stage.taken && (yield* latestEffectOf(number.carrier)) > 0)) {
    const command = { type: "NoteOrder", holding: number.id, waitsFor } as const;
    yield* execute({ organization, actor: ACTOR, command });
  }
});

/** Records what the carrier says of the order. */
const record = Effect.fnUntraced(function* (
  organization: string,
  number: Purchasing,
  order: Order,
): Effect.fn.Return<Progress, StepFailure, Ports> {
  if (order.status === "pending") {
    yield* note(organization, number, order.waitsFor ?? null);
    return "open";
  }
  if (order.status === "failed") {
    // The known requirements are incomplete or out of date.
    if (order.reason === "requirementsMissing") {
      (yield* Ports).requirements.forget(number.carrier, number);
    }
    return yield* fail(organization, number, order.reason, order.message);
  }
  const { carrierId } = order;
  const command = { type: "ConfirmPurchase", holding: number.id, carrierId } as const;
  const confirm = execute({ organization, actor: ACTOR, command });
  return progressOf(yield* despiteImports(confirm));
});

/** Failures of a carrier that end a purchase, as its buyer receives them. */
type Ending = Extract<FailureReason, CarrierFailure["kind"]>;

/** An order that is refused ends its purchase; otherwise it is tried again. */
const REFUSED: readonly Ending[] = ["refused"];
/** Nothing was ordered before, and the waiting caller can be answered so. */
const NOT_ORDERED: readonly Ending[] = ["refused", "unreachable"];

/** Asks the carrier, and records the outcome; `endings` are the failures that end the purchase. */
const conclude = (
  organization: string,
  number: Purchasing,
  asking: Asking,
  endings: readonly Ending[],
): Step =>
  Effect.matchEffect(asking, {
    onSuccess: (order) => record(organization, number, order),
    onFailure: (failure): Step => {
      const reason = endings.find((ending) => ending === failure.kind);
      return reason === undefined
        ? Effect.fail(failure)
        : fail(organization, number, reason, failure.message);
    },
  });

/** The carriers that cancel orders at all. */
export const cancelling = Effect.map(
  Ports,
  ({ carriers }): readonly CarrierName[] =>
    [...carriers].flatMap(([name, { cancel }]) => cancel === undefined ? [] : [name]),
);

/**
 * One step of a purchase that its buyer no longer wants. Where the carrier has no order, one may
 * still be on its way to it: the purchase is given up only when an order would be repeated, after
 * the settling delay, and here also at a carrier that settles immediately, since another process
 * may be about to send it.
 */
const cancelStep = Effect.fnUntraced(function* (
  organization: string,
  number: Purchasing,
): Effect.fn.Return<Progress, StepFailure, Ports> {
  const { clock } = yield* Ports;
  const lookedUpAt = clock.since?.(number.stage.orderedAt) ?? clock.now();
  const cancelled = yield* callOff(organization, number);
  if (cancelled === "cancelled") {
    return yield* fail(organization, number, "cancelled", "The carrier cancelled the order.");
  }
  if (cancelled !== "none") {
    const order = yield* lookUp(organization, number);
    if (order !== null) return yield* record(organization, number, order);
    if (cancelled === "filled") return "open";
    // Not cancelled, because the adapter cannot, and never at the carrier: it ends as if there was
    // no order.
  }
  yield* repeat(organization, number, lookedUpAt, 2 * GUARD_MS);
  return "open";
});

/** Whether only the process that wrote the intent can have sent the order so far. */
const isNeverRepeated = (number: Purchasing): boolean =>
  number.stage.orderedAt === number.createdAt;

/** A purchase before its order, and when it was paid for. */
type Paid = {
  readonly number: Holding | undefined;
  /**
   * `now`: this process has recorded the payment, and is the first to order, since nothing is
   * ordered before that. `free`: its plan has no separate charge. Null where it was paid before.
   */
  readonly paid: "now" | "free" | null;
};

/** Has the charge of a purchase settled, where one was started. */
const pay = Effect.fnUntraced(function* (organization: string, holding: string) {
  const { state } = yield* read(organization, needsCharge({ holding, period: 1 }));
  const charge = state.get(charges, chargeKey(holding, 1));
  const number = state.get(numbers, holding);
  // A charge that outlived its purchase is settled by a separate automation.
  if (charge?.status !== "started" || !isPurchasing(number)) {
    return { number, paid: charge === undefined ? "free" : null } satisfies Paid;
  }
  const done = yield* settleCharge(organization, charge, ACTOR);
  return {
    number: done.state.get(numbers, holding),
    paid: done.events.length > 0 ? "now" : null,
  } satisfies Paid;
});

/** Gives a purchase up in time whose payment stays unknown. */
const abandonUnpaid = (step: Step, organization: string, holding: string): Step =>
  Effect.catchTag(step, "PaymentUnknown", () => {
    const command = { type: "AbandonPurchase", holding } as const;
    return Effect.map(execute({ organization, actor: ACTOR, command }), progressOf);
  });

/** Orders what no process can have ordered before. */
const orderFirst = (organization: string, number: Purchasing, endings: readonly Ending[]): Step =>
  isCancelling(number)
    ? fail(organization, number, "cancelled", "Nothing was ordered yet.")
    : conclude(organization, number, place(organization, number), endings);

/**
 * Goes on with a purchase that may have been ordered: the order is looked up, and sent again under
 * its key only once it is certain that the carrier never had it (core/README.md, Rules). One that
 * is to be cancelled is never sent again.
 */
const reorder = Effect.fnUntraced(function* (
  organization: string,
  number: Purchasing,
): Effect.fn.Return<Progress, StepFailure, Ports> {
  if (isCancelling(number)) return yield* cancelStep(organization, number);
  const { clock } = yield* Ports;
  const { orderedAt } = number.stage;
  const lookedUpAt = clock.since?.(orderedAt) ?? clock.now();
  const found = yield* lookUp(organization, number);
  if (found !== null) return yield* record(organization, number, found);
  const again = yield* repeat(organization, number, lookedUpAt, 0);
  if (again === null) return "open";
  if (!isPurchasing(again)) return "done";
  return yield* conclude(organization, again, placeAgain(organization, again), REFUSED);
});

/**
 * A step of a purchase: has its charge settled where the plan says so, sends the order, and records
 * the outcome. `endings` are the failures that end the purchase of the first to order.
 */
const orderStep = (
  isFirst: (paid: Paid["paid"], number: Purchasing) => boolean,
  endings: readonly Ending[],
) =>
  Effect.fnUntraced(function* (
    organization: string,
    holding: string,
  ): Effect.fn.Return<Progress, StepFailure, Ports> {
    const { number, paid } = yield* pay(organization, holding);
    if (!isPurchasing(number)) return "done";
    return isFirst(paid, number)
      ? yield* orderFirst(organization, number, endings)
      : yield* reorder(organization, number);
  }, abandonUnpaid);

/**
 * The first step of a purchase, of the caller that has only now appended the intent. A carrier that
 * cannot be reached ends the purchase, since nothing was ordered. Where another process has begun
 * to order meanwhile, it goes on from there.
 */
export const placeFirstOrder = orderStep(
  (paid, number) => paid === "now" || (paid === "free" && isNeverRepeated(number)),
  NOT_ORDERED,
);

/**
 * Any further step of a purchase, by whichever process: the order may have been sent, unless its
 * payment is only now recorded. It is tried again while the carrier cannot be reached.
 */
export const resumeOrder = orderStep((paid) => paid === "now", REFUSED);
