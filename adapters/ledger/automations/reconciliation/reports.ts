import * as Effect from "effect/Effect";
import { type Fact, toFact } from "../../../../core/events/vocabulary.ts";
import { RECONCILIATIONS } from "../../../../core/reconciliation/state.ts";
import { noSuchPage } from "../../../validation/argument.ts";
import type { ReconciliationPage, ReconciliationReport } from "../../api/mod.ts";
import { eventsUpTo } from "../../../../core/log/pages.ts";
import { ask, Ports } from "../../engine/services.ts";

/** The report that an event records. */
export const reportOf = (fact: Fact & { type: "InventoryReconciled" }): ReconciliationReport => {
  const { reconciliation: id, ...found } = fact.data;
  return { id, ...found, finishedAt: fact.at };
};

const PAGE = 100;

/**
 * At most `limit` reports, the latest first: those before the position `before` in their log
 * (before its end, if that is null). `next` is null when nothing comes before them.
 */
export const listReports = Effect.fnUntraced(function* (before: number | null, limit: number) {
  const { log } = yield* Ports;
  const { head } = yield* ask(() => log.load(RECONCILIATIONS, {}));
  if (before !== null && (before < 2 || before > head.position)) throw noSuchPage("page.before");
  const reports: ReconciliationReport[] = [];
  let left = Math.min(head.position, (before ?? Infinity) - 1);
  while (left > 0 && reports.length < limit) {
    const last = left;
    const after = Math.max(0, last - PAGE);
    const events = yield* ask(() => eventsUpTo(log, RECONCILIATIONS, after, last));
    for (const event of events.toReversed()) {
      if (reports.length === limit) break;
      left = event.position - 1;
      const fact = toFact(event);
      if (fact.type === "InventoryReconciled") reports.push(reportOf(fact));
    }
  }
  const page: ReconciliationPage = { reports, next: left > 0 ? left + 1 : null };
  return page;
});
