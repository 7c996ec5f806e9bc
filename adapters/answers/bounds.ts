/** How long answers are kept, and how many. */
import { HOUR_MS, type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";

/** How long a request keeps its key without a renewal: what died is not waited for any longer. */
export const LEASE_MS: Milliseconds = 10 * SECOND_MS;

/**
 * How long an answer is kept, from when its request began: an hour more than the 24 that callers
 * may rely on, for requests that take long and clocks that are set.
 */
export const KEPT_MS: Milliseconds = 25 * HOUR_MS;

/** What is kept of one caller; beyond that the earliest answers give way. */
export type AnswerBounds = {
  readonly rows: number;
  /** In all, of bodies, keys and what is kept beside them. */
  readonly bytes: number;
};

/** The bounds by default. */
export const BOUNDS: AnswerBounds = { rows: 10_000, bytes: 16 * 1024 * 1024 };

/** About what a row takes besides its body. */
export const ROW_BYTES = 400;
