import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { Setback } from "./attempt-failure.ts";

/** Retries with backoff. */
type Backoff = <Value>(
  attempt: Effect.Effect<Value, Setback>,
) => Effect.Effect<Value, Setback>;

/**
 * Repeats an attempt after a failure that another attempt may overcome, at most `times`: after
 * `firstMs`, then twice that and so on, each with jitter so that clients that failed together do
 * not retry together. A wait that the carrier asks for takes precedence; where it is longer than
 * `longestMs`, the attempt fails.
 */
export const makeBackoff = (
  { times, firstMs, longestMs }: {
    readonly times: number;
    readonly firstMs: Milliseconds;
    readonly longestMs: Milliseconds;
  },
): Backoff => {
  const schedule = Schedule.exponential(firstMs).pipe(
    Schedule.jittered,
    Schedule.setInputType<Setback>(),
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.succeed(Duration.sum(duration, Duration.millis(input.again ?? 0)))
    ),
  );
  return Effect.retry({
    schedule,
    times,
    while: ({ again }) => again !== null && again <= longestMs,
  });
};
