import * as Effect from "effect/Effect";
import { type Fact, toFact } from "../../../core/log/events.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import type { ReconciliationPage, ReconciliationReport } from "../api.ts";
import { ask, Ports } from "../services.ts";

/** The report that an event tells of. */
export const reportOf = (fact: Fact & { type: "InventoryReconciled" }): ReconciliationReport => {
  const { reconciliation: id, ...found } = fact.data;
  return { id, ...found, finishedAt: fact.at };
};

/**
 * Reports, the latest first: of the `limit` last entries in their log before the position `before`
 * (before its end, if that is null).
 */
export const listReports = Effect.fnUntraced(function* (before: number | null, limit: number) {
  const { log } = yield* Ports;
  const { head } = yield* ask(() => log.load(RECONCILIATIONS, {}));
  const last = Math.min(head.position, (before ?? Infinity) - 1);
  const after = Math.max(0, last - limit);
  const events = last > after
    ? yield* ask(() => log.events(RECONCILIATIONS, after, last - after))
    : [];
  const reports = events.map(toFact).toReversed()
    .flatMap((fact) => fact.type === "InventoryReconciled" ? [reportOf(fact)] : []);
  const page: ReconciliationPage = { reports, next: after > 0 ? after + 1 : null };
  return page;
});
