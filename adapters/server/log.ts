import { type OnOtherRows, refuseOtherRows } from "../log/sql/row-version.ts";
import type { DatabaseLog } from "../log/sql/log.ts";
import { note } from "./report.ts";
import type { Settings } from "./settings.ts";

/** Rebuilds rows that older code made, since nobody else can be using them. */
const rebuildOlder: OnOtherRows = async (log, made, why) => {
  if (made === "newer") return await refuseOtherRows(log, made, why);
  note("the rows in the database were made by an older Ledgerline: they are rebuilt from the log");
  const { rebuildAll } = await import("../ledger/rebuild.ts");
  await rebuildAll(log);
};

/** Leaves the rows as they are, for those who only read events, or rebuild all rows themselves. */
export const leaveRows: OnOtherRows = () => Promise.resolve();

/** Is called when this process has lost its log for good; every call to it is refused from then on. */
export type OnLost = (lost: Error) => void;

/** What else is to happen than by default. */
export type LogOptions = {
  /** Sees to rows that another version of the code made. */
  readonly onOtherRows?: OnOtherRows;
  /** A line is written to the program's log by default. */
  readonly onLost?: OnLost | undefined;
};

/**
 * Opens the log where the settings say that it is: in a PostgreSQL, or embedded in a folder. Only
 * that adapter is loaded, for the sake of the start. Rows that an older version of the code made are
 * rebuilt in a folder, which no other server can use; in a PostgreSQL the start is refused, as others
 * may serve from it and a rebuild may take long; `onOtherRows` does something else instead.
 */
export const openLog = async (
  settings: Settings,
  { onOtherRows, onLost = ({ message }) => note(message) }: LogOptions = {},
): Promise<DatabaseLog> => {
  const { databaseUrl: url, dataDir: folder, durability } = settings;
  if (url === null) {
    const { openPgliteLog } = await import("../log/pglite/mod.ts");
    return await openPgliteLog({
      folder,
      durability,
      onOtherRows: onOtherRows ?? rebuildOlder,
      onLost,
      onUnavailable: (why) => note(`the database is unavailable: ${why}`),
      onAvailable: () => note("the database is available again"),
      onNote: note,
    });
  }
  const { openPostgresLog } = await import("../log/postgres/mod.ts");
  return await openPostgresLog({
    url,
    onUnavailable: note,
    onAvailable: () => note("the database answers again"),
    onOtherRows: onOtherRows ?? refuseOtherRows,
  });
};
