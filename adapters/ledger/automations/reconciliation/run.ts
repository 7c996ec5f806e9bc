import * as Effect from "effect/Effect";
import type { CarrierName } from "../../../../core/ports/carrier.ts";
import type { CarrierError } from "../../../../core/ports/mod.ts";
import {
  type Comparison,
  type DriftCounts,
  keysInDoubt,
  openComparison,
  type Seeing,
} from "../../../../core/reconciliation/comparison.ts";
import { isCopied } from "../../../../core/reconciliation/installation.ts";
import type { OurNumber } from "../../../../core/reconciliation/our-number.ts";
import type { ReportedDrift } from "../../../../core/events/reconciliation.ts";
import { RECONCILIATIONS } from "../../../../core/reconciliation/state.ts";
import type { Instant } from "../../../../core/values/calendar.ts";
import type { Actor } from "../../../../core/values/identity.ts";
import type { ReconciliationReport } from "../../api/mod.ts";
import { factOf } from "../../engine/command.ts";
import { execute } from "../../engine/execute.ts";
import { ask, Ports } from "../../engine/services.ts";
import { eventLoopTurn } from "../../engine/slices.ts";
import { repair, type Run } from "./repair.ts";
import { reportOf } from "./reports.ts";
import { originsOf, readOurs, readOursOf, readTheirs } from "./inventories.ts";

/** After so many consecutive unknown outcomes, the carrier counts as failing. */
const MAX_UNKNOWN = 3;

const NO_FURTHER: DriftCounts = { orphan: 0, ghost: 0, stuck: 0, mismatch: 0 };

/** The result of a run, before it is recorded. */
type Outcome = {
  readonly seen: Seeing;
  readonly drifts: readonly ReportedDrift[];
  readonly further: DriftCounts;
  readonly broken: CarrierError | null;
};

/** Does what is to be done about each drift in turn, until the carrier fails. */
const repairAll = Effect.fnUntraced(function* (
  run: Run,
  { seen, drifts, further }: Comparison,
) {
  const reported: ReportedDrift[] = [];
  let broken: CarrierError | null = null;
  let unknown = 0;
  let vanished = 0;
  for (const { drift, ours } of drifts) {
    // The ledger may be closed here: endings and adoptions are in the logs of the numbers, what was
    // given back is in the log of the reconciliations, and a repaired connection agrees on both
    // sides.
    yield* Effect.interruptible(Effect.yieldNow);
    if (broken !== null && drift.remedy !== "report") {
      reported.push({ ...drift, outcome: "skipped", why: null });
      continue;
    }
    const repaired = yield* Effect.result(repair(run, drift, ours));
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
    further,
    broken,
  };
  return outcome;
});

/** Gives others their turn between two pages, where the log waits for no other process. */
const betweenPages = Effect.flatMap(
  Ports,
  ({ log }) => log.isEmbedded === true ? ask(eventLoopTurn) : Effect.void,
);

/** Gives all pages of our numbers to `use`. */
const eachOfOurs = Effect.fnUntraced(function* (
  carrier: CarrierName,
  use: (page: readonly OurNumber[]) => void,
) {
  const { log } = yield* Ports;
  const pages = readOurs(log, carrier);
  for (;;) {
    const { done, value } = yield* ask(() => pages.next());
    if (done === true) return;
    use(value);
    yield* betweenPages;
  }
});

/**
 * Compares both sides, ours before and after the carrier's. It changes nothing, and may be
 * interrupted between two pages.
 */
const compareSides = Effect.fnUntraced(function* (carrier: CarrierName) {
  const { carriers, clock, log, openedAt, orphans } = yield* Ports;
  const comparison = openComparison();
  const terms = {
    settlingMs: carriers.get(carrier)?.settlingMs ?? 0,
    suspends: carriers.get(carrier)?.suspend !== undefined,
    orphans,
  };
  let copied = false;
  yield* eachOfOurs(carrier, comparison.before);
  const broken = yield* readTheirs(carrier, (page) =>
    Effect.gen(function* () {
      const ours = yield* ask(() => readOursOf(log, carrier, page));
      const known = yield* originsOf(carrier, keysInDoubt(page, ours));
      copied ||= isCopied(known.lost, openedAt);
      comparison.theirs(page, ours, { ...terms, ...known, now: clock.now() });
      yield* betweenPages;
    }));
  if (broken !== null) return { broken, seen: comparison.soFar() };
  const origins = new Map<string, never>();
  yield* eachOfOurs(
    carrier,
    (page) => comparison.after(page, { ...terms, origins, now: clock.now() }),
  );
  return { broken, comparison: comparison.end(copied), terms: { ...terms, isCopied: copied } };
});

const outcomeOf = Effect.fnUntraced(function* (carrier: CarrierName, actor: Actor) {
  const compared = yield* Effect.interruptible(compareSides(carrier));
  if (compared.broken !== null) {
    const { broken } = compared;
    const seen = { ...compared.seen, agreed: 0, inFlight: 0, foreign: 0 };
    const outcome: Outcome = { seen, drifts: [], further: NO_FURTHER, broken };
    return outcome;
  }
  const { comparison, terms } = compared;
  return yield* repairAll({ carrier, actor, terms }, comparison);
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
