import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Cause from "effect/Cause";
import * as Option from "effect/Option";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import { notTaken, type Setback } from "./setback.ts";

/** Keeps requests from a carrier that is not well. */
export type Breaker = <Value>(
  attempt: Effect.Effect<Value, Setback>,
) => Effect.Effect<Value, Setback>;

const OPEN: Setback = {
  error: notTaken("Telnyx failed too often of late; nothing is sent to it for a while."),
  ill: false,
  again: null,
};

/**
 * A circuit breaker: after `failures` setbacks in a row that show the carrier ill, attempts fail at
 * once, unsent, for `coolMs`; then a single one is let through to probe. If that is answered the
 * circuit closes; if it fails the wait begins anew. Setbacks of another kind, and attempts that
 * were broken off, say nothing about the carrier.
 */
export const makeBreaker = (
  { failures, coolMs }: { readonly failures: number; readonly coolMs: Milliseconds },
): Breaker => {
  let inARow = 0;
  let openUntil: Instant = 0;
  let probing = false;

  const enter = (now: Instant): boolean => {
    if (inARow < failures) return true;
    if (now < openUntil || probing) return false;
    probing = true;
    return true;
  };

  const note = (ill: boolean | null, now: Instant): void => {
    probing = false;
    if (ill === null) return;
    inARow = ill ? inARow + 1 : 0;
    if (inARow >= failures) openUntil = now + coolMs;
  };

  return Effect.fnUntraced(function* (attempt) {
    if (!enter(yield* Clock.currentTimeMillis)) return yield* Effect.fail(OPEN);
    return yield* Effect.onExit(attempt, (exit) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        if (Exit.isSuccess(exit)) return note(false, now);
        const setback = Option.getOrNull(Cause.findErrorOption(exit.cause));
        note(setback?.ill === true ? true : null, now);
      }));
  });
};
