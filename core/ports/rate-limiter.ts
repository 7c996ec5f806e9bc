/**
 * The port to what counts requests, so that no caller takes more than its share; part of `mod.ts`.
 */
import type { Milliseconds } from "../values/calendar.ts";

/**
 * A bucket of tokens: `perMinute` at most are in it, and as many flow into it every minute, evenly.
 * One that has not been asked for is full. `Number.MAX_SAFE_INTEGER` is no limit.
 */
export type Bucket = {
  /** Names it; made of ids that we gave out, so that callers cannot make keys of their own. */
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

/** What came of asking for a token from each of several buckets. */
export type Taken = {
  /** Whether there was one in each; where not, none was taken from any. */
  readonly taken: boolean;
  /** How long until there is one in each; 0 where they were taken. */
  readonly wait_ms: Milliseconds;
  /** The buckets afterwards, in the order in which they were given. */
  readonly levels: readonly BucketLevel[];
};

/**
 * Counts by token buckets. It measures time by a clock that no one sets, so that a wall clock that
 * jumps neither grants nor blocks anything. It answers immediately where it can, and never rejects:
 * where what it counts in cannot be reached it goes on counting by itself.
 */
export interface RateLimiter {
  /** Takes one token from each of these buckets, or from none of them. */
  take(buckets: readonly Bucket[]): Taken | Promise<Taken>;
}
