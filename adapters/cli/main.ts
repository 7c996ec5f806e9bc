/** The operator's command line: `npm run ledgerline -- <command>`. */
import process from "node:process";
import { parseArgs } from "node:util";
import type { EventLog, Head } from "../../core/ports.ts";
import { openPgliteLog } from "../log/pglite/mod.ts";
import { readSettings } from "../node/settings.ts";
import { exportLog, printHeads, rebuild, verifyExport } from "./commands.ts";

const USAGE = `Usage: npm run -s ledgerline -- <command>

  heads                         print every organization's head, to be kept elsewhere
  export <organization>         print an organization's events, one JSON object a line
  verify <file> [--head P:HASH] check an export, and that it contains the head kept
  rebuild [organization]        compute the state rows again from the log

heads, export and rebuild open the database in DATA_DIR; stop the server first.`;

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
  const { dataDir: folder, durability } = settings.value;
  const log = await openPgliteLog({ folder, durability });
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

const perform = (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { head: { type: "string" } },
  });
  const [command, subject] = positionals;
  if (command === "heads") return withLog((log) => printHeads(log, print));
  if (command === "rebuild") return withLog((log) => rebuild(log, subject, print));
  if (command === "export" && subject !== undefined) {
    return withLog((log) => exportLog(log, subject, print));
  }
  if (command === "verify" && subject !== undefined) return verify(subject, values.head);
  return fail(USAGE, USAGE_ERROR);
};

try {
  await perform();
} catch (error) {
  fail(`ledgerline: ${error instanceof Error ? error.message : String(error)}`);
}
