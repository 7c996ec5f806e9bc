/** The clock port. */
import type { Instant } from "../values/calendar.ts";
import type { ClockDoubt } from "../values/clock-trust.ts";

/**
 * The time. A test clock does not move until it is advanced. The optional calls are for a clock
 * that can detect that it may be wrong; one without them is always trusted.
 */
export interface Clock {
  now(): Instant;
  /**
   * The time, measured as `at` was: the difference of both has surely passed, also where `now()`
   * was moved in between.
   */
  readonly since?: ((at: Instant) => Instant) | undefined;
  /** Why nothing may be ended or charged by this clock; null while it is trusted. */
  readonly doubt?: (() => ClockDoubt | null) | undefined;
  /** Trusts the machine's clock as it is now, and returns its time. */
  readonly confirm?: (() => Instant) | undefined;
}
