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
import type { CarrierError, Order, OrderWait } from "../../../core/ports/mod.ts";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import { automation } from "../../../core/values/identity.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { callCarrier, latestEffectOf } from "../engine/carrier-calls.ts";
import { settleCharge } from "./charges.ts";
import { execute, type Progress, progressOf, read } from "../engine/execute.ts";
import { despiteImports } from "../engine/import-conflicts.ts";
import { GUARD_MS, Ports } from "../engine/services.ts";

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
 * The order as the carrier has it; null where it has none. A failure says nothing about the order.
 */
const lookUp = (organization: string, { carrier: name, stage: { orderKey } }: Purchasing) =>
  Effect.map(
    callCarrier(name, organization, "findOrder", (carrier) => carrier.findOrder(orderKey)),
    (known) => known.ok ? known : failed<CarrierError>({ ...known.error, kind: "unknown" }),
  );

const tooLate = failed<CarrierError>({
  kind: "unknown",
  message: "It was too late to send the order.",
});

/**
 * Sends the order of a purchase. An unknown outcome is looked up immediately, and so is the refusal
 * of an order that was sent before: the number may have gone to the earlier one.
 */
const place = Effect.fnUntraced(function* (
  organization: string,
  number: Purchasing,
  repeated: boolean,
) {
  const { clock } = yield* Ports;
  const { carrier: name, connection, e164, stage } = number;
  const { orderKey: key, orderedAt, requirementGroup } = stage;
  // What it was requested with, not what was set since: sent again, it is the same order.
  const group = requirementGroup === undefined ? {} : { requirementGroupId: requirementGroup };
  const placed = yield* callCarrier(
    name,
    organization,
    "order",
    // If sent any later, it might be accepted after another worker concluded that it never was.
    (carrier) =>
      clock.now() - orderedAt > GUARD_MS
        ? Promise.resolve(tooLate)
        : carrier.order({ key, e164, connectionId: connection, ...group }),
  );
  if (placed.ok && placed.value.status !== "failed") return placed;
  if (!repeated && (placed.ok || placed.error.kind !== "unknown")) return placed;
  const found = yield* lookUp(organization, number);
  return found.ok && found.value === null ? placed : found;
});

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
  const done = yield* execute({ organization, actor: ACTOR, command });
  return done.ok && done.value.events.length > 0 ? done.value.state.get(numbers, number.id) : null;
});

/**
 * Records that the carrier has the order, where the next look-up may not find it, and what the
 * order waits for there, where that has changed.
 */
const note = Effect.fnUntraced(function* (
  organization: string,
  number: Purchasing,
  waitsFor: OrderWait | null,
): Effect.fn.Return<Progress, never, Ports> {
  const { stage } = number;
  const isNews = waitsFor !== (stage.waitsFor ?? null);
  if (isNews || (!stage.taken && (yield* latestEffectOf(number.carrier)) > 0)) {
    const command = { type: "NoteOrder", holding: number.id, waitsFor } as const;
    yield* execute({ organization, actor: ACTOR, command });
  }
  return "open";
});

/**
 * Records the outcome of asking the carrier. `first`: nothing was ordered before, and the waiting
 * caller can be answered so; otherwise the order is tried again.
 */
