import * as Effect from "effect/Effect";
import { firstCharge } from "../../core/number/decisions/purchase.ts";
import { needsNumber } from "../../core/number/decisions/needs.ts";
import type { PurchaseFailure } from "../../core/number/events.ts";
import { type Managed, numbers } from "../../core/number/state.ts";
import type { CarrierError, Charge, Order } from "../../core/ports.ts";
import type { Actor } from "../../core/values/identity.ts";
import { failed, ok } from "../../core/values/result.ts";
import { callCarrier } from "./carrier.ts";
import { execute, type Progress, progressOf, read } from "./execute.ts";
import { askFor, Ports } from "./services.ts";

const ACTOR: Actor = { kind: "ledger", automation: "ordering" };

/** A purchase that waits for its order, with the order key under which it is made. */
type Pending = Managed & { readonly stage: { readonly status: "purchasing" } };

const isPending = (number: Managed): number is Pending => number.stage.status === "purchasing";

const fail = Effect.fnUntraced(function* (
  organization: string,
  holding: string,
  charge: Charge | null,
  reason: PurchaseFailure,
  message: string,
): Effect.fn.Return<Progress, never, Ports> {
  const { payments } = yield* Ports;
  if (charge !== null) {
    const refund = yield* askFor("a refund", "unknown", () => payments.refund(charge.key));
    if (refund === "unknown") return "open";
  }
  const command = { type: "FailPurchase", holding, reason, message } as const;
  return progressOf(yield* execute({ organization, actor: ACTOR, command }));
});

/**
 * Gets the order of a purchase: looks it up by its key, and orders only if the carrier knows
 * nothing of it. `first` says that this process has only now written the intent, so that nothing
 * can have been ordered yet. After an unknown outcome the order is looked up, never sent again
 * blindly (domain: Why a log).
 */
const obtain = Effect.fnUntraced(function* (number: Pending, first: boolean) {
  const { carrier: name, connection, e164, stage: { orderKey: key } } = number;
  const lookUp = callCarrier(name, (carrier) => carrier.findOrder(key));
  const known = first ? ok<Order | null>(null) : yield* lookUp;
  // That the look-up failed says nothing of the order.
  if (!known.ok) return failed<CarrierError>({ ...known.error, kind: "unknown" });
  if (known.value !== null) return known;
  const placed = yield* callCarrier(
    name,
    (carrier) => carrier.order({ key, e164, connectionId: connection }),
  );
  if (placed.ok || placed.error.kind !== "unknown") return placed;
  const found = yield* lookUp;
  return found.ok ? found : placed;
});

/** One step of a purchase: charges it where the plan says so, orders it, notes what came of it. */
export const orderStep = Effect.fnUntraced(function* (
  organization: string,
  holding: string,
  first: boolean,
): Effect.fn.Return<Progress, never, Ports> {
  const { payments } = yield* Ports;
  const { state } = yield* read(organization, needsNumber({ holding }));
  const number = state.get(numbers, holding);
  if (number?.source !== "managed" || !isPending(number)) return "done";
  const charge = firstCharge(organization, number);
  if (charge !== null) {
    const payment = yield* askFor("a charge", "unknown", () => payments.charge(charge));
    if (payment === "unknown") return "open";
    if (payment === "declined") {
      const message = "The payment was declined.";
      return yield* fail(organization, holding, null, "paymentDeclined", message);
    }
  }
  const order = yield* obtain(number, first);
  if (!order.ok) {
    const { kind, message } = order.error;
    // Only a caller who still waits can be told that nothing was ordered; else we go on trying.
    const over = kind === "refused" || (kind === "unreachable" && first);
    if (!over) return "open";
    const reason = kind === "refused" ? "refused" : "unreachable";
    return yield* fail(organization, holding, charge, reason, message);
  }
  if (order.value === null || order.value.status === "pending") return "open";
  if (order.value.status === "failed") {
    const { reason, message } = order.value;
    return yield* fail(organization, holding, charge, reason, message);
  }
  const { carrierId } = order.value;
  const command = { type: "ConfirmPurchase", holding, carrierId } as const;
  return progressOf(yield* execute({ organization, actor: ACTOR, command }));
});
