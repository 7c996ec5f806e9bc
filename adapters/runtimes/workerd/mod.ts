/** Ledgerline on workerd, the runtime of Cloudflare's Workers, with its log in PostgreSQL. */
import { healthPaths } from "../../../http/dialects.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Ids } from "../../../core/ports/mod.ts";
import { assertArguments } from "../../validation/argument.ts";
import type { Optional } from "../../validation/optional.ts";
import type { LedgerOptions } from "../../ledger/api/options.ts";
import { SECOND_MS } from "../../../core/values/calendar.ts";
import { createLateApp } from "../../../http/app.ts";
import { askedBy } from "../../../http/asked.ts";
import { noteClient } from "../../../http/client-address.ts";
import { sendHealth } from "../../../http/send.ts";
import { NOT_SET_UP } from "../../../http/errors.ts";
import { answerUnavailable } from "../../../http/unavailable.ts";
import { openTelnyxWebhook } from "../../carrier/telnyx/webhook.ts";
import { openIds } from "../../clock/ids.ts";
import type { KeptClock } from "../../clock/persisted.ts";
import { systemClock } from "../../clock/system.ts";
import type { TestClock } from "../../clock/test.ts";
import { WorkerOptionsSchema } from "../library/worker-parts.ts";
import { openPostgresLogKnowing } from "../../log/postgres/mod.ts";
import { KnownAway } from "../../log/postgres/outage.ts";
import type { Database } from "../../log/sql/database.ts";
import type { DatabaseLog } from "../../log/sql/log.ts";
import {
  type Known,
  openClock,
  type Opened,
  openKnown,
  openLedgerOver,
  requestReporter,
} from "../server/application.ts";
import { openMachineClock } from "../server/clock.ts";
import { linesOf } from "../server/report.ts";
import { warningsOf } from "../server/warnings.ts";
import { doDueWork } from "../server/due-work.ts";
import { readEnvironment, type WorkerSettings } from "./environment.ts";
import { openServingLedger } from "../../ledger/serving.ts";
import { type EventSource, openShared, openSource, type Shared } from "./source.ts";

/** As much of what the runtime gives an event as is used here. */
export type WorkerContext = {
  /** Lets this go on after the answer, and when the caller has disconnected. */
  waitUntil(promise: Promise<unknown>): void;
};

/** What settings cannot say: see `LedgerOptions`. */
export type WorkerOptions = Optional<Pick<LedgerOptions, "notifier" | "payments" | "plans">>;

/** What the module of a worker exports by default; the environment is what is bound to it. */
export type Worker = {
  /** Answers a request, and looks for due work afterwards. */
  fetch(request: Request, environment: object, context: WorkerContext): Promise<Response>;
  /** Does all that is due; rejects when it could not begin. For a cron trigger. */
  scheduled(event: unknown, environment: object): Promise<void>;
};

/**
 * How many connections to the database an event has: most of its statements are sequential, and
 * others wait no longer than opening a second connection would take.
 */
const CONNECTIONS = 1;

/** How long a statement may go without an answer: callers have disconnected when it comes later. */
const ANSWER_MS = 15 * SECOND_MS;

type Time = {
  readonly machineClock: KeptClock | null;
  readonly ids: Ids;
};

/**
 * What an isolate remembers from event to event. Nothing that does I/O: that belongs to its event.
 */
type Memory = {
  /**
   * The test clock, where there is one, at the time it was last set to; undefined: not yet known.
   */
  testClock: TestClock | null | undefined;
  /** The machine's clock, where there is no other, and the maker of ids. */
  time: Time | null;
  /** Whether the database is known to have the schema that this code needs. */
  isMigrated: boolean;
  /** What the applications of its events know. */
  readonly known: Known;
  /** Whether the warnings about the settings were given. */
  hasWarned: boolean;
  /** When due work was looked for last, in milliseconds since 1970. */
  lookedAt: number;
  /** What events share, once there was one. */
  shared: Shared | null;
};

const testClockOf = (settings: WorkerSettings, memory: Memory): TestClock | null =>
  memory.testClock ??= openClock(settings);

/** The time as the isolate knows it, compared with this event's database every now and then. */
const timeOf = async (
  settings: WorkerSettings,
  memory: Memory,
  database: Database,
): Promise<Time> => {
  if (memory.time !== null) {
    await memory.time.machineClock?.compare(database);
    return memory.time;
  }
  const testClock = testClockOf(settings, memory);
  const machineClock = testClock === null
    ? await openMachineClock(database, linesOf(settings))
    : null;
  const ids = openIds(testClock ?? machineClock ?? systemClock);
  return memory.time = { machineClock, ids };
};

const openOver = async (
  log: DatabaseLog,
  settings: WorkerSettings,
  memory: Memory,
  options: WorkerOptions,
): Promise<Opened> => {
  try {
    const time = await timeOf(settings, memory, log.database);
    const testClock = testClockOf(settings, memory);
    const { isMigrated, known } = memory;
    const kept = { ...known, ...time, isMigrated, testClock, runsAutomations: false };
    return await openLedgerOver(openServingLedger, log, settings, { ...options, ...kept });
  } catch (error) {
    await log.close();
    throw error;
  }
};

/**
 * Opens everything for one event. Throws an `Unavailable` where the database is not available,
 * which is reported in a line and tried again at the next event.
 */
