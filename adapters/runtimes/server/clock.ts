/** The clock of a server, and what is reported of it. */
import { isoTime, SECOND_MS } from "../../../core/values/calendar.ts";
import type { ClockDoubt } from "../../../core/values/clock-trust.ts";
import type { Clock } from "../../../core/ports/mod.ts";
import { comparedWith, type KeptClock, openKeptClock } from "../../clock/persisted.ts";
import type { Database } from "../../log/sql/database.ts";
import type { Lines } from "./report.ts";

const CAUSES: Readonly<Record<ClockDoubt["why"], string>> = {
  jumped: "than the time that has passed",
  differs: "than the database's",
  unconfirmed: "than when this ledger ran before",
};

/** One line that says why a clock is doubted, or (null) that it is trusted again. */
export const sentenceOf = (doubt: ClockDoubt | null): string => {
  if (doubt === null) return "the clock is believed again: trials, renewals and releases go on";
  const { why, wall, ahead, waits } = doubt;
  const off = Math.round(Math.abs(ahead) / SECOND_MS);
  const until = waits === null
    ? "they agree again"
    : `it has agreed for ${Math.ceil(waits / SECOND_MS)} s`;
  return `the clock tells ${isoTime(wall)}, ${off} s ${ahead < 0 ? "earlier" : "later"} ` +
    `${CAUSES[why]}: trials, renewals and releases wait until ${until}, or until ` +
    "POST /admin/clock/confirm";
};

/**
 * Opens a clock over a database, which reports in one line when it is doubted, or trusted again.
 */
export const openMachineClock = (
  database: Database,
  { note, warn }: Lines,
): Promise<KeptClock> =>
  openKeptClock(database, {
    onChange: (doubt) => doubt === null ? note(sentenceOf(doubt)) : warn(sentenceOf(doubt)),
  });

/** The clock as a ledger over this database reads it. */
export const clockOver = async (database: Database, lines: Lines): Promise<Clock> =>
  comparedWith(await openMachineClock(database, lines), database);
