/** Opens a ledger: its ports, its automations, and its calls as effects. */
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Fiber from "effect/Fiber";
import * as Latch from "effect/Latch";
import * as Scope from "effect/Scope";
import { Unavailable } from "../../core/log/unavailable.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { CarrierName } from "../../core/ports/carrier.ts";
import type { Carrier } from "../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import type { Feed } from "./api/effects.ts";
import { LEDGER_DEFAULTS, type LedgerOptions } from "./api/options.ts";
import { makeCrew } from "./automations/crew.ts";
import { openRests } from "./automations/rests.ts";
import { type Beside, workForEver } from "./automations/worker.ts";
import { checkedCalls, checkedFeed } from "./calls/checked.ts";
import type { Table } from "./calls/declaration.ts";
import { callsOf } from "./calls/mod.ts";
import { makeAssignments } from "./engine/assignment-queue.ts";
import { withClosed } from "./engine/closed-plan.ts";
import { openClosing } from "./engine/close-signal.ts";
import { Closed } from "./engine/errors.ts";
import { makeExclusive } from "./engine/keyed-mutex.ts";
import { openLogProgress } from "./engine/log-progress.ts";
import { openRounds } from "./engine/rounds.ts";
import { Paces } from "./engine/paces.ts";
import { openReleasedViews } from "./engine/released-number-cache.ts";
import { openRequirementsCache, type RequirementsCache } from "./engine/requirements-cache.ts";
import { openSearchCache } from "./engine/search-cache.ts";
import { Ports } from "./engine/services.ts";
import type { Spans } from "./engine/span-maker.ts";
import { endsWithin } from "./engine/time-limit.ts";
import { type NotedUses, openNotedUses, openTokenNotes } from "./engine/token-notes.ts";
import { writeLastUses, writeUses } from "./engine/token-uses.ts";
import { numberPages } from "./calls/number-pages.ts";
import { numberPagesAsOf } from "./calls/past-numbers.ts";

/** Where all of a ledger runs. */
export type RunOptions = {
  /** Services of Effect (a clock to wait by, a tracer); Effect's own if none. */
  readonly services?: Context.Context<never>;
  /** Makes spans of what the ledger does, by a tracer among the services; none without it. */
  readonly spans?: Spans | undefined;
  /** What is known of carriers' requirements, where ledgers follow one another. */
  readonly requirements?: RequirementsCache;
  /** What is known of the uses of tokens, likewise. */
  readonly notedUses?: NotedUses;
};

/** Calls `report` with errors; one that throws must not end automatic work. */
const reporter =
  (report: NonNullable<LedgerOptions["report"]>): Ports["Service"]["report"] =>
  (what, error, about) => {
    if (error instanceof Unavailable) return;
    try {
      report(what, error, about);
    } catch {
      // There is nobody else to notify.
    }
  };

const portsOf = (options: LedgerOptions & RunOptions): Ports["Service"] => {
  const { carrier, sandbox } = options;
  const carriers = new Map<CarrierName, Carrier>([[carrier.name, carrier]]);
  if (sandbox !== undefined) carriers.set("sandbox", sandbox);
  return {
    log: options.log,
    carriers,
    carrier: carrier.name,
    payments: options.payments,
    notifier: options.notifier ?? null,
    clock: options.clock,
    ids: options.ids,
    plans: withClosed(options.plans ?? DEFAULT_PLANS),
    orphans: options.orphans ?? { kind: "report" },
    reconcilesDaily: options.reconcilesDaily ?? true,
    known: { installation: null },
    openedAt: options.clock.now(),
    scheduled: new Set(),
    waitMs: options.waitMs ?? LEDGER_DEFAULTS.waitMs,
    recoveryMs: options.recoveryMs ?? LEDGER_DEFAULTS.recoveryMs,
    leaseMs: options.leaseMs ?? LEDGER_DEFAULTS.leaseMs,
    rounds: openRounds(),
    progress: openLogProgress(),
    places: new Map(),
    assignments: makeAssignments(),
    releasedViews: openReleasedViews(),
    closing: openClosing(),
    paces: Context.get(options.services ?? Context.empty(), Paces),
    searches: openSearchCache({
      log: options.log,
      clock: options.clock,
      keptMs: options.searchCacheMs ?? LEDGER_DEFAULTS.searchCacheMs,
    }),
    requirements: options.requirements ?? openRequirementsCache(),
    tokenNotes: openTokenNotes(options.notedUses ?? openNotedUses()),
    items: makeExclusive(),
    callerItems: new Map(),
    report: reporter(options.report ?? (() => {})),
    spans: options.spans ?? null,
  };
};

