/** What the carrier is asked about the order of a purchase. */
import * as Effect from "effect/Effect";
import type { Purchasing } from "../../../core/number/state.ts";
import type { Order } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { failed, ok } from "../../../core/values/result.ts";
import { callCarrier, type CarrierFailure } from "../engine/carrier-calls.ts";
import { lateAfter } from "../engine/elapsed.ts";
import type { Ports } from "../engine/services.ts";

/** What asking a carrier for an order gives; null where there is none. */
export type Asking<Found = Order> = Effect.Effect<Found, CarrierFailure, Ports>;

/**
 * The order as the carrier has it; null where there is none. A failure says nothing about the
 * order.
 */
export const lookUp = (
  organization: string,
  { carrier: name, stage: { orderKey } }: Purchasing,
): Asking<Order | null> =>
  Effect.mapError(
    callCarrier(name, organization, "findOrder", (carrier) => carrier.findOrder(orderKey)),
    (failure) => ({ ...failure, kind: "unknown" }),
  );

const tooLate = failed({
  kind: "unknown" as const,
  message: "It was too late to send the order.",
});

/** An order that this process is to send. */
export type Intent = {
  readonly organization: string;
  readonly number: Purchasing;
  /** When the command was given that recorded the intent (`elapsed`). */
  readonly given: Milliseconds;
};

/** Sends the order of a purchase under its key. */
const send = Effect.fnUntraced(function* ({ organization, number, given }: Intent) {
  const { carrier: name, connection, e164, stage } = number;
  const { orderKey: key, orderedAt, requirementGroup } = stage;
  const isLate = yield* lateAfter({ at: orderedAt, elapsed: given });
  // What it was requested with, not what was set since: sent again, it is the same order.
  const group = requirementGroup === undefined ? {} : { requirementGroupId: requirementGroup };
  return yield* callCarrier(
    name,
    organization,
    "order",
    // If sent any later, it might be accepted after another worker concluded that it never was.
    (carrier) =>
      isLate()
        ? Promise.resolve(tooLate)
        : carrier.order({ key, e164, connectionId: connection, ...group }),
  );
});

/** What a look-up finds of an order; where it finds none, what sending the order gave. */
const foundOr = ({ organization, number }: Intent, sent: Asking): Asking =>
  Effect.flatMap(
    lookUp(organization, number),
    (found) => found === null ? sent : Effect.succeed(found),
  );

/** Sends an order that was never sent. An unknown outcome is looked up immediately. */
export const place = (intent: Intent): Asking =>
  Effect.catchIf(
    send(intent),
    ({ kind }) => kind === "unknown",
    (failure) => foundOr(intent, Effect.fail(failure)),
  );

/**
 * Sends an order that was sent before. Where it fails or is refused it is looked up immediately:
 * the number may have gone to the earlier one.
 */
export const placeAgain = (intent: Intent): Asking =>
  Effect.matchEffect(send(intent), {
    onSuccess: (order) =>
      order.status === "failed" ? foundOr(intent, Effect.succeed(order)) : Effect.succeed(order),
    onFailure: (failure) => foundOr(intent, Effect.fail(failure)),
  });

/**
 * Asks the carrier to cancel the order; `open` where its adapter, another one than before, cannot.
 */
export const callOff = (organization: string, { carrier: name, stage: { orderKey } }: Purchasing) =>
  callCarrier(
    name,
    organization,
    "cancel",
    (carrier) => carrier.cancel?.(orderKey) ?? Promise.resolve(ok("open" as const)),
  );
