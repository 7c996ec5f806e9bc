/** A server as a program: settings from the environment, signals, and what is printed. */
import process from "node:process";
import { type Demo, openDemo } from "./demo.ts";
import type { RunningServer } from "./running.ts";
import { readSettings, type Settings } from "./settings.ts";

const USAGE_ERROR = 2;
const INTERRUPTED = 130;

type Start = (settings: Settings) => Promise<RunningServer>;

const started = async (start: Start, settings: Settings): Promise<RunningServer> => {
  try {
    return await start(settings);
  } catch (error) {
    console.error(`ledgerline: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
};

const isLocal = ({ host }: Settings): boolean =>
  host === "127.0.0.1" || host === "::1" || host === "localhost";

/**
 * Starts a server with the settings in the environment (see README), and stops it at SIGTERM or
 * SIGINT: what is under way is finished first, unless the signal comes again. Ends the process with
 * a line and 2 when a setting does not parse, or 1 when the server cannot start.
 */
export const runProgram = async (start: Start): Promise<void> => {
  const settings = readSettings(process.env);
  if (!settings.ok) {
    console.error(`ledgerline: ${settings.error}`);
    process.exit(USAGE_ERROR);
  }
  const server = await started(start, settings.value);
  let demo: Demo | null = null;

  const stop = async (): Promise<void> => {
    await demo?.end();
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

  console.log(`ledgerline listening on ${server.url}`);
  if (settings.value.rateLimits === "off") {
    console.log("Requests are not limited (RATE_LIMITS=off).");
  }
  if (settings.value.adminToken === null && isLocal(settings.value)) {
    demo = await openDemo(server.ledger);
    console.log(`Try it:
  curl -H "Authorization: Bearer ${demo.token}" \\
    "${server.url}/v1/phone-numbers/available?areaCode=415"`);
  }
};
