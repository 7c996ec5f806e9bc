/** A moment, in milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A length of time in milliseconds. */
export type Milliseconds = number;

export const SECOND_MS: Milliseconds = 1_000;
export const MINUTE_MS: Milliseconds = 60 * SECOND_MS;
export const HOUR_MS: Milliseconds = 60 * MINUTE_MS;
export const DAY_MS: Milliseconds = 24 * HOUR_MS;

/**
 * The moment `months` calendar months after `anchor`, in UTC, at the anchor's time of day. A day
 * that the month lacks becomes the month's last. Always counted from the anchor itself and never
 * from an earlier result, so that 31 January gives 28 February and then 31 March.
 *
 * @example
 * ```ts
 * import { isoTime, monthsAfter } from "ledgerline/core";
 *
 * const bought = Date.parse("2026-01-31T10:00:00Z");
 * console.log(isoTime(monthsAfter(bought, 1))); // 2026-02-28T10:00:00Z
 * console.log(isoTime(monthsAfter(bought, 2))); // 2026-03-31T10:00:00Z
 * ```
 */
export const monthsAfter = (anchor: Instant, months: number): Instant => {
  const from = new Date(anchor);
  const year = from.getUTCFullYear();
  const month = from.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay));
  return midnight + (((anchor % DAY_MS) + DAY_MS) % DAY_MS);
};

/** Whole UTC calendar days from `from` to `to`; negative when `to` is on an earlier day. */
export const calendarDaysBetween = (from: Instant, to: Instant): number =>
  Math.floor(to / DAY_MS) - Math.floor(from / DAY_MS);

/**
 * ISO 8601 in UTC to the second, `2026-01-31T10:00:00Z`: the form all three products document.
 *
 * @example
 * ```ts
 * import { isoTime } from "ledgerline/core";
 *
 * console.log(isoTime(0)); // 1970-01-01T00:00:00Z
 * ```
 */
export const isoTime = (at: Instant): string => {
  const date = new Date(at);
  const [hours, minutes] = [two(date.getUTCHours()), two(date.getUTCMinutes())];
  return `${dayOf(date)}T${hours}:${minutes}:${two(date.getUTCSeconds())}Z`;
};

const two = (number: number): string => number < 10 ? `0${number}` : `${number}`;

// Put together by hand: lists show four times a number, and toISOString takes more than twice as
// long.
const dayOf = (date: Date): string => {
  const year = String(date.getUTCFullYear()).padStart(4, "0");
  return `${year}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
};

/** The same, and to the millisecond where the moment has any. */
export const exactTime = (at: Instant): string =>
  at % SECOND_MS === 0 ? isoTime(at) : new Date(at).toISOString();

/** The same as `isoTime`, for a moment that may be missing. */
export const isoTimeOrNull = (at: Instant | null): string | null =>
  at === null ? null : isoTime(at);

/** The UTC calendar day, `2026-01-31`. */
export const isoDate = (at: Instant): string => dayOf(new Date(at));

const ISO_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|[+-](\d{2}):(\d{2})))?$/;

const HOURS = 23;
const SIXTIETHS = 59;

const isAtMost = (digits: string | undefined, most: number): boolean => Number(digits ?? 0) <= most;

/**
 * Reads a moment in ISO 8601: a day (its first moment in UTC), or a time with `Z` or an offset.
 * Null for anything else, for a day that the calendar lacks (30 February), and for an hour, minute
 * or offset that no clock shows. The one reader of times that come from outside.
 */
export const parseTime = (text: string): Instant | null => {
  const parts = ISO_TIME.exec(text);
  if (parts === null) return null;
  const [, day = "", hours, minutes, seconds, offsetHours, offsetMinutes] = parts;
  const isOnClock = isAtMost(hours, HOURS) && isAtMost(offsetHours, HOURS) &&
    [minutes, seconds, offsetMinutes].every((part) => isAtMost(part, SIXTIETHS));
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // Date.parse takes 30 February for 2 March.
  const isDay = !Number.isNaN(midnight) && dayOf(new Date(midnight)) === day;
  const at = isOnClock && isDay ? Date.parse(text) : NaN;
  return Number.isSafeInteger(at) ? at : null;
};
