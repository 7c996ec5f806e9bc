/** Ledgerline on workerd, the runtime of Cloudflare's Workers, with its log in PostgreSQL. */
import { pick } from "valibot";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { Ids } from "../../core/ports.ts";
import { assertArguments } from "../../core/values/argument.ts";
import { SECOND_MS } from "../../core/values/calendar.ts";
import { sendHealth } from "../../http/answer.ts";
import { LOG_UNAVAILABLE, NOT_SET_UP } from "../../http/errors.ts";
import { answerUnavailable } from "../../http/unavailable.ts";
import { openIds } from "../clock/ids.ts";
import { systemClock } from "../clock/system.ts";
import type { TestClock } from "../clock/test.ts";
import { OptionsSchema as AllOptionsSchema } from "../library/options.ts";
import { openPostgresLog } from "../log/postgres/mod.ts";
import type { DatabaseLog } from "../log/sql/log.ts";
import {
  type Application,
  type ApplicationOptions,
  openApplication,
  openClock,
  openRates,
  type Rates,
} from "../server/application.ts";
import { note, report } from "../server/report.ts";
import { lookForWork } from "../server/work.ts";
import { readEnvironment, type WorkerSettings } from "./environment.ts";

/** As much of what the runtime gives an event as is used here. */
export type WorkerContext = {
  /** Lets this go on after the answer, and when the caller has gone away. */
  waitUntil(promise: Promise<unknown>): void;
};

/** What settings cannot say: see `LedgerOptions`. */
export type WorkerOptions = Pick<ApplicationOptions, "payments" | "notifier" | "plans">;

const OptionsSchema = pick(AllOptionsSchema, ["payments", "notifier", "plans"]);

/** What the module of a worker exports by default; the environment is what is bound to it. */
export type Worker = {
  /** Answers a request, and looks for due work afterwards. */
  fetch(request: Request, environment: object, context: WorkerContext): Promise<Response>;
  /** Does all that is due; rejects when it could not begin. For a cron trigger. */
  scheduled(event: unknown, environment: object): Promise<void>;
};

/**
 * How many connections to the database an event has: what it asks comes one after the other, and
 * what does not waits no longer than a second connection would take to be made.
 */
const CONNECTIONS = 1;

/** How long a statement may go without an answer: callers have gone when it comes later. */
const ANSWER_MS = 15 * SECOND_MS;

/** What an isolate remembers from event to event. Nothing that does I/O: that belongs to its event. */
type Memory = {
  /** The test clock, where there is one, which stands where it was left, and who makes the ids. */
  time: { readonly testClock: TestClock | null; readonly ids: Ids } | null;
  /** Whether the database was found, or made, as this code needs it. */
  isMigrated: boolean;
  /** What is known of rate limits: what was drawn for callers and not used yet, and their plans. */
  readonly rates: Rates;
  /** When due work was looked for last, in milliseconds since 1970. */
  lookedAt: number;
};

const timeOf = (settings: WorkerSettings, memory: Memory): NonNullable<Memory["time"]> => {
  if (memory.time !== null) return memory.time;
  const testClock = openClock(settings);
  return memory.time = { testClock, ids: openIds(testClock ?? systemClock) };
};

const openOver = async (
  log: DatabaseLog,
  settings: WorkerSettings,
  memory: Memory,
  options: WorkerOptions,
): Promise<Application> => {
  const { isMigrated, rates } = memory;
  const time = timeOf(settings, memory);
  const others = { ...options, ...time, isMigrated, rates, worksByItself: false };
  try {
    return await openApplication(log, settings, others);
  } catch (error) {
    await log.close();
    throw error;
  }
};

/**
 * Opens everything for one event; null where the database is not to be had, which is told in a line
 * and tried again at the next event.
 */
const open = async (
  settings: WorkerSettings,
  memory: Memory,
  options: WorkerOptions,
): Promise<Application | null> => {
  const { databaseUrl: url } = settings;
  const { isMigrated } = memory;
  try {
    const log = await openPostgresLog({
      url,
      connections: CONNECTIONS,
      answerMs: ANSWER_MS,
      isMigrated,
      onUnavailable: note,
    });
    const application = await openOver(log, settings, memory, options);
    memory.isMigrated = true;
    return application;
  } catch (error) {
    const what = "opening the database of HYPERDRIVE or DATABASE_URL";
    report(what, error instanceof Unavailable ? error.message : error);
    return null;
  }
};

/** Does what is due, and lets go of the connections. */
const finish = async ({ ledger }: Application, isToWork: boolean): Promise<void> => {
  try {
    if (isToWork) await lookForWork(ledger);
  } finally {
    await ledger.close();
  }
};

/** Whether this asks only for the process, and so for nothing that must be opened first. */
const asksForProcess = ({ method, url }: Request): boolean =>
  (method === "GET" || method === "HEAD") && new URL(url).pathname === "/healthz";

/**
 * Makes a worker. Each event has a ledger and connections of its own, since the runtime lets no event
 * use another's. While a setting is missing or wrong, or the database cannot be reached, every request
 * is answered 503 but `/healthz`, and a line says why; the next one tries again. Throws an
 * `InvalidArgument` that names the option that does not fit.
 */
export const createWorker = (options: WorkerOptions = {}): Worker => {
  assertArguments({ options: OptionsSchema }, [options]);
  const memory: Memory = { time: null, isMigrated: false, rates: openRates(), lookedAt: 0 };
  const isTimeToLook = ({ recoveryMs }: WorkerSettings): boolean => {
    if (Date.now() - memory.lookedAt < recoveryMs) return false;
    memory.lookedAt = Date.now();
    return true;
  };
  return {
    fetch: async (request, environment, context) => {
      if (asksForProcess(request)) return sendHealth(true);
      const settings = readEnvironment(environment);
      if (!settings.ok) {
        report("reading the settings", settings.error);
        return answerUnavailable(request, NOT_SET_UP);
      }
      const application = await open(settings.value, memory, options);
      if (application === null) return answerUnavailable(request, LOG_UNAVAILABLE);
      const answer = Promise.resolve(application.fetch(request));
      const finished = answer.finally(() => finish(application, isTimeToLook(settings.value)));
      context.waitUntil(finished);
      return await answer;
    },
    scheduled: async (_, environment) => {
      const settings = readEnvironment(environment);
      if (!settings.ok) throw new Error(settings.error);
      const application = await open(settings.value, memory, options);
      if (application === null) throw new Error("the database is not to be had");
      await finish(application, true);
    },
  };
};

/** A worker that does as its settings say. */
const worker: Worker = createWorker();
export default worker;
