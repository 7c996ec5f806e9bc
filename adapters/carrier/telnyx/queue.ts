import * as Effect from "effect/Effect";
import * as Semaphore from "effect/Semaphore";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { notTaken, type Setback } from "./attempt-failure.ts";

/** Bounds concurrent requests; the others wait for their turn. */
type Queue = <Value>(
  attempt: Effect.Effect<Value, Setback>,
) => Effect.Effect<Value, Setback>;

const GIVEN_UP: Setback = {
  error: notTaken("Too many requests to Telnyx are under way; this one was not sent."),
  ill: false,
  again: null,
};

/** A queue with `places` requests under way; one that waits longer than `waitMs` is not sent. */
export const makeQueue = (
  { places, waitMs }: { readonly places: number; readonly waitMs: Milliseconds },
): Queue => {
  const turn = Semaphore.makeUnsafe(places);
  return (attempt) =>
    Effect.suspend(() => {
      let sent = false;
      const inTurn = turn.withPermits(1)(Effect.suspend(() => {
        sent = true;
        return attempt;
      }));
      const patience = Effect.andThen(
        Effect.sleep(waitMs),
        Effect.suspend(() => sent ? Effect.never : Effect.fail(GIVEN_UP)),
      );
      return Effect.raceFirst(inTurn, patience);
    });
};
