import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import type { Milliseconds } from "../../../core/values/calendar.ts";

const NANOS_PER_MS = 1_000_000n;

/**
 * Milliseconds since an arbitrary start, by a clock that is never set: for measuring waits. By the
 * wall clock, what is put off while that is days ahead would wait for days once it is set back.
 */
export const elapsed: Effect.Effect<Milliseconds> = Effect.map(
  Clock.monotonicTimeNanos,
  (nanos) => Number(nanos / NANOS_PER_MS),
);
