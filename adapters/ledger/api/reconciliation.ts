/** What the calls of reconciliation answer. */
import type { Refused } from "../../../core/log/decision.ts";
import type { ReconciliationEvent } from "../../../core/events/reconciliation.ts";
import type { CarrierName } from "../../../core/ports/carrier.ts";
import type { Result } from "../../../core/values/result.ts";
import type { ArgumentInvalid } from "../../validation/argument.ts";
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

/** Comparisons of what a carrier keeps with what is held here. */
export interface Reconciliations {
  /**
   * Compares a carrier's inventory with the numbers held here, and repairs what is safe.
   *
   * @example
   * ```ts
   * const report = await ledger.reconciliation.run({ carrier: "sandbox" });
   * if (report.ok) console.log(report.value.seen, report.value.drifts);
   * ```
   */
  run(
    input?: { readonly carrier?: CarrierName | undefined },
  ): Promise<Result<ReconciliationReport, ReconciliationRefusal | ArgumentInvalid>>;
  /**
   * Reports from the position `before` back, the `next` of an earlier page; twenty by default.
   *
   * @example
   * ```ts
   * const { reports, next } = await ledger.reconciliation.list({ limit: 5 });
   * ```
   */
  list(
    page?: { readonly before?: number | undefined; readonly limit?: number | undefined },
  ): Promise<ReconciliationPage>;
}
