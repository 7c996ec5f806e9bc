/** The port to the request counter, which limits each caller to its share; part of `mod.ts`. */
import type { Milliseconds } from "../values/calendar.ts";

/**
 * A bucket of tokens: it holds at most `perMinute`, and refills by as many every minute, evenly. A
 * new bucket is full. `Number.MAX_SAFE_INTEGER` means unlimited.
 */
export type Bucket = {
  /** Names it; made of ids that we gave out, so that callers cannot invent keys. */
  readonly key: string;
  readonly perMinute: number;
};

/** What is left in a bucket. */
export type BucketLevel = {
  /** Whole tokens. */
  readonly remaining: number;
  /** How long until it is full again, if nothing is taken. */
  readonly full_ms: Milliseconds;
};

/** The result of asking for a token from each of several buckets. */
export type Taken = {
  /** Whether there was one in each; where not, none was taken from any. */
  readonly taken: boolean;
  /** How long until there is one in each; 0 where they were taken. */
  readonly wait_ms: Milliseconds;
  /** The buckets afterwards, in the order in which they were given. */
  readonly levels: readonly BucketLevel[];
};

/**
 * Counts by token buckets. It measures time by a monotonic clock, so that a wall clock that jumps
 * neither grants nor blocks anything. It answers immediately where it can, and never rejects: where
 * its store cannot be reached it continues to count locally.
 */
export interface RateLimiter {
  /** Takes one token from each of these buckets, or from none of them. */
  take(buckets: readonly Bucket[]): Taken | Promise<Taken>;
}
