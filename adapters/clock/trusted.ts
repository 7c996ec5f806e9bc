import type { Clock } from "../../core/ports/mod.ts";
import type { Instant, Milliseconds } from "../../core/values/calendar.ts";
import {
  begin,
  type ClockDoubt,
  type ClockMark,
  confirm,
  doubtOf,
  markOf,
  nowOf,
  observe,
  observeSecond,
  type Reading,
  sinceOf,
  type Trust,
} from "../../core/values/clock-trust.ts";
import { systemClock } from "./system.ts";

/** A wall clock that is trusted only as long as it runs correctly. */
export interface TrustedClock extends Clock {
  since(at: Instant): Instant;
  doubt(): ClockDoubt | null;
  confirm(): Instant;
  /**
   * Compares with a second clock, which showed `second` when `elapsed` had elapsed (`elapsed()`).
   */
  observe(second: Instant, elapsed: Milliseconds): void;
  /** The monotonic clock: milliseconds from any beginning. */
  elapsed(): Milliseconds;
  /** What is to be kept for the next start. */
  mark(): ClockMark;
}

export type TrustedClockOptions = {
  /** Milliseconds since 1970; the machine's by default. */
  readonly wall?: (() => Instant) | undefined;
  /** Milliseconds that never run back and are never set; `performance.now` by default. */
  readonly monotonic?: (() => Milliseconds) | undefined;
  /** What a second clock showed at the start. */
  readonly second?: Instant | null | undefined;
  /**
   * What the run before left; null for a first start. Not looked at where there is a second clock.
   */
  readonly mark?: ClockMark | null | undefined;
  /** Called when the clock comes to be doubted, and with null when it is believed again. */
  readonly onChange?: ((doubt: ClockDoubt | null) => void) | undefined;
};

/**
 * A wall clock that is compared with a monotonic one whenever it is read (`clock-trust.ts` has the
 * rules): a jump of more than a minute never shows in `now()`, which goes on by the
 * monotonic clock, until the wall clock has agreed for long enough, or `confirm` is called.
 *
 * @example
 * ```ts
 * import { openTrustedClock } from "ledgerline";
 *
 * const clock = openTrustedClock({ onChange: (doubt) => console.warn(doubt?.why ?? "trusted") });
 * ```
 */
export const openTrustedClock = (options: TrustedClockOptions = {}): TrustedClock => {
  const { wall = systemClock.now, monotonic = () => performance.now() } = options;
  const { second = null, mark = null, onChange = () => {} } = options;
  const read = (): Reading => ({ wall: wall(), elapsed: monotonic() });
  let trust: Trust = begin(read(), { second, mark });
  const become = (next: Trust): Trust => {
    const changes = (next.doubt === null) !== (trust.doubt === null);
    trust = next;
    if (changes) onChange(doubtOf(trust));
    return trust;
  };
  if (trust.doubt !== null) onChange(doubtOf(trust));
  const look = (): Trust => become(observe(trust, read()));
  return {
    now: () => nowOf(look()),
    since: (at) => sinceOf(look(), at),
    doubt: () => doubtOf(look()),
    confirm: () => nowOf(become(confirm(trust, read()))),
    observe: (shown, elapsed) => {
      trust = observeSecond(trust, shown, elapsed);
      look();
    },
    elapsed: monotonic,
    mark: () => markOf(look(), mark),
  };
};
