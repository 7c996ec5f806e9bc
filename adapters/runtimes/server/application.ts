import { type Optional, withoutUndefined } from "../../validation/optional.ts";
import type { Carrier, Clock, KeptAnswers, RateLimiter } from "../../../core/ports/mod.ts";
import type { Documents } from "../../../http/documents.ts";
import type { Mcp } from "../../../http/mcp/mod.ts";
import { openPlanMemo, type PlanMemo } from "../../../http/limits.ts";
import type { OnError } from "../../../http/perform.ts";
import { openDatabaseAnswers } from "../../answers/database.ts";
import { openSqlOrderBook } from "../../carrier/sandbox/sql.ts";
import { openIds } from "../../clock/ids.ts";
import { openTestClock, type TestClock } from "../../clock/test.ts";
import type { Ledger } from "../../ledger/api/mod.ts";
import type { OpenLedger } from "../../ledger/mod.ts";
import {
  openRequirementsCache,
  type RequirementsCache,
} from "../../ledger/engine/requirements-cache.ts";
import { type NotedUses, openNotedUses } from "../../ledger/engine/token-notes.ts";
import type { LedgerOptions } from "../../ledger/api/options.ts";
import { openMemoryLimiter } from "../../limiter/memory.ts";
import { openSharedLimiter, openShares, type Shares } from "../../limiter/postgres.ts";
import type { Database } from "../../log/sql/database.ts";
import type { DatabaseLog } from "../../log/sql/log.ts";
import { openWebhookNotifier } from "../../notifier/webhook.ts";
import { includedPayments } from "../../payments/included.ts";
import type { Measures } from "../metrics/mod.ts";
import type { Traces } from "../tracing/mod.ts";
import { clockOver } from "./clock.ts";
import { type Lines, linesOf } from "./report.ts";
import type { CarrierSettings, Settings } from "./settings.ts";
import { unreachable } from "../../../core/values/unreachable.ts";
import { openSandboxCarrier } from "../../carrier/sandbox/carrier.ts";

/** Answers a request, on any runtime. */
export type Fetch = (request: Request) => Response | Promise<Response>;

/** What the settings cannot say, or what overrides them. */
export type ApplicationOptions =
  & Partial<Known>
  & Optional<
    Pick<
      LedgerOptions,
      "ids" | "notifier" | "payments" | "plans" | "runsAutomations" | "webhooks"
    >
  >
  & {
    /** The carrier that numbers are bought from; the one that the settings name by default. */
    readonly carrier?: Carrier | undefined;
    /** A test clock that goes on from its present time. */
    readonly testClock?: TestClock | null;
    /** The machine's clock, where it is kept longer than the application. */
    readonly machineClock?: Clock | null;
    /** What the server says of its own APIs; nothing by default. */
    readonly documents?: Documents;
    /** Tools for agents; none by default. */
    readonly mcp?: Mcp;
    /** Whether the tables of the sandbox are known to be there; false by default. */
    readonly isMigrated?: boolean;
    /** Measures the parts; without it nothing is measured. */
    readonly measures?: Measures | null;
    /** Traces the parts; without it nothing is traced. */
    readonly traces?: Traces | null;
  };

/** What a process knows of rate limits and plans: plain data. */
type Rates = { readonly shares: Shares; readonly planMemo: PlanMemo };

/** The initial state, before any request. */
export const openRates = (): Rates => ({ shares: openShares(), planMemo: openPlanMemo() });

/** What applications know that follow one another in a process: plain data. */
export type Known = {
  /** Of rate limits; see `openLimiter`. */
  readonly rates: Rates;
  /** What carriers require. */
  readonly requirements: RequirementsCache;
  /** Which uses of tokens were noted. */
  readonly notedUses: NotedUses;
};

/** What is known before any request. */
export const openKnown = (): Known => ({
  rates: openRates(),
  requirements: openRequirementsCache(),
  notedUses: openNotedUses(),
});

/**
 * What counts requests: in this process where the database is embedded, else in the database, which
 * other servers use too. An application that is one of many (`rates`) draws nothing ahead: it may
 * have answered before the draw is answered.
 */
