/** A server as a program: settings from the environment, signals, and what is printed. */
import { messageOf } from "../../../core/values/error-message.ts";
import process from "node:process";
import { type Demo, openDemo } from "./demo.ts";
import { type RunningServer, stopLimitOf } from "./running-server.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { watchParent } from "./parent-process.ts";
import { note } from "./report.ts";
import type { OnLost } from "./log.ts";
import { readSettings, type Settings } from "./settings.ts";
import { readSettingsFile } from "./settings-files.ts";
import { statusOf, USAGE_ERROR } from "./setting-error.ts";
import { warningsOf } from "./warnings.ts";

const INTERRUPTED = 130;
const STUCK = 1;

/** How long the database may take to close, once requests have their answers. */
const CLOSE_MS: Milliseconds = 10 * SECOND_MS;

type Start = (settings: Settings, onLost: OnLost) => Promise<RunningServer>;

/** Another process may have the data folder: this one could only do harm. */
const endLost: OnLost = ({ message }) => {
  note(message);
  process.exit(1);
};

const started = async (start: Start, settings: Settings): Promise<RunningServer> => {
  try {
    return await start(settings, endLost);
  } catch (error) {
    console.error(`ledgerline: ${messageOf(error)}`);
    process.exit(statusOf(error));
  }
};

const isLocal = ({ host }: Settings): boolean =>
  host === "127.0.0.1" || host === "::1" || host === "localhost";

/**
 * Starts a server with the settings in the environment (adapters/runtimes/README.md), and stops it
 * at SIGTERM or SIGINT, or when the `npm start` that began it has died: what is under way is
 * finished first, unless the signal comes again or it takes `closeMs` longer than requests may.
 * Ends the process with a line and 2 when a setting does not parse or cannot be used, 3 when the
 * log lost events, or 1 when the server cannot start for another reason, cannot end, or when it has
 * lost its database to another process.
 */
export const runProgram = async (start: Start, closeMs: Milliseconds = CLOSE_MS): Promise<void> => {
  const settings = readSettings(process.env, readSettingsFile);
  if (!settings.ok) {
    console.error(`ledgerline: ${settings.error}`);
    process.exit(USAGE_ERROR);
  }
  const server = await started(start, settings.value);
  let demo: Promise<Demo | null> = Promise.resolve(null);

  const stop = async (): Promise<void> => {
    // Whatever hangs, the port and the folder are released.
    setTimeout(() => {
      note("the server did not end in time, and is cut off");
      process.exit(STUCK);
    }, stopLimitOf(settings.value) + closeMs);
    // One that is being opened when the signal arrives is closed, not abandoned.
    const opened = await demo.catch(() => null);
    await opened?.end();
    await server.stop();
    process.exit(0);
  };
  let stopping = false;
  const interrupt = (): void => {
    if (stopping) process.exit(INTERRUPTED);
    stopping = true;
    void stop();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, interrupt);
  watchParent(() => {
    if (!stopping) interrupt();
  });

  console.log(`ledgerline listening on ${server.url}`);
  if (settings.value.rateLimits === "off") {
    console.log("Requests are not limited (RATE_LIMITS=off).");
  }
  if (server.adminUrl !== null) console.log(`ledgerline admin listening on ${server.adminUrl}`);
  for (const warning of warningsOf(settings.value)) note(warning);
  if (settings.value.adminToken === null && isLocal(settings.value) && !stopping) {
    const opening = openDemo(server.ledger, settings.value.plans);
    demo = opening;
    const { token } = await opening;
    console.log(`Try it:
  curl -H "Authorization: Bearer ${token}" \\
    "${server.url}/v1/phone-numbers/available?areaCode=415"`);
  }
};
