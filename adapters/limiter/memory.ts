/** Rate limits that are counted in this process alone. */
import type { Bucket, Taken } from "../../core/ports/mod.ts";
import { type Fill, FULL_AFTER_MS, tokensAt, waitFor } from "./bucket.ts";
import type { Milliseconds } from "../../core/values/calendar.ts";
import { openRecent } from "../../core/values/recent.ts";

/** How many buckets are kept, some 10 MB; one that is dropped counts as full. */
const MAX_BUCKETS = 50_000;

/** Returns how much time has passed since some moment; it is never set, unlike the time of day. */
export const monotonic = (): Milliseconds => performance.now();

const levelOf = (tokens: number, { perMinute }: Bucket) => ({
  remaining: Math.floor(tokens),
  full_ms: waitFor(perMinute, tokens, perMinute),
});

/**
 * A limiter in memory: for a server that is alone, and for programs that embed the HTTP
 * application. `now` returns milliseconds that only grow. Buckets that were not asked for within a
 * minute are forgotten, and so are the longest unused ones beyond 50,000.
 *
 * @example
 * ```ts
 * import { createApp, openMemoryLimiter } from "ledgerline/http";
 *
 * const limiter = openMemoryLimiter();
 * const app = createApp({ ledger, adminToken: null, limiter });
 * ```
 */
export const openMemoryLimiter = (
  { now = monotonic }: { readonly now?: (() => Milliseconds) | undefined } = {},
): { take(buckets: readonly Bucket[]): Taken } => {
  const fills = openRecent<Fill>({ limit: MAX_BUCKETS });
  return {
    take: (buckets): Taken => {
      const at = now();
      let wait_ms = 0;
      const before = buckets.map(({ key, perMinute }) => {
        const fill = fills.get(key);
        const tokens = fill === undefined ? perMinute : tokensAt(fill, perMinute, at);
        wait_ms = Math.max(wait_ms, waitFor(1, tokens, perMinute));
        return tokens;
      });
      const taken = wait_ms === 0;
      fills.forget((fill) => at - fill.at >= FULL_AFTER_MS);
      const levels = buckets.map((bucket, place) => {
        const tokens = (before[place] ?? 0) - (taken ? 1 : 0);
        fills.set(bucket.key, { tokens, at });
        return levelOf(tokens, bucket);
      });
      return { taken, wait_ms, levels };
    },
  };
};
