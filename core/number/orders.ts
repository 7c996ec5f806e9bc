/** The state of orders by their keys, for reconciliation; `decisions/purchase.ts` begins them. */
import type { Subject } from "../log/state.ts";
import type { E164 } from "../values/e164.ts";
import type { CarrierName } from "../ports/carrier.ts";

/**
 * An order of ours: the holding that it was made for, and which number it asked which carrier for.
 */
export type PlacedOrder = {
  readonly holding: string;
  readonly e164: E164;
  readonly carrier: CarrierName;
};

/**
 * Orders by their keys. They are kept for good, even after the number was released or never bought:
 * they show for certain which of a carrier's numbers result from our orders, since others may order
 * through the same account, under keys that look like ours.
 */
export const orders: Subject<PlacedOrder, "PurchaseRequested"> = {
  kind: "order",
  keys: { PurchaseRequested: ({ data }) => [data.orderKey] },
  evolve: (_row, { data: { holding, e164, carrier } }) => ({ holding, e164, carrier }),
};
