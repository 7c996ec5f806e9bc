import * as Effect from "effect/Effect";
import type { CarrierName } from "../../../../core/ports/carrier.ts";
import type { CarrierError } from "../../../../core/ports/mod.ts";
import {
  compare,
  type Comparison,
  keysInDoubt,
  type Seeing,
  type Sides,
} from "../../../../core/reconciliation/compare.ts";
import { isCopied } from "../../../../core/reconciliation/installation.ts";
import type { ReportedDrift } from "../../../../core/events/reconciliation.ts";
import { RECONCILIATIONS } from "../../../../core/reconciliation/state.ts";
import type { Instant } from "../../../../core/values/calendar.ts";
import type { Actor } from "../../../../core/values/identity.ts";
import type { ReconciliationReport } from "../../api/mod.ts";
import { execute, factOf } from "../../engine/execute.ts";
import { ask, Ports } from "../../engine/services.ts";
import { repair, type Run } from "./repair.ts";
import { reportOf } from "./reports.ts";
import { originsOf, readOurs, readTheirs } from "./inventories.ts";

/** After so many consecutive unknown outcomes, the carrier counts as failing. */
const MAX_UNKNOWN = 3;

/** The result of a run, before it is recorded. */
type Outcome = {
  readonly seen: Seeing;
  readonly drifts: readonly ReportedDrift[];
  readonly broken: CarrierError | null;
};

/** Does what is to be done about each drift in turn, until the carrier fails. */
const repairAll = Effect.fnUntraced(function* (
  run: Run,
  { before, after }: Sides,
  { seen, drifts }: Comparison,
) {
  const reported: ReportedDrift[] = [];
  let broken: CarrierError | null = null;
  let unknown = 0;
  let vanished = 0;
  for (const drift of drifts) {
    // The ledger may be closed here: endings and adoptions are in the logs of the numbers, what was
    // given back is in the log of the reconciliations, and a repaired connection agrees on both
    // sides.
    yield* Effect.interruptible(Effect.yieldNow);
    if (broken !== null && drift.remedy !== "report") {
      reported.push({ ...drift, outcome: "skipped", why: null });
      continue;
    }
    const repaired = yield* Effect.result(repair(run, drift, {
      before: before.get(drift.e164) ?? null,
      after: after.get(drift.e164) ?? null,
    }));
    if (repaired._tag === "Success") {
      unknown = 0;
      if (repaired.success === null) vanished++;
      else reported.push(repaired.success);
      continue;
    }
    const { kind, message } = repaired.failure;
    // A carrier that refuses one number may well accept the next.
    unknown = kind === "unknown" ? unknown + 1 : 0;
    if (kind === "unreachable" || unknown === MAX_UNKNOWN) broken = { kind, message };
    reported.push({ ...drift, outcome: "failed", why: message });
  }
  const outcome: Outcome = {
    seen: { ...seen, inFlight: seen.inFlight + vanished },
    drifts: reported,
    broken,
  };
  return outcome;
});

/**
 * Reads both sides, ours before and after the carrier's. It changes nothing, and may be
 * interrupted.
 */
const readSides = Effect.fnUntraced(function* (carrier: CarrierName) {
  const { log } = yield* Ports;
  const before = yield* ask(() => readOurs(log, carrier));
  const { numbers: theirs, broken } = yield* readTheirs(carrier);
  const after = broken === null ? yield* ask(() => readOurs(log, carrier)) : before;
  const sides: Sides = { before, after, theirs };
  return { sides, broken };
});

const outcomeOf = Effect.fnUntraced(function* (carrier: CarrierName, actor: Actor) {
  const { carriers, clock, openedAt, orphans } = yield* Ports;
  const { sides, broken } = yield* Effect.interruptible(readSides(carrier));
  if (broken !== null) {
    const { after: { size: ours }, theirs: { size: theirs } } = sides;
    const seen = { ours, theirs, agreed: 0, inFlight: 0, foreign: 0 };
    const outcome: Outcome = { seen, drifts: [], broken };
    return outcome;
  }
  const known = yield* originsOf(carrier, keysInDoubt(sides));
  const circumstances = {
    now: clock.now(),
    settlingMs: carriers.get(carrier)?.settlingMs ?? 0,
    suspends: carriers.get(carrier)?.suspend !== undefined,
    orphans,
    ...known,
    isCopied: isCopied(known.lost, openedAt),
  };
  const comparison = compare(sides, circumstances);
  return yield* repairAll({ carrier, actor, circumstances }, sides, comparison);
});

/**
 * Compares a carrier's inventory with the numbers held here, repairs what is safe, and records what
 * was found and done. When the carrier fails, the report says how far the run came.
 */
export const reconcile = Effect.fnUntraced(function* (
  carrier: CarrierName,
  actor: Actor,
): Effect.fn.Return<ReconciliationReport, never, Ports> {
  const { clock, ids } = yield* Ports;
  const startedAt: Instant = clock.now();
  const outcome = yield* outcomeOf(carrier, actor);
  const command = {
    type: "RecordReconciliation",
    reconciliation: ids.next("rc"),
    carrier,
    startedAt,
    ...outcome,
  } as const;
  const done = yield* execute({ organization: RECONCILIATIONS, actor, command });
  const fact = factOf(done, "InventoryReconciled");
  if (fact === undefined) throw new Error(`The reconciliation ${command.reconciliation} is lost`);
  return reportOf(fact);
}, Effect.uninterruptible);
