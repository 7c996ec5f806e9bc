/** Several processes of one server on one port (`WORKERS`): one that starts the others. */
import cluster, { type Worker } from "node:cluster";
import process from "node:process";
import { messageOf } from "../../../core/values/error-message.ts";
import { type Milliseconds, MINUTE_MS, SECOND_MS } from "../../../core/values/calendar.ts";
import {
  announce,
  CLOSE_MS,
  endUnfit,
  type Listening,
  onInterrupt,
  runProgram,
  settingsOrEnd,
  type Start,
  STUCK,
} from "../server/program.ts";
import { type Lines, linesOf } from "../server/report.ts";
import { stopLimitOf } from "../server/running-server.ts";
import type { ServerParts } from "../server/server-options.ts";
import type { Settings } from "../server/settings.ts";
import { startServer } from "./server.ts";
import { relayMetrics, sharedMetrics } from "./shared-metrics.ts";

/** Names its place to a process that was started here, from 1 on. */
const PLACE = "LEDGERLINE_WORKER";

/** A process that ended is started again after this time, which doubles while they go on ending. */
const RESTART_MS: Milliseconds = 1 * SECOND_MS;
const LONGEST_RESTART_MS: Milliseconds = 30 * SECOND_MS;
/** One that ran for so long had started well. */
const STARTED_MS: Milliseconds = 1 * MINUTE_MS;
/** How much longer than each of them all may take to end. */
export const ALL_SPARE_MS: Milliseconds = 5 * SECOND_MS;

/** The settings of one of the processes: what cannot be shared is one's, or a share of it. */
const shareOf = (settings: Settings, place: number): Settings => ({
  ...settings,
  maxConnections: Math.max(1, Math.floor(settings.maxConnections / settings.workers)),
  headsFile: place === 1 ? settings.headsFile : null,
});

/** How a process ended: its status, or the signal's name. Rejects where it could not begin. */
const endOf = (worker: Worker): Promise<number | string> =>
  new Promise((resolve, reject) => {
    worker.once("exit", (code: number, signal: string | null) => resolve(signal ?? code));
    worker.on("error", (error) => {
      if (worker.process.pid === undefined) reject(error);
    });
  });

/** Among what a process sends, that it listens. */
const isListening = (message: unknown): message is Listening =>
  typeof message === "object" && message !== null && "url" in message;

/** A connection of the system. */
type Connection = { readonly close: () => void };

/**
 * Hangs up on clients whose connections were on their way to a process that ended: Node keeps them
 * open, and waits for an answer of that process for ever. Each port has one on its way to a process
 * at a time; one that had arrived is closed here already.
 */
const closeWith = (worker: Worker): void => {
  const { process: child } = worker;
  const under = new Map<unknown, Connection>();
  const send = child.send.bind(child) as (message: unknown, connection: unknown) => boolean;
  child.send = (message: { readonly act?: unknown; readonly key?: unknown }, given?: unknown) => {
    if (message.act === "newconn") under.set(message.key, given as Connection);
    return send(message, given);
  };
  worker.once("exit", () => under.forEach((connection) => connection.close()));
};

/** The processes that listen, with their places. */
const places = new Map<Worker, number>();

/** Runs a process at a place, which it is given in its environment: how it ended, or why it did. */
const runAt = async (
  place: number,
  onListening: (listening: Listening) => void,
): Promise<number | string> => {
  try {
    const worker = cluster.fork({ [PLACE]: String(place) });
    closeWith(worker);
    worker.on("message", (message: unknown) => {
      if (!isListening(message)) return;
      places.set(worker, place);
      onListening(message);
    });
    return await endOf(worker).finally(() => places.delete(worker));
  } catch (error) {
    return messageOf(error);
  }
};

/**
 * Keeps a process at a place: starts it, and starts it again when it has ended. Resolves when it
 * listens for the first time, or to the status with which it ended before. Where nothing else says
 * why that was, a line does.
 */
