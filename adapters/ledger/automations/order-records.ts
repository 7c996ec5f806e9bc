/** What is recorded of a purchase's order, by commands. */
import * as Effect from "effect/Effect";
import type { FailureReason } from "../../../core/events/number.ts";
import { numbers, type Purchasing } from "../../../core/number/state.ts";
import type { Order, OrderWait } from "../../../core/ports/mod.ts";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import { automation } from "../../../core/values/identity.ts";
import { latestEffectOf } from "../engine/carrier-calls.ts";
import type { Carried } from "../engine/command.ts";
import { execute } from "../engine/execute.ts";
import { forget } from "../engine/reading.ts";
import { despiteImports } from "../engine/import-conflicts.ts";
import { Ports } from "../engine/services.ts";
import { type Progress, progressOf, type StepFailure } from "./step.ts";

export const ORDERING = automation("ordering");

/** Fails a purchase whose order, as it was last sent when `number` was read, failed. */
export const fail = (
  organization: string,
  { id: holding, stage: { orderedAt } }: Purchasing,
  reason: FailureReason,
  message: string,
) => {
  const command = { type: "FailPurchase", holding, orderedAt, reason, message } as const;
  return Effect.map(execute({ organization, actor: ORDERING, command }), progressOf);
};

/**
 * Asks to send an order again of which a look-up found nothing; null while that is too early, or
 * where the purchase is given up instead.
 */
export const repeat = Effect.fnUntraced(function* (
  organization: string,
  number: Purchasing,
  lookedUpAt: Instant,
  leastMs: Milliseconds,
) {
  const settlingMs = Math.max(leastMs, yield* latestEffectOf(number.carrier));
  const command = { type: "RepeatOrder", holding: number.id, lookedUpAt, settlingMs } as const;
  const { events, state, given } = yield* execute({ organization, actor: ORDERING, command });
  return events.length > 0 ? { number: state.get(numbers, number.id), given } : null;
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
    yield* execute({ organization, actor: ORDERING, command });
  }
});

/** Records what the carrier says of the order. */
export const record = Effect.fnUntraced(function* (
  organization: string,
  number: Purchasing,
  order: Order,
  carried?: Carried,
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
  // What is in the way of it is read again.
  const confirm = Effect.tapError(
    execute({ organization, actor: ORDERING, command, carried }),
    () => Effect.sync(() => forget(carried)),
  );
  return progressOf(yield* despiteImports(confirm));
});
