import type { Milliseconds } from "../../../core/values/calendar.ts";

/** Bounds of what is asked of Telnyx, and of how long it is waited for. */
export type Limits = {
  /** Requests under way at once. */
  readonly concurrency: number;
  /** How long a request may wait for its turn; then it is not sent. */
  readonly queueMs: Milliseconds;
  /** How long one attempt may take. */
  readonly attemptMs: Milliseconds;
  /** How long an order may take, of which there is only one attempt. */
  readonly orderMs: Milliseconds;
  /** How long the search before an order may take, where one is needed. */
  readonly sightMs: Milliseconds;
  /** How long a whole call may take, with all attempts. */
  readonly callMs: Milliseconds;
  /** How often a request that may be repeated is repeated, and after what time first. */
  readonly repeats: number;
  readonly backoffMs: Milliseconds;
  /** The longest that is waited because Telnyx asked for it. */
  readonly longestWaitMs: Milliseconds;
  /** Setbacks in a row that open the circuit, and how long it then stays open. */
  readonly failures: number;
  readonly coolMs: Milliseconds;
};

/**
 * A call ends before the 20 s after which the ledger takes a carrier to have said nothing, so that
 * nothing is sent on behalf of a caller who has given up.
 */
export const LIMITS: Limits = {
  concurrency: 8,
  queueMs: 4_000,
  attemptMs: 5_000,
  orderMs: 14_000,
  sightMs: 3_000,
  callMs: 18_000,
  repeats: 2,
  backoffMs: 200,
  longestWaitMs: 5_000,
  failures: 5,
  coolMs: 10_000,
};
