/** Decides what is recorded of a reconciliation; `compare.ts` finds what drifted. */
import { type Handler, NOTHING } from "../log/decision.ts";
import type { CarrierName } from "../ports/carrier.ts";
import type { CarrierError } from "../ports/mod.ts";
import type { Instant } from "../values/calendar.ts";
import type { E164 } from "../values/e164.ts";
import { ok } from "../values/result.ts";
import type { DriftCounts, Seeing } from "./comparison.ts";
import type { ReportedDrift } from "../events/reconciliation.ts";
import { EVERY_MS, MAX_LISTED, reconciliations } from "./state.ts";

const needsRow = ({ carrier }: { readonly carrier: CarrierName }) => ({
  rows: [{ kind: reconciliations.kind, key: carrier }],
});

/** Puts a carrier on the list of those that are reconciled daily. */
export type ScheduleReconciliation = {
  readonly type: "ScheduleReconciliation";
  readonly carrier: CarrierName;
};

/**
 * The first reconciliation is due a day after the ledger was first opened on the carrier: before
 * that nothing of ours can have drifted, and an operator who migrates numbers can ask for one. A
 * carrier that is already on the list stays as it is.
 */
export const scheduleReconciliation: Handler<ScheduleReconciliation, never> = {
  needs: needsRow,
  decide: (state, { carrier }, { now }) =>
    ok(
      state.get(reconciliations, carrier) === undefined
        ? [{ type: "ReconciliationScheduled", data: { carrier, due: now + EVERY_MS } }]
        : NOTHING,
    ),
};

/** Records that a number that no organization holds is to be released to its carrier. */
export type StartOrphanRelease = {
  readonly type: "StartOrphanRelease";
  readonly carrier: CarrierName;
  readonly e164: E164;
  readonly carrierId: string;
};

/** Each intent is noted, also a second one for the same number: the carrier is asked as often. */
export const startOrphanRelease: Handler<StartOrphanRelease, never> = {
  needs: () => ({}),
  decide: (_state, { type: _type, ...data }) => ok([{ type: "OrphanReleaseStarted", data }]),
};

/** Notes what a reconciliation found and did. */
export type RecordReconciliation = {
  readonly type: "RecordReconciliation";
  readonly reconciliation: string;
  readonly carrier: CarrierName;
  readonly startedAt: Instant;
  readonly seen: Seeing;
  readonly drifts: readonly ReportedDrift[];
  /** Drifts besides these that were reported, which no report would list. */
  readonly further: DriftCounts;
  /** The carrier's error that broke off the run; null when it was completed. */
  readonly broken: CarrierError | null;
};

const countsOf = (drifts: readonly ReportedDrift[], further: DriftCounts) => {
  const counts = { ...further };
  for (const { kind } of drifts) counts[kind]++;
  return counts;
};

/** Recorded twice it changes nothing. */
export const recordReconciliation: Handler<RecordReconciliation, never> = {
  needs: needsRow,
  decide: (state, command) => {
    const { type: _type, further, drifts, ...data } = command;
    if (state.get(reconciliations, data.carrier)?.last === data.reconciliation) return ok(NOTHING);
    return ok([{
      type: "InventoryReconciled",
      data: {
        ...data,
        drifted: countsOf(drifts, further),
        drifts: drifts.slice(0, MAX_LISTED),
      },
    }]);
  },
};
