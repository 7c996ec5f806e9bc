/** The commands that work at the log itself: they open it, and need no server. */
import process from "node:process";
import { unreachable } from "../../core/values/unreachable.ts";
import { openSandboxCarrier } from "../carrier/sandbox/carrier.ts";
import type { Mark } from "../ledger/api/feed.ts";
import { openAudit } from "../log/sql/audit.ts";
import type { DatabaseLog } from "../log/sql/log.ts";
import { type OnOtherRows, refuseOtherRows } from "../log/sql/row-version.ts";
import { openLedger } from "../runtimes/library/mod.ts";
import { acceptHeads, assertNotBehind } from "../runtimes/server/heads-keeper.ts";
import { leaveRows, openLog } from "../runtimes/server/log.ts";
import { USAGE_ERROR } from "../runtimes/server/setting-error.ts";
import { readSettings, type Settings } from "../runtimes/server/settings.ts";
import { readSettingsFile } from "../runtimes/server/settings-files.ts";
import type { Asked } from "./asked.ts";
import { logFailure, openingFailure, STATUS } from "./failures.ts";
import { check, exportLog, followLog, printHeads, rebuild } from "./commands.ts";
import { endWithOutput, fail, print, printSlowly } from "./output.ts";
import { openMeter } from "./progress.ts";

/** What is asked of the log. */
export type AskedOfLog = Extract<
  Asked,
  { readonly command: "heads" | "check" | "installation" | "export" | "rebuild" | "follow" }
>;

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
    onLost: ({ message }) => fail(`ledgerline: ${message}`, STATUS.unavailable),
  }).catch((error: unknown) => {
    throw openingFailure(error);
  });
  try {
    await use(log, settings.value);
  } catch (error) {
    throw logFailure(error);
  } finally {
    await log.close();
  }
};

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
  process.stdout.on("error", end);
  await withLog((log) => followLog(log, organization, after, ending.signal, printSlowly));
};

const rebuildRows = (organization: string | undefined): Promise<void> =>
  withLog(
    async (log) => {
      const meter = openMeter(process.stderr);
      if (await rebuild(log, organization, print, meter) > 0) process.exitCode = 1;
    },
    // One organization's rows among those of another version would pass for that version.
    organization === undefined ? leaveRows : refuseOtherRows,
  );

/** Does what is asked of the log that the environment's settings name. */
export const workAtLog = (asked: AskedOfLog): Promise<void> => {
  // What follows ends in order; of a check that nobody reads, nobody knows that all is well.
  if (asked.command !== "follow") endWithOutput(asked.command === "check" ? 1 : 0);
  switch (asked.command) {
    case "heads":
      return asked.isAccepted ? accept() : withLog((log) => printHeads(log, printSlowly));
    case "check":
      return checkAll(asked.organization);
    case "installation":
      return installation(asked.isNew);
    case "export":
      return withLog((log) => exportLog(log, asked.organization, printSlowly));
    case "rebuild":
      return rebuildRows(asked.organization);
    case "follow":
      return followUntilStopped(asked.organization, asked.after);
    default:
      return unreachable(asked);
  }
};
