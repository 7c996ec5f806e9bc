import * as Effect from "effect/Effect";
import { chargeKey, charges } from "../../core/number/charges.ts";
import { needsCharge } from "../../core/number/decisions/needs.ts";
import type { PurchaseFailure } from "../../core/number/events.ts";
import { isPurchasing, numbers, type Purchasing } from "../../core/number/state.ts";
import type { CarrierError, Order } from "../../core/ports.ts";
import type { Actor } from "../../core/values/identity.ts";
import { failed, ok } from "../../core/values/result.ts";
import { callCarrier } from "./carrier.ts";
import { settleCharge } from "./charging.ts";
import { execute, type Progress, progressOf, read } from "./execute.ts";
import type { Ports } from "./services.ts";

const ACTOR: Actor = { kind: "ledger", automation: "ordering" };

const fail = (organization: string, holding: string, reason: PurchaseFailure, message: string) => {
  const command = { type: "FailPurchase", holding, reason, message } as const;
  return Effect.map(execute({ organization, actor: ACTOR, command }), progressOf);
};

/**
 * Gets the order of a purchase: looks it up by its key, and orders only if the carrier knows
 * nothing of it. `fresh` says that this process has only now written what lets it be ordered, so
 * that nothing can have been ordered yet. After an unknown outcome the order is looked up, never
 * sent again blindly (domain: Why a log).
 */
const obtain = Effect.fnUntraced(function* (number: Purchasing, fresh: boolean) {
  const { carrier: name, connection, e164, stage: { orderKey: key } } = number;
  const lookUp = callCarrier(name, (carrier) => carrier.findOrder(key));
  const known = fresh ? ok<Order | null>(null) : yield* lookUp;
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
  if (charge?.status !== "started") {
    return { number: state.get(numbers, holding), fresh: first && charge === undefined };
  }
  const done = yield* settleCharge(organization, charge, ACTOR);
  // Nothing is ordered before the payment is noted: whoever notes it is the first to order.
  return done && { number: done.state.get(numbers, holding), fresh: done.events.length > 0 };
});

/**
 * One step of a purchase: charges it where the plan says so, orders it, notes what came of it.
 * `first`: the caller's own, who has only now written the intent.
 */
export const orderStep = Effect.fnUntraced(function* (
  organization: string,
  holding: string,
  first: boolean,
): Effect.fn.Return<Progress, never, Ports> {
  const paid = yield* settled(organization, holding, first);
  if (paid === null) return "open";
  const { number, fresh } = paid;
  if (!isPurchasing(number)) return "done";
  const order = yield* obtain(number, fresh);
  if (!order.ok) {
    const { kind, message } = order.error;
    // Only a caller who still waits can be told that nothing was ordered; else we go on trying.
    const over = kind === "refused" || (kind === "unreachable" && first && fresh);
    if (!over) return "open";
    const reason = kind === "refused" ? "refused" : "unreachable";
    return yield* fail(organization, holding, reason, message);
  }
  if (order.value === null || order.value.status === "pending") return "open";
  if (order.value.status === "failed") {
    const { reason, message } = order.value;
    return yield* fail(organization, holding, reason, message);
  }
  const { carrierId } = order.value;
  const command = { type: "ConfirmPurchase", holding, carrierId } as const;
  return progressOf(yield* execute({ organization, actor: ACTOR, command }));
});