const conclude = Effect.fnUntraced(function* (
  organization: string,
  number: Purchasing,
  answer: Result<Order | null, CarrierError>,
  first: boolean,
): Effect.fn.Return<Progress, never, Ports> {
  if (!answer.ok) {
    const { kind, message } = answer.error;
    return kind === "refused" || (kind === "unreachable" && first)
      ? yield* fail(organization, number, kind, message)
      : "open";
  }
  const order = answer.value;
  if (order === null) return "open";
  if (order.status === "pending") {
    return yield* note(organization, number, order.waitsFor ?? null);
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

/** The carriers that cancel orders at all. */
export const cancelling = Effect.map(
  Ports,
  ({ carriers }): readonly CarrierName[] =>
    [...carriers].flatMap(([name, { cancel }]) => cancel === undefined ? [] : [name]),
);

/**
 * Asks the carrier to cancel the order; `open` where its adapter, another one than before, cannot.
 */
const callOff = (organization: string, { carrier: name, stage: { orderKey } }: Purchasing) =>
  callCarrier(
    name,
    organization,
    "cancel",
    (carrier) => carrier.cancel?.(orderKey) ?? Promise.resolve(ok("open" as const)),
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
): Effect.fn.Return<Progress, never, Ports> {
  const { clock } = yield* Ports;
  const lookedUpAt = clock.since?.(number.stage.orderedAt) ?? clock.now();
  const answer = yield* callOff(organization, number);
  if (!answer.ok) return "open";
  switch (answer.value) {
    case "cancelled":
      return yield* fail(organization, number, "cancelled", "The carrier cancelled the order.");
    case "none":
      yield* repeat(organization, number, lookedUpAt, 2 * GUARD_MS);
      return "open";
    case "filled":
    case "open": {
      const known = yield* lookUp(organization, number);
      // Not cancelled, because the adapter cannot, and never at the carrier: it ends as if there
      // was no order.
      if (answer.value === "open" && known.ok && known.value === null) {
        yield* repeat(organization, number, lookedUpAt, 2 * GUARD_MS);
        return "open";
      }
      return yield* conclude(organization, number, known, false);
    }
  }
});

/** Whether only the process that wrote the intent can have sent the order so far. */
const isNeverRepeated = (number: Holding | undefined): boolean =>
  isPurchasing(number) && number.stage.orderedAt === number.createdAt;

/**
 * A purchase once its charge is settled, where one was started; null while that is not known.
 * `fresh`: this process has only now written what lets it be ordered.
 */
const settled = Effect.fnUntraced(function* (
  organization: string,
  holding: string,
  first: boolean,
) {
  const { state } = yield* read(organization, needsCharge({ holding, period: 1 }));
  const charge = state.get(charges, chargeKey(holding, 1));
  const number = state.get(numbers, holding);
  // A charge that outlived its purchase is settled by a separate automation.
  if (charge?.status !== "started" || !isPurchasing(number)) {
    return { number, fresh: first && charge === undefined && isNeverRepeated(number) };
  }
  const done = yield* settleCharge(organization, charge, ACTOR);
  // Nothing is ordered before the payment is recorded: the process that records it is the first to
  // order.
  return done && { number: done.state.get(numbers, holding), fresh: done.events.length > 0 };
});

/**
 * One step of a purchase: has its charge settled where the plan says so, looks its order up or
 * sends it, and records the outcome. After an unknown outcome the order is looked up, and sent
 * again under its key only once it is certain that the carrier never had it (domain: Why a log).
 * One that is to be cancelled is never sent again. `first`: the step of the caller that has only
 * now written the intent.
 */
export const orderStep = Effect.fnUntraced(function* (
  organization: string,
  holding: string,
  first: boolean,
): Effect.fn.Return<Progress, never, Ports> {
  const { clock } = yield* Ports;
  const paid = yield* settled(organization, holding, first);
  if (paid === null) {
    const command = { type: "AbandonPurchase", holding } as const;
    return progressOf(yield* execute({ organization, actor: ACTOR, command }));
  }
  const { number, fresh } = paid;
  if (!isPurchasing(number)) return "done";
  if (isCancelling(number)) {
    // No other process orders before the one that has recorded the payment.
    return fresh
      ? yield* fail(organization, number, "cancelled", "Nothing was ordered yet.")
      : yield* cancelStep(organization, number);
  }
  if (fresh) {
    return yield* conclude(organization, number, yield* place(organization, number, false), first);
  }
  const { orderedAt } = number.stage;
  const lookedUpAt = clock.since?.(orderedAt) ?? clock.now();
  const known = yield* lookUp(organization, number);
  if (!known.ok || known.value !== null) {
    return yield* conclude(organization, number, known, false);
  }
  const again = yield* repeat(organization, number, lookedUpAt, 0);
  if (again === null) return "open";
  return isPurchasing(again)
    ? yield* conclude(organization, again, yield* place(organization, again, true), false)
    : "done";
});
