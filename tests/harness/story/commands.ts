/** Commands with ordinary content, as specifications give them. */
import { type Optional, withoutUndefined } from "../../../adapters/validation/optional.ts";
import type { ConfirmPurchase, FailPurchase } from "../../../core/number/decisions/orders.ts";
import type { RequestPurchase } from "../../../core/number/decisions/purchase.ts";
import type { ImportNumber } from "../../../core/number/decisions/imports.ts";
import { instant } from "../specification.ts";
import { E164_1, NO_ROUTING, PN } from "./events.ts";

/** A request to buy the number that `offerOf` offers. */
export const buy = (over: Optional<RequestPurchase> = {}): RequestPurchase => ({
  type: "RequestPurchase",
  holding: PN,
  orderKey: "od_1",
  e164: E164_1,
  carrier: "sandbox",
  connection: null,
  routing: NO_ROUTING,
  assistant: null,
  quote: null,
  required: null,
  ...withoutUndefined(over),
});

/** The carrier's confirmation that the number is ours. */
export const confirm: ConfirmPurchase = {
  type: "ConfirmPurchase",
  holding: PN,
  carrierId: `carrier_${PN}`,
};

/** The carrier's answer that the number was sold before the order of this ISO time. */
export const failOrder = (orderedAt: string): FailPurchase => ({
  type: "FailPurchase",
  holding: PN,
  orderedAt: instant(orderedAt),
  reason: "notAvailable",
  message: "Somebody was faster.",
});

/** A request to import a number over a SIP connection. */
export const bringIn = (over: Optional<ImportNumber> = {}): ImportNumber => ({
  type: "ImportNumber",
  holding: PN,
  e164: E164_1,
  scope: "all",
  via: { sipConnection: "sip_1" },
  sipProviderName: null,
  routing: NO_ROUTING,
  assistant: null,
  ...withoutUndefined(over),
});
