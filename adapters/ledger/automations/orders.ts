/** The steps of a purchase: its payment, its order, and the cancellation of both. */
import * as Effect from "effect/Effect";
import { chargeKey, chargeRow, charges } from "../../../core/number/charges.ts";
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
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { CarrierFailure } from "../engine/carrier-calls.ts";
import { type Carried, type Executed, factOf } from "../engine/command.ts";
import { execute } from "../engine/execute.ts";
import { readCarried } from "../engine/reading.ts";
import { GUARD_MS, Ports } from "../engine/services.ts";
import { settleCharge } from "./charges.ts";
import { type Asking, callOff, type Intent, lookUp, place, placeAgain } from "./order-calls.ts";
import { fail, ORDERING, record, repeat } from "./order-records.ts";
import { type Progress, progressOf, type Step, type StepFailure } from "./step.ts";

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
  carried?: Carried,
): Step =>
  Effect.matchEffect(asking, {
    onSuccess: (order) => record(organization, number, order, carried),
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
   * When the payment was to be recorded (`elapsed`), where this process has recorded it, and is the
   * first to order, since nothing is ordered before that. `free`: its plan has no separate charge.
   * Null where it was paid before.
   */
  readonly paid: Milliseconds | "free" | null;
};

/** Has the charge of a purchase settled, where one was started. */
const pay = Effect.fnUntraced(function* (
  organization: string,
  holding: string,
  carried: Carried | undefined,
) {
  const rows = [{ kind: numbers.kind, key: holding }, chargeRow(holding, 1)];
  const needs = needsCharge({ holding, period: 1 });
  const state = yield* readCarried(organization, carried, rows, needs);
  const charge = state.get(charges, chargeKey(holding, 1));
  const number = state.get(numbers, holding);
  // A charge that outlived its purchase is settled by a separate automation.
  if (charge?.status !== "started" || !isPurchasing(number)) {
    return { number, paid: charge === undefined ? "free" : null } satisfies Paid;
  }
  const done = yield* settleCharge(organization, charge, ORDERING);
  return {
    number: done.state.get(numbers, holding),
    paid: done.events.length > 0 ? done.given : null,
  } satisfies Paid;
});

/** Gives a purchase up in time whose payment stays unknown. */
const abandonUnpaid = (step: Step, organization: string, holding: string): Step =>
  Effect.catchTag(step, "PaymentUnknown", () => {
    const command = { type: "AbandonPurchase", holding } as const;
    return Effect.map(execute({ organization, actor: ORDERING, command }), progressOf);
  });

/** Orders what no process can have ordered before. */
const orderFirst = (
  intent: Intent,
  endings: readonly Ending[],
  carried?: Carried,
): Step => {
  const { organization, number } = intent;
  return isCancelling(number)
    ? fail(organization, number, "cancelled", "Nothing was ordered yet.")
    : conclude(organization, number, place(intent), endings, carried);
};

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
  const { number: left, given } = again;
  if (!isPurchasing(left)) return "done";
  const asking = placeAgain({ organization, number: left, given });
  return yield* conclude(organization, left, asking, REFUSED);
});

/**
 * A step of a purchase: has its charge settled where the plan says so, sends the order, and records
 * the outcome. `givenFirst` tells when the intent was given of the first to order, null for others;
 * `endings` are the failures that end the purchase of the first.
 */
const orderStep = (
  givenFirst: (paid: Paid["paid"], number: Purchasing) => Milliseconds | null,
  endings: readonly Ending[],
  carried?: Carried,
) =>
  Effect.fnUntraced(function* (
    organization: string,
    holding: string,
  ): Effect.fn.Return<Progress, StepFailure, Ports> {
    const { number, paid } = yield* pay(organization, holding, carried);
    if (!isPurchasing(number)) return "done";
    const given = givenFirst(paid, number);
    return given === null
      ? yield* reorder(organization, number)
      : yield* orderFirst({ organization, number, given }, endings, carried);
  }, abandonUnpaid);

/**
 * The first step of a purchase, of the caller that has only now appended the intent, as `requested`
 * and `carried` say. A carrier that cannot be reached ends the purchase, since nothing was ordered.
 * Where another process has begun to order meanwhile, it goes on from there.
 */
export const placeFirstOrder = (
  organization: string,
  requested: Executed,
  carried: Carried,
): Step => {
  // Nobody else has recorded a payment that came with the request, and ordered because of it.
  const isPaid = factOf(requested, "Charged") !== undefined;
  const givenFirst = (paid: Paid["paid"], number: Purchasing): Milliseconds | null => {
    if (typeof paid === "number") return paid;
    return (isPaid || paid === "free") && isNeverRepeated(number) ? requested.given : null;
  };
  const holding = factOf(requested, "PurchaseRequested")?.data.holding ?? "";
  return orderStep(givenFirst, NOT_ORDERED, carried)(organization, holding);
};

/**
 * Any further step of a purchase, by whichever process: the order may have been sent, unless its
 * payment is only now recorded. It is tried again while the carrier cannot be reached.
 */
export const resumeOrder = orderStep((paid) => typeof paid === "number" ? paid : null, REFUSED);
