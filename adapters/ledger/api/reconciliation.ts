/** What the calls of reconciliation answer. */
import type { Refused } from "../../../core/log/decision.ts";
import type { ReconciliationEvent } from "../../../core/events/reconciliation.ts";
import type { Instant } from "../../../core/values/calendar.ts";
import type { CarrierRefusal } from "./caller.ts";

/** What a reconciliation found and did; `broken` is null when it was completed. */
export type ReconciliationReport =
  & Omit<(ReconciliationEvent & { type: "InventoryReconciled" })["data"], "reconciliation">
  & { readonly id: string; readonly finishedAt: Instant };

/** Reports, the latest first; `next` is what to ask for `before`, null on the last page. */
export type ReconciliationPage = {
  readonly reports: readonly ReconciliationReport[];
  readonly next: number | null;
};

/** Why there is no complete report; `report` shows how far it came before the carrier failed. */
export type ReconciliationRefusal =
  | Refused<"RECONCILIATION_RUNNING">
  | Refused<"CARRIER_UNKNOWN">
  | (CarrierRefusal & { readonly report: ReconciliationReport });
