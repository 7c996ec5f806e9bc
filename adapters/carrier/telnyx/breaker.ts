import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Cause from "effect/Cause";
import * as Option from "effect/Option";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { openRecent } from "../../../core/values/recent.ts";
import { notTaken, type Setback } from "./attempt-failure.ts";

// By the wall clock, a circuit that opened while the clock was days ahead would stay open for days.
const elapsed: Effect.Effect<Milliseconds> = Effect.map(
  Clock.monotonicTimeNanos,
  (nanos) => Number(nanos) / 1e6,
);

/** Holds requests back from an unhealthy carrier. */
type Breaker = <Value>(
  attempt: Effect.Effect<Value, Setback>,
) => Effect.Effect<Value, Setback>;

type BreakerOptions = { readonly failures: number; readonly coolMs: Milliseconds };

const OPEN: Setback = {
  error: notTaken("Telnyx failed too often of late; nothing is sent to it for a while."),
  ill: false,
  again: null,
};

/**
 * A circuit breaker: after `failures` consecutive failures that show the carrier unhealthy,
 * attempts fail immediately, unsent, for `coolMs`; then a single probe is let through. If it
 * succeeds the circuit closes; if it fails the wait begins again. Attempts that were sent before
 * and end while the circuit is open change nothing. Failures of another kind, and interrupted
 * attempts, say nothing about the carrier. `onChange` is called when the circuit opens or closes.
 */
export const makeBreaker = (
  { failures, coolMs }: BreakerOptions,
  onChange: (isOpen: boolean) => void = () => {},
): Breaker => {
  let inARow = 0;
  let openUntil: Milliseconds = 0;
  let probing = false;

  const isOpen = (): boolean => inARow >= failures;

  const enter = (now: Milliseconds): "attempt" | "probe" | null => {
    if (!isOpen()) return "attempt";
    if (now < openUntil || probing) return null;
    probing = true;
    return "probe";
  };

  const note = (entered: "attempt" | "probe", ill: boolean | null, now: Milliseconds): void => {
    if (entered === "probe") probing = false;
    else if (isOpen()) return;
    if (ill === null) return;
    const wasOpen = isOpen();
    inARow = ill ? inARow + 1 : 0;
    if (isOpen()) openUntil = now + coolMs;
    if (isOpen() !== wasOpen) onChange(!wasOpen);
  };

  // Uninterruptible between entering and registering the end: a probe that is interrupted there
  // would keep the circuit open for ever.
  return (attempt) =>
    Effect.acquireUseRelease(
      Effect.map(elapsed, enter),
      (entered) => entered === null ? Effect.fail(OPEN) : attempt,
      (entered, exit) =>
        entered === null ? Effect.void : Effect.map(elapsed, (now) => {
          if (Exit.isSuccess(exit)) return note(entered, false, now);
          const setback = Option.getOrNull(Cause.findErrorOption(exit.cause));
          note(entered, setback?.ill === true ? true : null, now);
        }),
    );
};

/** More circuits than the different requests a carrier gets within `coolMs`. */
const MOST_CIRCUITS = 1_000;

/** The breaker of a circuit. */
type Breakers = (circuit: string) => Breaker;

/**
 * A breaker for each circuit: failures of one do not affect the others, so that a request that the
 * carrier cannot answer does not hold back other requests. The latest `MOST_CIRCUITS` are
 * remembered.
 */
export const makeBreakers = (
  options: BreakerOptions,
  onChange?: (circuit: string, isOpen: boolean) => void,
): Breakers => {
  const breakers = openRecent<Breaker>({ limit: MOST_CIRCUITS });
  return (circuit) => {
    const breaker = breakers.get(circuit) ??
      makeBreaker(options, (isOpen) => onChange?.(circuit, isOpen));
    breakers.set(circuit, breaker);
    return breaker;
  };
};
