/**
 * The version of the code that made the rows and claims in a database
 * (`core/registry/row-version.ts`). There is one for all of them: a rebuild writes it in the
 * transaction in which it swaps all rows, and an append by code of another version writes nothing.
 */
import { ROW_VERSION } from "../../../core/registry/row-version.ts";
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import type { Database } from "./database.ts";

/** Which code made the rows, relative to this code. */
export type Made = "older" | "newer";

/** The condition that the rows are of this code's version; costs one page that is always cached. */
export const OF_THIS_VERSION: string =
  `exists (select from ledgerline.row_version v where v.version = ${ROW_VERSION})`;

/** Notes that all rows are of this code's version. */
export const NOTE_VERSION: string = `
insert into ledgerline.row_version (version) values (${ROW_VERSION})
on conflict (is_one) do update set version = excluded.version`;

// A database without events has no rows that could be of another version. Appends are excluded
// while that is checked, since those of an older server would make some.
const NOTE_WHEN_EMPTY = `
do $version$
begin
  lock table ledgerline.event in share row exclusive mode;
  if not exists (select from ledgerline.event) then ${NOTE_VERSION}; end if;
end
$version$`;

const VERSION = `
select (select version from ledgerline.row_version) as version,
  exists (select from ledgerline.event where position = 1) as is_used`;

const REBUILD = `run "ledgerline rebuild"`;

const sentence = (made: Made, version: number): string =>
  made === "older"
    ? `the rows in the database were made by an older Ledgerline (rows ${version}, this one makes ` +
      `${ROW_VERSION}): stop all older servers, ${REBUILD} with this version, then start again`
    : `the rows in the database were made by a newer Ledgerline (rows ${version}, this one makes ` +
      `${ROW_VERSION}): start the newer one, or ${REBUILD} with this one to go back`;

const read = async (database: Database) => {
  const [row] = await database.query(VERSION, []);
  return { version: Number(row?.["version"] ?? 0), isUsed: row?.["is_used"] === "t" };
};

/** Notes this code's version where there are no events, and so no rows. */
export const noteWhenEmpty = async (database: Database): Promise<void> => {
  const { version, isUsed } = await read(database);
  if (version !== ROW_VERSION && !isUsed) await database.query(NOTE_WHEN_EMPTY, [], true);
};

/**
 * How the rows differ from those of this code, with a sentence that says what to do; null if not.
 */
const difference = async (
  database: Database,
): Promise<{ readonly made: Made; readonly why: string } | null> => {
  const { version } = await read(database);
  if (version === ROW_VERSION) return null;
  const made = version < ROW_VERSION ? "older" : "newer";
  return { made, why: sentence(made, version) };
};

/**
 * What is done at the start about rows of another version: they are rebuilt (`rebuildAll`), or it
 * throws. The log may be used; a log whose rows stay as they are appends nothing.
 */
export type OnOtherRows = (log: EventLog, made: Made, why: string) => Promise<void>;

/** Refuses a start whose rows are of another version, with an Error that says what to do. */
export const refuseOtherRows: OnOtherRows = (_, __, why) => Promise.reject(new Error(why));

/** Lets `onOtherRows` handle rows of another version than this code's, before the log is used. */
export const seeToRows = async (
  log: EventLog,
  database: Database,
  onOtherRows: OnOtherRows = refuseOtherRows,
): Promise<void> => {
  const found = await difference(database);
  if (found !== null) await onOtherRows(log, found.made, found.why);
};

/** The rows are of another version than this code's: a retry will not change that. */
class OtherRows extends Unavailable {
  readonly isFinal = true;
}

/**
 * Rejects with `OtherRows` when the rows are of another version, as where another server rebuilt
 * them: this one can no longer work correctly, and must be replaced.
 */
export const assertOwnRows = async (database: Database): Promise<void> => {
  const found = await difference(database);
  if (found !== null) throw new OtherRows(found.why);
};