const keep = (
  place: number,
  { fail, warn }: Lines,
  isStopping: () => boolean,
): Promise<Listening | number> =>
  new Promise((resolve) => {
    let isKept = false;
    const start = async (after_ms: Milliseconds): Promise<void> => {
      const begun_ms = performance.now();
      let hasListened = false;
      const how = await runAt(place, (listening) => {
        isKept = hasListened = true;
        resolve(listening);
      });
      const hasSaid = typeof how === "number" && how !== 0;
      if (!isKept && !isStopping() && !hasSaid) {
        fail(`process ${place} ended (${how}) before it listened`);
      }
      resolve(hasSaid ? how : STUCK);
      if (isStopping() || !isKept) return;
      const isWell = hasListened && performance.now() - begun_ms > STARTED_MS;
      const pause_ms = isWell ? RESTART_MS : after_ms;
      warn(`process ${place} ended (${how}), and is started again in ${pause_ms / SECOND_MS} s`);
      setTimeout(() => {
        if (!isStopping()) void start(Math.min(2 * pause_ms, LONGEST_RESTART_MS));
      }, pause_ms);
    };
    void start(RESTART_MS);
  });

const running = (): readonly Worker[] =>
  Object.values(cluster.workers ?? {}).flatMap((worker) =>
    worker?.process.pid === undefined ? [] : worker
  );

const killAll = (): void => {
  for (const worker of running()) worker.process.kill("SIGKILL");
};

/** Ends all that run, and then this process; whatever hangs is killed when the time is over. */
const endAll = async (
  status: number,
  limit_ms: Milliseconds,
  { warn }: Lines,
): Promise<never> => {
  setTimeout(() => {
    warn("not all processes ended in time, and are killed");
    killAll();
    process.exit(STUCK);
  }, limit_ms);
  const ends = running().map(endOf);
  for (const worker of running()) worker.process.kill("SIGTERM");
  await Promise.all(ends);
  process.exit(status);
};

/** Starts the processes and keeps them running, until a signal ends them all. */
const runAll = async (settings: Settings, parts: ServerParts): Promise<void> => {
  const limit_ms = stopLimitOf(settings) + CLOSE_MS + ALL_SPARE_MS;
  const lines = linesOf(settings);
  let stopping = false;
  const stop = (status: number): void => {
    stopping = true;
    void endAll(status, limit_ms, lines);
  };
  onInterrupt(() => stop(0), killAll);
  if (settings.metrics !== "off") relayMetrics(places);
  const start = async (place: number): Promise<Listening | null> => {
    const started = await keep(place, lines, () => stopping);
    if (typeof started !== "number") return started;
    if (!stopping) stop(started);
    return null;
  };
  // The first alone, so that it makes the schema, and says once what is wrong.
  const first = await start(1);
  if (first === null || stopping) return;
  await Promise.all(Array.from({ length: settings.workers - 1 }, (_, index) => start(index + 2)));
  if (!stopping) announce(first, settings, parts);
};

/** One of the processes: it ends when the one that started it says so, or has ended. */
const runOne = async (settings: Settings, place: number, start: Start): Promise<void> => {
  // A terminal sends it to all: the one that started this says what is to be done.
  process.on("SIGINT", () => {});
  await runProgram(start, {
    settings: shareOf(settings, place),
    onStop: (stop) => process.on("SIGTERM", stop),
    onListening: (listening) => void process.send?.(listening),
  });
};

/** Ends the program where several processes cannot be one server. */
const assertFit = ({ workers, databaseUrl, testClock }: Settings): void => {
  if (workers === 1) return;
  if (cluster.isWorker && process.env[PLACE] === undefined) {
    endUnfit("WORKERS: must be 1 in a process that another cluster of Node's has started");
  }
  if (databaseUrl === null) {
    endUnfit("WORKERS: must be 1 without DATABASE_URL: an embedded database is one process's");
  }
  if (testClock !== null) {
    endUnfit("WORKERS: must be 1 with TEST_CLOCK, which each process would have for itself");
  }
};

/**
 * Runs the server that the environment describes, in as many processes as `WORKERS` says: they
 * share the port, and a PostgreSQL. One that ends is started again; where the first cannot start,
 * all end, with its line and its status. `parts` has what settings cannot say.
 */
export const runServer = async (parts: ServerParts = {}): Promise<void> => {
  const settings = settingsOrEnd();
  const place = Number(process.env[PLACE] ?? 0);
  const share = place > 0 && cluster.isWorker ? sharedMetrics(place) : undefined;
  const start: Start = (given, onLost) => startServer(given, { ...parts, onLost }, share);
  const carrier = parts.carrier?.name;
  if (settings.testClock !== null && carrier !== undefined && carrier !== "sandbox") {
    endUnfit("TEST_CLOCK: must not be set with a carrier that is not the sandbox");
  }
  assertFit(settings);
  if (settings.workers === 1) await runProgram(start, { settings, parts });
  else if (place > 0 && cluster.isWorker) await runOne(settings, place, start);
  else await runAll(settings, parts);
};
