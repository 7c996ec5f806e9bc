/** The operator's command line: `npm run ledgerline -- <command>`. */
import { readFileSync } from "node:fs";
import process from "node:process";
import type { EventLog, Head } from "../../core/ports.ts";
import type { Mark } from "../ledger/cursor.ts";
import { type OnOtherRows, refuseOtherRows } from "../log/sql/row-version.ts";
import { leaveRows, openLog } from "../server/log.ts";
import { readSettings } from "../server/settings.ts";
import { type Asked, readCommandLine } from "./arguments.ts";
import { exportLog, followLog, printHeads, rebuild, verifyExport } from "./commands.ts";
import { openMeter } from "./progress.ts";

const USAGE_ERROR = 2;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const fail = (message: string, status = 1): never => {
  console.error(message);
  process.exit(status);
};

const readText = (path: string): string => readFileSync(path, "utf8");

/** Opens the log for a command; most need no rows, and one rebuilds all of them. */
const withLog = async (
  use: (log: EventLog) => Promise<void>,
  onOtherRows: OnOtherRows = leaveRows,
): Promise<void> => {
  const settings = readSettings(process.env, readText);
  if (!settings.ok) return fail(`ledgerline: ${settings.error}`, USAGE_ERROR);
  const log = await openLog(settings.value, {
    onOtherRows,
    onLost: ({ message }) => fail(`ledgerline: ${message}`),
  });
  try {
    await use(log);
  } finally {
    await log.close();
  }
};

const verify = async (file: string, kept: Head | null): Promise<void> => {
  const verified = await verifyExport(file, kept);
  if (!verified.ok) return fail(`not intact: ${verified.error}`);
  print(`intact: ${verified.value.position}:${verified.value.hash}`);
};

/** Prints a line, and waits until whoever reads them has room for more. */
const printSlowly = (line: string): Promise<void> =>
  new Promise((resolve) => void process.stdout.write(`${line}\n`, () => resolve()));

const followUntilStopped = async (
  organization: string | undefined,
  after: Mark,
): Promise<void> => {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  // Whoever read the lines has gone away.
  process.stdout.once("error", end);
  await withLog((log) => followLog(log, organization, after, ending.signal, printSlowly));
};

const perform = (asked: Asked): Promise<void> => {
  switch (asked.command) {
    case "heads":
      return withLog((log) => printHeads(log, print));
    case "export":
      return withLog((log) => exportLog(log, asked.organization, print));
    case "verify":
      return verify(asked.file, asked.kept);
    case "rebuild":
      return withLog(
        (log) => rebuild(log, asked.organization, print, openMeter(process.stderr)),
        // One organization's rows among those of another version would be taken for theirs.
        asked.organization === undefined ? leaveRows : refuseOtherRows,
      );
    case "follow":
      return followUntilStopped(asked.organization, asked.after);
  }
};

try {
  const asked = readCommandLine(process.argv.slice(2));
  if (asked.ok) await perform(asked.value);
  else fail(asked.error, USAGE_ERROR);
} catch (error) {
  fail(`ledgerline: ${error instanceof Error ? error.message : String(error)}`);
}
