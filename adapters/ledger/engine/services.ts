import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import type { CarrierName } from "../../../core/ports/carrier.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { PlanCatalogue } from "../../../core/values/plan.ts";
import type { Carrier, Clock, EventLog, Ids, Notifier, Payments } from "../../../core/ports/mod.ts";
import type { OrphanPolicy } from "../../../core/events/drift.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { ReportedAbout } from "../api/options.ts";
import type { Done, Given } from "./command.ts";
import type { Closing } from "./close-signal.ts";
import type { Exclusive } from "./keyed-mutex.ts";
import type { CarrierLanes, Lane } from "./carrier-lanes.ts";
import type { LogProgress } from "./log-progress.ts";
import type { ReleasedViews } from "./released-number-cache.ts";
import type { RequirementsCache } from "./requirements-cache.ts";
import type { Rounds } from "./rounds.ts";
import type { SearchCache } from "./search-cache.ts";
import type { Spans } from "./span-maker.ts";
import type { TokenNotes } from "./token-notes.ts";

/** Where assignments wait. */
export type Assignments = {
  /** One of each organization runs, and so many of the same organization wait. */
  readonly own: Lane;
  /** Of all organizations one goes on that holds the process. */
  readonly turns: Lane;
};

/** The adapters behind the ports, and the ledger's time limits: one service for all its parts. */
export class Ports extends Context.Service<Ports, {
  readonly log: EventLog;
  /** Carriers by name; numbers stay with the one they were bought from. */
  readonly carriers: ReadonlyMap<CarrierName, Carrier>;
  /** The carrier that numbers are bought from, unless the caller is to use the sandbox. */
  readonly carrier: CarrierName;
  readonly payments: Payments;
  /** Null where no reviewer is configured to be notified. */
  readonly notifier: Notifier | null;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly plans: PlanCatalogue;
  /** What becomes of numbers that a carrier keeps and nobody holds. */
  readonly orphans: OrphanPolicy;
  /** Whether carriers are reconciled daily. */
  readonly reconcilesDaily: boolean;
  /** A cache of what never changes. */
  readonly known: { installation: string | null };
  /** When the ledger was opened, by its clock. */
  readonly openedAt: Instant;
  /** Carriers known to be on the list of those that are. */
  readonly scheduled: Set<CarrierName>;
  /** How long a purchase or a release waits for the carrier before it answers. */
  readonly waitMs: Milliseconds;
  /** How often unfinished work is looked at again. */
  readonly recoveryMs: Milliseconds;
  /** How long others leave work alone that this process began, if it dies. */
  readonly leaseMs: Milliseconds;
  /** Commands by organization: those that wait are decided together, so they rarely conflict. */
  readonly rounds: Rounds<Given, Done, { readonly _tag: string }>;
  /** How far logs are known to be. */
  readonly progress: LogProgress;
  /** The places at each carrier that was called. */
  readonly places: Map<CarrierName, CarrierLanes>;
  /** Assignments, of which one can write all numbers that an organization has: one at a time. */
  readonly assignments: Assignments;
  /** Views of released numbers. */
  readonly releasedViews: ReleasedViews;
  /** Signals that the ledger closes to work that waits for others' sake. */
  readonly closing: Closing;
  /** Whether long readings pause (`Paces`). */
  readonly paces: boolean;
  /** What carriers offered lately. */
  readonly searches: SearchCache;
  /** What carriers require before they sell. */
  readonly requirements: RequirementsCache;
  /** Uses of tokens that are to be noted. */
  readonly tokenNotes: TokenNotes;
  /** One worker at a time on an item. */
  readonly items: Exclusive;
  /** Items that callers wait for, by name, each with how many do. */
  readonly callerItems: Map<string, number>;
  /** Called with errors that no caller waits for. */
  readonly report: (what: string, error: unknown, about?: ReportedAbout) => void;
  /** Makes spans; null where the ledger is not traced. */
  readonly spans: Spans | null;
}>()("ledgerline/Ports") {}

/** A port outside this process that does not answer for this long counts as not answering. */
export const GUARD_MS: Milliseconds = 20 * SECOND_MS;

/**
 * A call to a port outside this process. When it throws or hangs, that is reported and the answer
 * is `instead`.
 */
export const askFor = Effect.fnUntraced(function* <Value>(
  what: string,
  instead: Value,
  call: () => Promise<Value>,
) {
  const { report } = yield* Ports;
  return yield* Effect.tryPromise({ try: call, catch: (error) => error }).pipe(
    Effect.timeout(GUARD_MS),
    Effect.catch((error) =>
      Effect.sync(() => {
        // The log itself reports that the database is away, which an adapter may depend on as well.
        if (!(error instanceof Unavailable)) report(`asking for ${what}`, error);
        return instead;
      })
    ),
  );
});

/**
 * Dies with `Unavailable` where what was just written is not in the log: after a failover to a
 * database that did not have it yet. It is reported, since it is lost to the log, and may be known
 * elsewhere.
 */
export const lostToLog = Effect.fnUntraced(function* (what: string) {
  const { report } = yield* Ports;
  const why = `${what} was written, and the log does not have it (any more)`;
  // As an error of another kind: an unavailable log is reported elsewhere, and this is not.
  report("reading what was written", new Error(why));
  return yield* Effect.die(new Unavailable(why));
});

/** A call to a port as an effect. A port that throws is broken: the fiber dies with its error. */
export const ask = <Value>(call: () => Promise<Value>): Effect.Effect<Value> =>
  Effect.promise(call);
