/** A server as a program: settings from the environment, signals, and what is printed. */
import { messageOf } from "../../../core/values/error-message.ts";
import process from "node:process";
import { type Demo, openDemo } from "./demo.ts";
import { type RunningServer, stopLimitOf } from "./running-server.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { watchParent } from "./parent-process.ts";
import { linesOf } from "./report.ts";
import type { OnLost } from "./log.ts";
import type { ServerParts } from "./server-options.ts";
import { readSettings, type Settings } from "./settings.ts";
import { readSettingsFile } from "./settings-files.ts";
import { statusOf, USAGE_ERROR } from "./setting-error.ts";
import { startLineOf } from "./start-line.ts";
import { serverWarningsOf } from "./warnings.ts";

/** With which status a program ends immediately: interrupted a second time, or while it starts. */
const INTERRUPTED = 130;
/** With which status a program ends that does not end in time. */
export const STUCK = 1;

/** How long the database may take to close, once requests have their answers. */
export const CLOSE_MS: Milliseconds = 10 * SECOND_MS;

/** Starts a server of these settings. */
export type Start = (settings: Settings, onLost: OnLost) => Promise<RunningServer>;

/** Where a server is reached. */
export type Listening = Pick<RunningServer, "url" | "adminUrl">;

/** How a program runs: as what a terminal or a supervisor started, where it is not said. */
export type ProgramOptions = {
  /** Those in the environment by default. */
  readonly settings: Settings;
  /** Calls `stop` when the program is to end; once is enough. It is called before the start. */
  readonly onStop: (stop: () => void) => void;
  readonly onListening: (listening: Listening) => void;
  /** How long the database may take to close. */
  readonly closeMs: Milliseconds;
  /** What the server is given beside the settings. */
  readonly parts: ServerParts;
};

/** Another process may have the data folder: this one could only do harm. */
const endLost = (settings: Settings): OnLost => ({ message }) => {
  linesOf(settings).warn(message);
  process.exit(1);
};

const started = async (start: Start, settings: Settings): Promise<RunningServer> => {
  try {
    return await start(settings, endLost(settings));
  } catch (error) {
    linesOf(settings).fail(messageOf(error));
    process.exit(statusOf(error));
  }
};

const isLocal = ({ host }: Settings): boolean =>
  host === "127.0.0.1" || host === "::1" || host === "localhost";

/** Ends the process with the line that names a setting, and 2. */
export const endUnfit = (line: string): never => {
  console.error(`ledgerline: ${line}`);
  process.exit(USAGE_ERROR);
};

/** The settings in the environment; ends the process where one does not parse. */
export const settingsOrEnd = (): Settings => {
  const settings = readSettings(process.env, readSettingsFile);
  return settings.ok ? settings.value : endUnfit(settings.error);
};

/** Prints where a server is reached, and what its operator should know. */
export const announce = (
  { url, adminUrl }: Listening,
  settings: Settings,
  parts?: ServerParts,
): void => {
  const { announce: print, warn } = linesOf(settings);
  print(`ledgerline listening on ${url}`);
  print(startLineOf(settings, parts));
  if (settings.rateLimits === "off") print("Requests are not limited (RATE_LIMITS=off).");
  if (adminUrl !== null) print(`ledgerline admin listening on ${adminUrl}`);
  for (const warning of serverWarningsOf(settings)) warn(warning);
};

/**
 * Calls `stop` at SIGTERM or SIGINT, or when the `npm start` that began this process has died, and
 * `hurry` at a second signal, before the process ends with a status that says so.
 */
export const onInterrupt = (stop: () => void, hurry: () => void = () => {}): void => {
  let stopping = false;
  const interrupt = (): void => {
    if (stopping) {
      hurry();
      process.exit(INTERRUPTED);
    }
    stopping = true;
    stop();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, interrupt);
  watchParent(() => {
    if (!stopping) interrupt();
  });
};

/** The settings of a program that is one process. */
const ownSettings = (): Settings => {
  const settings = settingsOrEnd();
  return settings.workers === 1
    ? settings
    : endUnfit("WORKERS: must be 1 here: only npm start on Node starts several");
};

/**
 * Starts a server with these settings (adapters/runtimes/README.md; those in the environment by
 * default), and stops it when its surroundings say so: at SIGTERM or SIGINT, or when the
 * `npm start` that began it has died. What is under way is finished first, unless the signal comes
 * again, or before the server listens, or it takes 10 s longer than requests may. Ends the process
 * with a line and 2 when a setting cannot be used, 3 when the log lost events, or 1 when the server
 * cannot start for another reason, cannot end, or when it has lost its database to another process.
 */
export const runProgram = async (
  start: Start,
  { settings = ownSettings(), closeMs = CLOSE_MS, parts, ...options }: Partial<ProgramOptions> = {},
): Promise<void> => {
  const { onStop = onInterrupt, onListening = (server) => announce(server, settings, parts) } =
    options;
  // Process 1 of a container would not notice a signal before there is a listener for it.
  let end = (): void => process.exit(INTERRUPTED);
  onStop(() => end());
  const server = await started(start, settings);
  let demo: Promise<Demo | null> = Promise.resolve(null);
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    // Whatever hangs, the port and the folder are released.
    setTimeout(() => {
      linesOf(settings).warn("the server did not end in time, and is cut off");
      process.exit(STUCK);
    }, stopLimitOf(settings) + closeMs);
    // One that is being opened when the signal arrives is closed, not abandoned.
    const opened = await demo.catch(() => null);
    await opened?.end();
    await server.stop();
    process.exit(0);
  };
  end = () => void stop();
  onListening({ url: server.url, adminUrl: server.adminUrl });
  // What collects lines of JSON keeps them, and the token would be among them.
  const isForPeople = settings.logFormat === "text" && isLocal(settings);
  const isTried = isForPeople && settings.workers === 1 && settings.adminToken === null;
  if (!isTried || stopping) return;
  const opening = openDemo(server.ledger);
  demo = opening;
  const { token } = await opening;
  console.log(`Try it:
  curl -H "Authorization: Bearer ${token}" \\
    "${server.url}/v1/phone-numbers/available?areaCode=415"
or, with that token, in a browser: ${server.url}/docs/ledger/try`);
};
