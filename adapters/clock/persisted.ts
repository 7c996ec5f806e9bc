import type { Instant, Milliseconds } from "../../core/values/calendar.ts";
import { SECOND_MS } from "../../core/values/calendar.ts";
import { hasClock, readClock, readMark, writeMark } from "../log/sql/clock.ts";
import type { Database } from "../log/sql/database.ts";
import { openTrustedClock, type TrustedClock, type TrustedClockOptions } from "./trusted.ts";

/** How often the database's time is read, or this clock's time written to it. */
const COMPARE_MS: Milliseconds = 30 * SECOND_MS;

/** An answer that took longer says too little about the moment at which it was given. */
const LATE_MS: Milliseconds = 20 * SECOND_MS;

/** The ways to read time, which tests replace. */
export type Watches = Pick<TrustedClockOptions, "wall" | "monotonic" | "onChange">;

/** A clock that is compared with what a database knows. */
export interface KeptClock extends TrustedClock {
  /**
   * Compares with the database, unless that was done in the last half minute. A database that
   * cannot be asked changes nothing.
   */
  compare(database: Database): Promise<void>;
}

/** The database's time, and when it was read; null where the answer took too long. */
const ask = async (
  database: Database,
  elapsed: () => Milliseconds,
): Promise<{ readonly second: Instant; readonly at: Milliseconds } | null> => {
  const asked = elapsed();
  const second = await readClock(database);
  const took = elapsed() - asked;
  return took > LATE_MS ? null : { second, at: asked + took / 2 };
};

/**
 * The machine's clock, compared with what the database knows: a PostgreSQL has its own clock, and
 * an embedded database keeps until when this ledger ran before.
 */
export const openKeptClock = async (
  database: Database,
  watches: Watches = {},
): Promise<KeptClock> => {
  const elapsed = watches.monotonic ?? (() => performance.now());
  const isShared = hasClock(database);
  const answer = isShared ? await ask(database, elapsed) : null;
  const clock = openTrustedClock({
    ...watches,
    second: answer === null ? null : answer.second + Math.round(elapsed() - answer.at),
    mark: isShared ? null : await readMark(database),
  });
  let compared = answer === null ? Number.NEGATIVE_INFINITY : elapsed();
  const compare = async (at: Database): Promise<void> => {
    // Either way: where there is no monotonic clock, this one may have been set back.
    if (Math.abs(elapsed() - compared) < COMPARE_MS) return;
    compared = elapsed();
    try {
      if (!isShared) return await writeMark(at, clock.mark());
      const later = await ask(at, elapsed);
      if (later !== null) clock.observe(later.second, later.at);
    } catch {
      // The log itself reports that it is away; what was known of time stays known.
    }
  };
  return { ...clock, compare };
};

/** The clock, which is compared with this database from time to time when it is read. */
export const comparedWith = (clock: KeptClock, database: Database): KeptClock => ({
  ...clock,
  now: () => {
    void clock.compare(database);
    return clock.now();
  },
});