const open = async (
  settings: WorkerSettings,
  memory: Memory,
  options: WorkerOptions,
): Promise<Opened> => {
  const [{ databaseUrl: url }, { isMigrated }] = [settings, memory];
  const shared = memory.shared ??= openShared();
  const { warn, report } = linesOf(settings);
  const onUnavailable = (line: string): void => {
    shared.readiness.forget();
    warn(line);
  };
  try {
    const connecting = { url, connections: CONNECTIONS, answerMs: ANSWER_MS, isMigrated };
    const log = await openPostgresLogKnowing({ ...connecting, onUnavailable }, shared.outage);
    const opened = await openOver(log, settings, memory, options);
    memory.isMigrated = true;
    return opened;
  } catch (error) {
    shared.readiness.forget();
    // It was reported when it became known.
    if (error instanceof KnownAway) throw error;
    const what = "opening the database of HYPERDRIVE or DATABASE_URL";
    report(what, error instanceof Unavailable ? error.message : error);
    throw error instanceof Unavailable ? error : new Unavailable("the database cannot be reached");
  }
};

/** Tries whether a database that is away is there again: after an answer, so nobody waits. */
const tryAgain = async (settings: WorkerSettings, { shared }: Memory): Promise<void> => {
  const leave = shared?.outage.enterTrial();
  if (shared === null || leave === undefined || leave === null) return;
  const connecting = { url: settings.databaseUrl, connections: CONNECTIONS, answerMs: ANSWER_MS };
  try {
    const log = await openPostgresLogKnowing({ ...connecting, isMigrated: true }, shared.outage);
    // Asks although the outage is known; the result is recorded there.
    await log.writable?.().catch(() => {});
    await log.close();
  } finally {
    leave();
  }
};

/** The request's address, where it is known: Cloudflare's network writes this header. */
const ADDRESS = /^[0-9a-f:.]{2,45}$/i;

const addressOf = ({ headers }: Request): string | undefined =>
  ADDRESS.exec(headers.get("cf-connecting-ip") ?? "")?.[0];

/**
 * Answers one request. The ledger is opened when the request needs it: after its route, the form of
 * its token and its body, so that no caller without these keeps a connection (`createLateApp`).
 */
const answerOf = (
  request: Request,
  settings: WorkerSettings,
  memory: Memory,
  options: WorkerOptions,
): { readonly answer: Promise<Response>; readonly source: EventSource } => {
  const clock = testClockOf(settings, memory) ?? memory.time?.machineClock ?? systemClock;
  const shared = memory.shared ??= openShared();
  const source = openSource({
    open: () => open(settings, memory, options),
    now: clock.now,
    shared,
  });
  const { adminToken, corsOrigins, telnyxPublicKey: publicKey } = settings;
  noteClient(request, addressOf(request));
  const app = createLateApp({
    source,
    guard: shared.guard,
    webhook: publicKey === null
      ? null
      : openTelnyxWebhook({ publicKey, now: source.now, seen: shared.webhooksSeen }),
    adminToken,
    corsOrigins,
    planMemo: memory.known.rates.planMemo,
    onError: requestReporter(linesOf(settings)),
  });
  return { answer: Promise.resolve(app.fetch(request)), source };
};

/** Whether this asks only for the process, and so for nothing that must be opened first. */
const asksForProcess = ({ method, url }: Request): boolean =>
  (method === "GET" || method === "HEAD") && healthPaths().includes(new URL(url).pathname);

/**
 * Makes a worker. Each event has its own ledger and connections, since the runtime lets no event
 * use another's. While a setting is missing or wrong, or the database cannot be reached, every
 * request that needs it is answered 503, and a line says why. Throws an `InvalidArgument`.
 *
 * @example
 * ```ts
 * import { createWorker } from "ledgerline/workerd";
 * export default createWorker();
 * ```
 */
export const createWorker = (options: WorkerOptions = {}): Worker => {
  assertArguments({ options: WorkerOptionsSchema }, [options]);
  const memory: Memory = {
    testClock: undefined,
    time: null,
    isMigrated: false,
    known: openKnown(),
    hasWarned: false,
    lookedAt: 0,
    shared: null,
  };
  const warn = (settings: WorkerSettings): void => {
    if (memory.hasWarned) return;
    memory.hasWarned = true;
    for (const warning of warningsOf(settings)) linesOf(settings).warn(warning);
  };
  const isTimeToLook = ({ recoveryMs }: WorkerSettings): boolean => {
    // Either way: the clock may have been set back.
    if (Math.abs(Date.now() - memory.lookedAt) < recoveryMs) return false;
    memory.lookedAt = Date.now();
    return true;
  };
  return {
    fetch: async (request, environment, context) => {
      if (asksForProcess(request)) return sendHealth(askedBy(request), true);
      const settings = readEnvironment(environment);
      if (!settings.ok) {
        linesOf({ logFormat: "text" }).report("reading the settings", settings.error);
        return answerUnavailable(request, NOT_SET_UP);
      }
      warn(settings.value);
      const { answer, source } = answerOf(request, settings.value, memory, options);
      const finishing = async (): Promise<void> => {
        await answer.catch(() => null);
        await source.finish(
          () => isTimeToLook(settings.value),
          ({ ledger }) => doDueWork(ledger, linesOf(settings.value)),
        );
        await tryAgain(settings.value, memory);
      };
      context.waitUntil(finishing());
      return await answer;
    },
    scheduled: async (_, environment) => {
      const settings = readEnvironment(environment);
      if (!settings.ok) throw new Error(settings.error);
      const { ledger } = await open(settings.value, memory, options);
      try {
        await doDueWork(ledger, linesOf(settings.value));
      } finally {
        await ledger.close();
      }
    },
  };
};

const worker: Worker = createWorker();
export default worker;
