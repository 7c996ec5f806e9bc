import * as Effect from "effect/Effect";
import * as Random from "effect/Random";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { Setback } from "./attempt-failure.ts";

/** Retries with backoff. */
type Backoff = <Value>(
  attempt: Effect.Effect<Value, Setback>,
) => Effect.Effect<Value, Setback>;

/** A wait is between so many times what it would be without jitter. */
const [SHORTEST, LONGEST] = [0.8, 1.2];

/**
 * Repeats an attempt after a failure that another attempt may overcome, at most `times`: after
 * `firstMs`, then twice that and so on, each with jitter so that clients that failed together do
 * not retry together. A wait that the carrier asks for comes on top; where it is longer than
 * `longestMs`, the attempt fails.
 */
export const makeBackoff = (
  { times, firstMs, longestMs }: {
    readonly times: number;
    readonly firstMs: Milliseconds;
    readonly longestMs: Milliseconds;
  },
): Backoff => {
  const after = (tried: number): Backoff => (attempt) =>
    attempt.pipe(Effect.catch((setback) => {
      const { again } = setback;
      if (tried === times || again === null || again > longestMs) return Effect.fail(setback);
      const another = after(tried + 1)(attempt);
      return Effect.flatMap(
        Random.nextBetween(SHORTEST, LONGEST),
        (share) => Effect.delay(another, again + firstMs * 2 ** tried * share),
      );
    }));
  return after(0);
};
