import { openTrustedClock, type TrustedClockOptions } from "../../../adapters/clock/trusted.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";

const START = Date.parse("2026-01-31T10:00:00Z");

/** A machine whose clock can be set, and whose real time passes. */
export const machine = () => {
  let [real, set, slept] = [START, 0, 0];
  const changes: (string | null)[] = [];
  return {
    changes,
    /** Real time passes, and the machine is awake. */
    pass: (ms: Milliseconds): void => void (real += ms),
    /** The wall clock is set to real time and this. */
    set: (ahead: Milliseconds): void => void (set = ahead),
    /** The machine is suspended: its monotonic clock stops. */
    sleep: (ms: Milliseconds): void => {
      real += ms;
      slept += ms;
    },
    real: () => real,
    open: (options: TrustedClockOptions = {}) =>
      openTrustedClock({
        wall: () => real + set,
        monotonic: () => real - START - slept,
        onChange: (doubt) => changes.push(doubt?.why ?? null),
        ...options,
      }),
  };
};
