#!/usr/bin/env node
/** The operator's command line: `ledgerline <command>`. */
import { messageOf } from "../../core/values/error-message.ts";
import process from "node:process";
import type { Head } from "../../core/ports/mod.ts";
import type { Mark } from "../ledger/api/feed.ts";
import { openSandboxCarrier } from "../carrier/sandbox/carrier.ts";
import { openLedger } from "../runtimes/library/mod.ts";
import { openAudit } from "../log/sql/audit.ts";
import type { DatabaseLog } from "../log/sql/log.ts";
import { type OnOtherRows, refuseOtherRows } from "../log/sql/row-version.ts";
import { leaveRows, openLog } from "../runtimes/server/log.ts";
import { readSettings, type Settings } from "../runtimes/server/settings.ts";
import { readSettingsFile } from "../runtimes/server/settings-files.ts";
import { statusOf, USAGE_ERROR } from "../runtimes/server/setting-error.ts";
import { acceptHeads, assertNotBehind } from "../runtimes/server/heads-keeper.ts";
import { type Asked, readCommandLine } from "./arguments.ts";
import { check, exportLog, followLog, printHeads, rebuild } from "./commands.ts";
import { openMeter } from "./progress.ts";
import { verdictOn } from "./verify.ts";
import { unreachable } from "../../core/values/unreachable.ts";

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const fail = (message: string, status = 1): never => {
  console.error(message);
  process.exit(status);
};

/**
 * Opens the log for a command, which never makes one; most need no rows, and one rebuilds all of
 * them.
 */
const withLog = async (
  use: (log: DatabaseLog, settings: Settings) => Promise<void>,
  onOtherRows: OnOtherRows = leaveRows,
): Promise<void> => {
  const settings = readSettings(process.env, readSettingsFile);
  if (!settings.ok) return fail(`ledgerline: ${settings.error}`, USAGE_ERROR);
  const log = await openLog(settings.value, {
    mustExist: true,
    onOtherRows,
    onLost: ({ message }) => fail(`ledgerline: ${message}`),
  });
  try {
    await use(log, settings.value);
  } finally {
    await log.close();
  }
};

const verify = async (file: string, kept: Head | null): Promise<void> => {
  const { status, says } = await verdictOn(file, kept);
  if (status !== 0) return fail(says, status);
  print(says);
};

/** Prints a line, and waits until its reader accepts more. */
const printSlowly = (line: string): Promise<void> =>
  new Promise((resolve) => void process.stdout.write(`${line}\n`, () => resolve()));

const accept = (): Promise<void> =>
  withLog(async (log, { headsFile }) => {
    if (headsFile === null) return fail("ledgerline: HEADS_FILE: must be set", USAGE_ERROR);
    const aside = await acceptHeads(log, headsFile);
    print(
      `the heads of the log are in ${headsFile}${
        aside === null ? "" : `, the old ones in ${aside}`
      }`,
    );
  });

/** Compares rows with the log, and the log with the heads that were kept of it. */
const checkAll = (organization: string | undefined): Promise<void> =>
  withLog(async (log, { headsFile }) => {
    const differences = await check(log, openAudit(log.database), organization, printSlowly);
    if (headsFile !== null) await assertNotBehind(log, headsFile);
    if (differences > 0) process.exitCode = 1;
  }, refuseOtherRows);

/** Prints which installation this is; `isNew` gives it another id first. */
const installation = (isNew: boolean): Promise<void> =>
  withLog(async (log) => {
    const ledger = await openLedger({ log, carrier: openSandboxCarrier(), runsAutomations: false });
    print(await (isNew ? ledger.operator.renewInstallation() : ledger.operator.installation()));
    await ledger.close();
  });

const followUntilStopped = async (
  organization: string | undefined,
  after: Mark,
): Promise<void> => {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  // The reader of the lines has gone away.
  process.stdout.once("error", end);
  await withLog((log) => followLog(log, organization, after, ending.signal, printSlowly));
};

/** Runs the server; loaded only then. */
const serve = async (): Promise<void> => {
  const { runServer } = await import("../runtimes/node/workers.ts");
  await runServer();
};

const perform = (asked: Asked): Promise<void> => {
  switch (asked.command) {
    case "serve":
      return serve();
    case "heads":
      return asked.isAccepted ? accept() : withLog((log) => printHeads(log, printSlowly));
    case "check":
      return checkAll(asked.organization);
    case "installation":
      return installation(asked.isNew);
    case "export":
      return withLog((log) => exportLog(log, asked.organization, printSlowly));
    case "verify":
      return verify(asked.file, asked.kept);
    case "rebuild":
      return withLog(
        async (log) => {
          const meter = openMeter(process.stderr);
          if (await rebuild(log, asked.organization, print, meter) > 0) process.exitCode = 1;
        },
        // One organization's rows among those of another version would pass for that version.
        asked.organization === undefined ? leaveRows : refuseOtherRows,
      );
    case "follow":
      return followUntilStopped(asked.organization, asked.after);
    default:
      return unreachable(asked);
  }
};

try {
  const asked = readCommandLine(process.argv.slice(2));
  if (asked.ok) await perform(asked.value);
  else fail(asked.error, USAGE_ERROR);
} catch (error) {
  fail(`ledgerline: ${messageOf(error)}`, statusOf(error));
}