const limiterOf = (
  settings: Settings,
  database: Database,
  rates: Rates | undefined,
): RateLimiter | null => {
  const { rateLimits, databaseUrl } = settings;
  const { report } = linesOf(settings);
  if (rateLimits === "off") return null;
  if (databaseUrl === null) return openMemoryLimiter();
  return openSharedLimiter({
    database,
    onAlone: (error) => report("counting requests, which this server does alone now", error),
    ...(rates !== undefined && { shares: rates.shares, drawsAhead: false }),
  });
};

type TelnyxSettings = Extract<CarrierSettings, { readonly name: "telnyx" }>;

// Loaded only where it is used, for a quick start.
const openTelnyx = async (
  { apiKey, baseUrl, name }: TelnyxSettings,
  clock: Clock,
  measures: Measures | null,
  traces: Traces | null,
): Promise<Carrier> => {
  const { openTelnyxCarrier } = await import("../../carrier/telnyx/mod.ts");
  return openTelnyxCarrier({
    apiKey,
    baseUrl,
    clock,
    onCircuit: measures?.circuitsOf(name),
    traceparent: traces?.traceparent ?? undefined,
  });
};

/** The carrier that the settings name. A name that is missing here does not compile. */
const openCarrier = async (
  settings: CarrierSettings,
  sandbox: Carrier,
  ...others: [clock: Clock, measures: Measures | null, traces: Traces | null]
): Promise<Carrier> => {
  switch (settings.name) {
    case "sandbox":
      return sandbox;
    case "telnyx":
      return await openTelnyx(settings, ...others);
    default:
      return unreachable(settings);
  }
};

/** The test clock that the settings ask for, set to its start; null for real time. */
export const openClock = ({ testClock }: Settings): TestClock | null =>
  testClock === null ? null : openTestClock(testClock);

/** A ledger, and what is before it. */
export type Opened = {
  readonly ledger: Ledger;
  /** Counts requests; null where they are not counted. */
  readonly limiter: RateLimiter | null;
  /** Keeps what is answered under callers' keys. */
  readonly answers: KeptAnswers;
};

/** Reports an error that a request met, with the id that its answer has. */
export const requestReporter =
  ({ report }: Lines): OnError => (error, requestId, { trace, organization, commandId }) =>
    report("answering a request", error, {
      requestId,
      traceId: trace?.id,
      organization,
      commandId,
    });

/**
 * Opens the ledger that the settings describe over a log: the carrier (and the sandbox beside it,
 * for tokens that are to use it), a clock, and what else there is. Closing the ledger closes the
 * log.
 */
export const openLedgerOver = async (
  openLedger: OpenLedger,
  log: DatabaseLog,
  settings: Settings,
  options: ApplicationOptions = {},
): Promise<Opened> => {
  const { carrier, reviewersUrl: url, reviewersSecret: secret } = settings;
  const { waitMs, recoveryMs, leaseMs, orphans } = settings;
  const {
    testClock = openClock(settings),
    machineClock,
    isMigrated = false,
    rates,
    measures = null,
    traces = null,
    documents: _,
    mcp: __,
    carrier: own,
    ...others
  } = options;
  const measured = (one: Carrier): Carrier => measures?.carrier(one) ?? one;
  const clock = testClock ?? machineClock ?? await clockOver(log.database, linesOf(settings));
  const { database } = log;
  const orders = await openSqlOrderBook(log.database, { isMade: isMigrated });
  const sandbox = openSandboxCarrier({ orders, clock });
  const ledger = openLedger({
    log,
    carrier: measured(own ?? await openCarrier(carrier, sandbox, clock, measures, traces)),
    sandbox: measured(sandbox),
    payments: includedPayments,
    clock,
    ids: openIds(clock),
    waitMs,
    recoveryMs,
    leaseMs,
    orphans,
    ...(settings.plans !== null && { plans: settings.plans }),
    report: linesOf(settings).report,
    ...traces?.ledger,
    ...(testClock && { setClock: testClock.set }),
    ...(url !== null && { notifier: openWebhookNotifier({ url, secret }) }),
    ...withoutUndefined(others),
  });
  const limiter = limiterOf(settings, database, rates);
  return {
    ledger,
    limiter: limiter && (measures?.limiter(limiter) ?? limiter),
    answers: openDatabaseAnswers({ database, isAlone: settings.databaseUrl === null }),
  };
};
