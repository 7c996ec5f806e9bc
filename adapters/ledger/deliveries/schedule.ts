/** When an event that an endpoint did not take is sent again, and when it is given up. */
import { HOUR_MS, type Milliseconds, MINUTE_MS, SECOND_MS } from "../../../core/values/calendar.ts";

/** What is waited for after each attempt that failed: three days in all (http/README.md). */
export const SCHEDULE: readonly Milliseconds[] = [
  5 * SECOND_MS,
  1 * MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  20 * HOUR_MS,
];

/** A wait is so much shorter or longer than the schedule says, at most. */
const JITTER = 0.1;

/** A number from -1 to 1 that a text and a count always give. */
const spread = (text: string, count: number): number => {
  let hash = count + 1;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  }
  return (hash >>> 0) / 2 ** 31 - 1;
};

/**
 * How long to wait after so many attempts that failed, at least what the endpoint asks for; null:
 * there is no further attempt. It is spread by what it is about, so that what failed at the same
 * time is not sent at the same time, and the same wait follows from the same attempt.
 */
export const waitAfter = (
  failed: number,
  about: string,
  retryAfterMs: Milliseconds | null = null,
): Milliseconds | null => {
  const wait = SCHEDULE[failed - 1];
  if (wait === undefined) return null;
  const spreaded = Math.round(wait * (1 + JITTER * spread(about, failed)));
  return Math.max(spreaded, retryAfterMs ?? 0);
};
