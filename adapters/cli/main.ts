/** The operator's command line: `npm run ledgerline -- <command>`. */
import process from "node:process";
import { parseArgs } from "node:util";
import type { EventLog, Head } from "../../core/ports.ts";
import { openLog } from "../server/log.ts";
import { readSettings } from "../server/settings.ts";
import { exportLog, followLog, printHeads, rebuild, verifyExport } from "./commands.ts";
import { openMeter } from "./progress.ts";

const USAGE = `Usage: npm run -s ledgerline -- <command>

  heads                         print every organization's head, to be kept elsewhere
  export <organization>         print an organization's events, one JSON object a line
  verify <file> [--head P:HASH] check an export, and that it contains the head kept
  rebuild [organization]        compute the state rows again from the log
  follow [organization] [--after N]
                                print events as they come, one JSON object a line, until Ctrl-C

heads, export, rebuild and follow open the database in DATABASE_URL, beside the servers that use it,
or the one in DATA_DIR; stop the server first that has that one.`;

const USAGE_ERROR = 2;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const fail = (message: string, status = 1): never => {
  console.error(message);
  process.exit(status);
};

const withLog = async (use: (log: EventLog) => Promise<void>): Promise<void> => {
  const settings = readSettings(process.env);
  if (!settings.ok) return fail(`ledgerline: ${settings.error}`, USAGE_ERROR);
  const log = await openLog(settings.value);
  try {
    await use(log);
  } finally {
    await log.close();
  }
};

const parseHead = (text: string): Head => {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  return position === undefined || hash === undefined
    ? fail("--head must be a position, a colon and a hash of 64 hex digits", USAGE_ERROR)
    : { position: Number(position), hash };
};

const verify = async (file: string, head: string | undefined): Promise<void> => {
  const verified = await verifyExport(file, head === undefined ? null : parseHead(head));
  if (!verified.ok) return fail(`not intact: ${verified.error}`);
  print(`intact: ${verified.value.position}:${verified.value.hash}`);
};

const parseAfter = (text: string): number =>
  /^\d{1,15}$/.test(text) ? Number(text) : fail("--after must be a position", USAGE_ERROR);

/** Prints a line, and waits until whoever reads them has room for more. */
const printSlowly = (line: string): Promise<void> =>
  new Promise((resolve) => void process.stdout.write(`${line}\n`, () => resolve()));

const followUntilStopped = async (
  organization: string | undefined,
  after: number,
): Promise<void> => {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  // Whoever read the lines has gone away.
  process.stdout.once("error", end);
  await withLog((log) => followLog(log, organization, after, ending.signal, printSlowly));
};

const perform = (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { head: { type: "string" }, after: { type: "string" } },
  });
  const [command, subject] = positionals;
  if (command === "heads") return withLog((log) => printHeads(log, print));
  if (command === "rebuild") {
    return withLog((log) => rebuild(log, subject, print, openMeter(process.stderr)));
  }
  if (command === "export" && subject !== undefined) {
    return withLog((log) => exportLog(log, subject, print));
  }
  if (command === "follow" && (subject !== undefined || values.after === undefined)) {
    return followUntilStopped(subject, parseAfter(values.after ?? "0"));
  }
  if (command === "verify" && subject !== undefined) return verify(subject, values.head);
  return fail(USAGE, USAGE_ERROR);
};

try {
  await perform();
} catch (error) {
  fail(`ledgerline: ${error instanceof Error ? error.message : String(error)}`);
}
