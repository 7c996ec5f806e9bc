import type { Clock } from "../../core/ports/mod.ts";
import { assertArguments } from "../validation/argument.ts";
import type { Instant } from "../../core/values/calendar.ts";
import { MomentSchema } from "../validation/shapes.ts";

/** A clock that does not advance until it is set. */
export interface TestClock extends Clock {
  /**
   * Moves the clock to `at`. Throws a `RangeError` for a moment before `now()` or one that is not a
   * whole number of milliseconds: time that runs back is an error of the caller.
   */
  set(at: Instant): void;
}

/**
 * A test clock at `start` (milliseconds since 1970, UTC). Throws an `InvalidArgument` where that is
 * not a whole number.
 *
 * @example
 * ```ts
 * import { openTestClock } from "ledgerline";
 *
 * const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
 * clock.set(clock.now() + 60_000);
 * ```
 */
export const openTestClock = (start: Instant): TestClock => {
  assertArguments({ start: MomentSchema }, [start]);
  let now = start;
  return {
    now: () => now,
    set: (at) => {
      if (!Number.isSafeInteger(at) || at < now) {
        throw new RangeError(`a test clock at ${now} cannot be set to ${at}`);
      }
      now = at;
    },
  };
};
