/** What a database knows of time: its own clock, or until when a ledger over it ran before. */
import type { Instant } from "../../../core/values/calendar.ts";
import type { ClockMark } from "../../../core/values/clock-trust.ts";
import type { Database } from "./database.ts";
import { whole } from "./row-codec.ts";

const NOW = "select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now";

const READ = "select at, agreed, wall from ledgerline.clock";

const WRITE = `
  insert into ledgerline.clock (at, agreed, wall) values ($1::bigint, $2::bigint, $3::bigint)
  on conflict (is_one) do update
    set at = excluded.at, agreed = excluded.agreed, wall = excluded.wall`;

/** Whether the database has its own clock: an embedded one has that of this process. */
export const hasClock = (database: Database): boolean => database.transaction !== undefined;

/** The time by the database's clock. */
export const readClock = async (database: Database): Promise<Instant> => {
  const [row] = await database.query(NOW, []);
  if (row === undefined) throw new Error("the database does not tell the time");
  return whole(row, "now");
};

/** What the run before left; null where there was none. */
export const readMark = async (database: Database): Promise<ClockMark | null> => {
  const [row] = await database.query(READ, []);
  if (row === undefined) return null;
  return { at: whole(row, "at"), agreed: whole(row, "agreed"), wall: whole(row, "wall") };
};

/** Keeps this for the next start. */
export const writeMark = async (
  database: Database,
  { at, agreed, wall }: ClockMark,
): Promise<void> => {
  await database.query(WRITE, [at, agreed, wall]);
};
