import type { Milliseconds } from "../../../core/values/calendar.ts";

/** Limits of requests to Telnyx, and of the waits for it. */
export type Limits = {
  /** Concurrent requests. */
  readonly concurrency: number;
  /** How long a request may wait for its turn; then it is not sent. */
  readonly queueMs: Milliseconds;
  /** How long one attempt may take. */
  readonly attemptMs: Milliseconds;
  /** How long an order may take, which has only one attempt. */
  readonly orderMs: Milliseconds;
  /** How long the search before an order may take, where one is needed. */
  readonly sightMs: Milliseconds;
  /** How long a whole call may take, with all attempts. */
  readonly callMs: Milliseconds;
  /** How often a repeatable request is retried, and the first delay. */
  readonly repeats: number;
  readonly backoffMs: Milliseconds;
  /** The longest wait that Telnyx may ask for. */
  readonly longestWaitMs: Milliseconds;
  /** Consecutive failures that open the circuit, and how long it then stays open. */
  readonly failures: number;
  readonly coolMs: Milliseconds;
};

/**
 * A call ends before the 20 s after which the ledger stops waiting for a carrier, so that nothing
 * is sent on behalf of a caller that no longer waits.
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