/**
 * So long what is under way may take when the ledger is closed, and then the log: a carrier or a
 * database may never answer. What is cut off goes on at the next start, as after a crash.
 */
const FINISH_MS: Milliseconds = 15 * SECOND_MS;
const UNFINISHED = `It did not end within ${FINISH_MS / SECOND_MS} s, and is left as it is.`;

/** Counts the calls under way, so that closing can wait for them; none begins once it is closed. */
const openEntrance = () => {
  const idle = Latch.makeUnsafe(true);
  let [isClosed, underWay] = [false, 0];
  const begin = (): void => {
    if (underWay++ === 0) idle.closeUnsafe();
  };
  const end = Effect.sync(() => {
    if (--underWay === 0) idle.openUnsafe();
  });
  return {
    /**
     * A call that dies with `Closed`, having done nothing, once the entrance is closed. Its fiber
     * is its own, and nobody interrupts it. A call that is over before it begins (`advanceClock` on
     * a real clock) asks nothing of the ledger.
     */
    enter: <Value, Failure, Needs>(
      call: Effect.Effect<Value, Failure, Needs>,
    ): Effect.Effect<Value, Failure, Needs> =>
      Effect.suspend(() => {
        if (Exit.isExit(call)) return call;
        if (isClosed) return Effect.die(new Closed());
        begin();
        return Effect.ensuring(call, end);
      }),
    close: (): void => {
      isClosed = true;
    },
    /** Waits until no call is under way. */
    idle: idle.await,
  };
};

/** The calls that follow the log, and what ends those who do. */
export type Following = Pick<Feed, "follow" | "followAll" | "events"> & {
  /** Ends those who follow, and waits for what is done beside. */
  readonly end: () => Promise<unknown>;
  readonly beside: Beside;
  /** Calls that a worker lacks. */
  readonly further: Table;
};

/** A ledger whose calls are declared, and not yet anything else. */
export type OpenedTable = {
  /** Every call as it is declared, with its arguments checked; each needs a fiber of its own. */
  readonly table: Table;
  /** What the calls run in. */
  readonly services: Context.Context<Ports>;
  readonly feed: Feed;
  /** Finishes what is under way, for which it waits no longer than a bound, and closes the log. */
  readonly close: () => Promise<void>;
};

/**
 * Opens a ledger over these adapters and starts its automations. Its calls and automations run in
 * `options.services`.
 */
export const openTable = (
  options: LedgerOptions & RunOptions,
  followingOf: (ports: Ports["Service"], options: LedgerOptions) => Following,
): OpenedTable => {
  const ports = portsOf(options);
  const services = Context.add(options.services ?? Context.empty(), Ports, ports);
  const background = Scope.makeUnsafe();
  const entrance = openEntrance();
  const fork = Effect.runForkWith(services);
  const crew = makeCrew(fork);
  const rests = openRests();
  const worker = options.runsAutomations === false ? null : fork(workForEver(crew, rests));
  const { end, further, beside, ...followed } = followingOf(ports, options);
  const noting = fork(writeUses);
  const finish = Effect.gen(function* () {
    if (worker !== null) yield* Fiber.interrupt(worker);
    yield* crew.close;
    yield* Effect.promise(end);
    yield* Scope.close(background, Exit.void);
    // They wait for nothing any more, but have yet to read what they answer.
    yield* entrance.idle;
    yield* Fiber.interrupt(noting);
    yield* writeLastUses;
  });
  const close = async (): Promise<void> => {
    const finished = await endsWithin(FINISH_MS, Effect.runPromiseWith(services)(finish));
    if (!finished) ports.report("closing the ledger", new Error(UNFINISHED));
    const isClosed = await endsWithin(FINISH_MS, ports.log.close());
    if (!isClosed) ports.report("closing the log", new Error(UNFINISHED));
  };
  let closed: Promise<void> | null = null;
  return {
    table: checkedCalls(
      {
        ...callsOf(ports, { background, crew, rests, beside, setClock: options.setClock }),
        ...further,
      },
      entrance.enter,
    ),
    services,
    feed: checkedFeed({
      numberPages: (caller, filter, { asOf } = {}) =>
        asOf === undefined
          ? numberPages(ports, caller, filter)
          : numberPagesAsOf(ports, caller, asOf, filter),
      ...followed,
    }),
    close: () => {
      void end();
      ports.closing.close();
      ports.searches.close();
      entrance.close();
      return closed ??= close();
    },
  };
};
