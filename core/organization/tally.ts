/**
 * How often something was done lately, in a row of bounded size. The last requests are kept one by
 * one, earlier ones as counts. A count is dated by the latest request in it, so that it is never
 * forgotten too early: a limit that is checked against a tally is never exceeded in any window.
 */
import { DAY_MS, HOUR_MS, type Instant, type Milliseconds } from "../values/calendar.ts";

/**
 * What was done: `recent` by what it was done to and when, `older` as counts by their latest time.
 */
export type Tally = {
  readonly recent: readonly (readonly [key: string, at: Instant])[];
  readonly older: readonly (readonly [at: Instant, count: number])[];
};

/** Nothing was done. */
export const EMPTY_TALLY: Tally = { recent: [], older: [] };

/** How many are kept one by one, with their keys, so that they can be taken back. */
const MAX_RECENT = 32;
/** How many counts are kept apart; merging them leaves at most 25 hours and 31 days. */
const MAX_OLDER = 64;
const DAYS_MS: Milliseconds = 30 * DAY_MS;

type Count = Tally["older"][number];

/** The hour (within the last day) or the earlier day of a count. */
const cellOf = (at: Instant, now: Instant): string =>
  at > now - DAY_MS ? `hour ${Math.floor(at / HOUR_MS)}` : `day ${Math.floor(at / DAY_MS)}`;

/** The counts of each hour of the last day, and of each day before, as one. */
const gathered = (counts: readonly Count[], now: Instant): readonly Count[] => {
  const cells = new Map<string, Count>();
  for (const [at, count] of counts) {
    const cell = cellOf(at, now);
    const [latest, sum] = cells.get(cell) ?? [at, 0];
    cells.set(cell, [Math.max(latest, at), sum + count]);
  }
  return [...cells.values()];
};

/** What may still count for a window that ends at `now` or later. */
const isKept = (at: Instant, now: Instant): boolean => at > now - DAYS_MS;

/**
 * The tally after one more at `now`, done to `key`. What is older than 30 days is left out. Exact
 * for the last 96 of 30 days; with more of them, an earlier one counts up to an hour longer for
 * windows of a day, and up to a day longer for those of 30 days.
 */
export const added = (tally: Tally, key: string, now: Instant): Tally => {
  const recent = tally.recent.filter(([, at]) => isKept(at, now));
  recent.push([key, now]);
  const older = tally.older.filter(([at]) => isKept(at, now));
  while (recent.length > MAX_RECENT) {
    const [, at] = recent.shift() ?? ["", now];
    older.push([at, 1]);
  }
  return { recent, older: older.length > MAX_OLDER ? gathered(older, now) : older };
};

/**
 * The tally without what was done to `key` at `at`, as if it had never been. If it is no longer
 * kept individually, it is taken from the count that includes it; where its time is not known
 * (null), or is outside the window at `now`, nothing more changes.
 */
export const takenBack = (
  { recent, older }: Tally,
  key: string,
  at: Instant | null,
  now: Instant,
): Tally => {
  const others = recent.filter(([done]) => done !== key);
  if (others.length < recent.length || at === null || !isKept(at, now)) {
    return { recent: others, older };
  }
  const counts = older.toSorted(([a], [b]) => a - b);
  const place = counts.findIndex(([latest]) => latest >= at);
  const left = counts.map(([latest, count], index): Count =>
    index === place ? [latest, count - 1] : [latest, count]
  );
  return { recent, older: left.filter(([, count]) => count > 0) };
};

// Times after `now` are those of a machine whose clock is ahead, or was: they count as long.
const counting = (tally: Tally, now: Instant, window: Milliseconds): readonly Count[] =>
  [...tally.older, ...tally.recent.map(([, at]): Count => [at, 1])]
    .filter(([at]) => Math.abs(now - at) < window);

/** How many were done within the window (in milliseconds) that ends at `now`. */
export const countWithin = (tally: Tally, now: Instant, window: Milliseconds): number =>
  counting(tally, now, window).reduce((sum, [, count]) => sum + count, 0);

/**
 * From when on fewer than `limit` will have been done within the window, if nothing more is done;
 * null where the limit is 0, and nothing ever will.
 */
export const freesAt = (
  tally: Tally,
  now: Instant,
  window: Milliseconds,
  limit: number,
): Instant | null => {
  if (limit === 0) return null;
  let tooMany = countWithin(tally, now, window) - limit + 1;
  let free = now;
  for (const [at, count] of counting(tally, now, window).toSorted(([a], [b]) => a - b)) {
    if (tooMany <= 0) break;
    tooMany -= count;
    free = at + window;
  }
  return free;
};
