import { type Milliseconds, MINUTE_MS } from "../../core/values/calendar.ts";

/** How full a token bucket was at a time; `at` is of whichever clock it is kept by. */
export type Fill = { readonly tokens: number; readonly at: Milliseconds };

/** A bucket that nothing was taken from for a minute is as full as it can be. */
export const FULL_AFTER_MS: Milliseconds = MINUTE_MS;

/** The tokens in a bucket of `perMinute` now; a clock that runs back adds none. */
export const tokensAt = (
  { tokens, at }: Fill,
  perMinute: number,
  now: Milliseconds,
): number => Math.min(perMinute, tokens + Math.max(0, now - at) * perMinute / MINUTE_MS);

/** How long until a bucket with `tokens` has `wanted` of them; a minute where it never will. */
export const waitFor = (wanted: number, tokens: number, perMinute: number): Milliseconds => {
  if (tokens >= wanted) return 0;
  if (perMinute < wanted) return MINUTE_MS;
  return Math.ceil((wanted - tokens) * MINUTE_MS / perMinute);
};
