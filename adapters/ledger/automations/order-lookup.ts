import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import { orders, type PlacedOrder } from "../../../core/number/orders.ts";
import { numbers } from "../../../core/number/state.ts";
import { resumeOrder } from "./orders.ts";
import { stepForCaller } from "./caller-steps.ts";
import { ask, Ports } from "../engine/services.ts";

/**
 * Looks up the purchase that was ordered under this key, if it is still under way, at the carrier:
 * no other source is trusted. Returns once it is settled or the wait budget is spent; false when
 * this ledger made no order with the key.
 */
export const lookUpOrder = Effect.fnUntraced(function* (background: Scope.Scope, key: string) {
  const { log } = yield* Ports;
  const found = yield* ask(() => log.find(orders.kind, key));
  if (found === null) return false;
  const { organization } = found;
  const { holding } = found.row.data as PlacedOrder;
  const next = resumeOrder(organization, holding);
  const item = { organization, kind: numbers.kind, key: holding };
  yield* stepForCaller(background, item, { append: Effect.void, first: () => next, next });
  return true;
});
