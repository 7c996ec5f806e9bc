/** Why a purchase is refused, or failed: a part of `mod.ts`. */
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { Refused } from "../../../core/log/decision.ts";
import type { RequestPurchase } from "../../../core/number/decisions/purchase.ts";
import type { CarrierRefusal } from "./caller.ts";

/** Why a purchase is refused before anything is ordered. */
export type PurchaseRefused =
  | Exclude<RefusalOf<RequestPurchase>, { code: "QUOTE_NEEDED" | "REQUIREMENTS_UNKNOWN" }>
  | Refused<"NUMBER_NOT_AVAILABLE">
  | CarrierRefusal;

export type PurchaseFailure =
  | PurchaseRefused
  | Refused<"PAYMENT_DECLINED">
  | Refused<"PAYMENT_UNKNOWN">
  | Refused<"PURCHASE_CANCELLED">;
