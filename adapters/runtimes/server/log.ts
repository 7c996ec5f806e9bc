import { messageOf } from "../../../core/values/error-message.ts";
import { type OnOtherRows, refuseOtherRows } from "../../log/sql/row-version.ts";
import type { DatabaseLog } from "../../log/sql/log.ts";
import type { LogEvents } from "../metrics/log.ts";
import { type Lines, linesOf } from "./report.ts";
import type { Settings } from "./settings.ts";
import { SettingUnfit } from "./setting-error.ts";

/** Rebuilds rows that older code made, since no other process can be using them. */
const rebuildOlder = ({ note, warn }: Lines): OnOtherRows => async (log, made, why) => {
  if (made === "newer") return await refuseOtherRows(log, made, why);
  note("the rows in the database were made by an older Ledgerline: they are rebuilt from the log");
  const { rebuildAll } = await import("../../ledger/rebuild/mod.ts");
  await rebuildAll(
    log,
    undefined,
    (organization, why) => warn(`the log of ${JSON.stringify(organization)} is not intact: ${why}`),
  );
};

/**
 * Leaves the rows as they are, for programs that only read events, or rebuild all rows themselves.
 */
export const leaveRows: OnOtherRows = () => Promise.resolve();

/**
 * Called when this process has permanently lost its log; every call to it is refused from then on.
 */
export type OnLost = (lost: Error) => void;

/** What to do instead of the defaults. */
export type LogOptions = {
  /** Handles rows that another version of the code made. */
  readonly onOtherRows?: OnOtherRows;
  /** Whether a log that is not there is refused, not made; false by default. */
  readonly mustExist?: boolean;
  /** A line is written to the program's log by default. */
  readonly onLost?: OnLost | undefined;
  /** Is told what happens at the database. */
  readonly events?: LogEvents | undefined;
};

/** Nothing was made there yet, as the log in a PostgreSQL calls it. */
class NoLedger extends Error {
  override readonly name = "NoLedger";
}

const assertThere = (folder: string, hasDatabase: (folder: string) => boolean): void => {
  if (folder === "memory") throw new SettingUnfit("DATA_DIR", "memory keeps nothing to look at");
  let isThere: boolean;
  try {
    isThere = hasDatabase(folder);
  } catch (error) {
    throw new SettingUnfit("DATA_DIR", messageOf(error), error);
  }
  if (isThere) return;
  const why = `there is no ledger in ${folder}`;
  throw new SettingUnfit("DATA_DIR", why, new NoLedger(why));
};

/** An error of the place that a setting names is reported as one of the setting. */
const SETTINGS: Readonly<Record<string, string>> = {
  FolderUnfit: "DATA_DIR",
  NoLedger: "DATABASE_URL",
  TooFewConnections: "WORKERS",
};

const namingSetting = async <Log>(open: () => Promise<Log>): Promise<Log> => {
  try {
    return await open();
  } catch (error) {
    const variable = error instanceof Error ? SETTINGS[error.name] : undefined;
    throw variable === undefined ? error : new SettingUnfit(variable, messageOf(error), error);
  }
};

/** How many connections one of so many processes keeps; undefined: as many as one alone. */
const connectionsOf = async (url: string, workers: number): Promise<number | undefined> => {
  if (workers === 1) return undefined;
  const { connectionsFor } = await import("../../log/postgres/share.ts");
  return await connectionsFor(url, workers);
};

/**
 * Opens the log where the settings say that it is: in a PostgreSQL, or embedded in a folder. Only
 * that adapter is loaded, for a quick start. Rows that an older version of the code made are
 * rebuilt in a folder, which no other server can use; in a PostgreSQL the start is refused, as
 * others may serve from it and a rebuild may take long; `onOtherRows` does something else instead.
 */
export const openLog = async (
  settings: Settings,
  { onOtherRows, mustExist = false, onLost, events }: LogOptions = {},
): Promise<DatabaseLog> => {
  const lines = linesOf(settings);
  const { note, warn } = lines;
  const away = (sentence: string): void => {
    warn(sentence);
    events?.onAvailability(false);
  };
  const back = (sentence: string): void => {
    note(sentence);
    events?.onAvailability(true);
  };
  const { databaseUrl: url, dataDir: folder, durability, workers } = settings;
  if (url === null) {
    const { hasDatabase, openPgliteLog } = await import("../../log/pglite/mod.ts");
    if (mustExist) assertThere(folder, hasDatabase);
    return await namingSetting(() =>
      openPgliteLog({
        folder,
        durability,
        onOtherRows: onOtherRows ?? rebuildOlder(lines),
        onLost: onLost ?? (({ message }) => warn(message)),
        onUnavailable: (why) => away(`the database is unavailable: ${why}`),
        onAvailable: () => back("the database is available again"),
        onSync: events?.onSync,
        onBatch: events?.onBatch,
        onNote: warn,
      })
    );
  }
  const { openPostgresLog } = await import("../../log/postgres/mod.ts");
  return await namingSetting(async () =>
    openPostgresLog({
      url,
      connections: await connectionsOf(url, workers),
      mustExist,
      onUnavailable: away,
      onAvailable: () => back("the database answers again"),
      onBatch: events?.onBatch,
      onOtherRows: onOtherRows ?? refuseOtherRows,
    })
  );
};
