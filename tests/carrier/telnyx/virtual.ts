/** Effects on a virtual clock, for the waits of the Telnyx adapter. */
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import * as TestClock from "effect/testing/TestClock";
import * as Random from "effect/Random";
import type { Setback } from "../../../adapters/carrier/telnyx/attempt-failure.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";

/** Runs a test on a clock that is stopped until it is advanced. */
export const onVirtualClock = (test: Effect.Effect<void, unknown>): Promise<void> =>
  Effect.runPromise(test.pipe(Effect.provide(TestClock.layer()), Random.withSeed("virtual")));

/** Starts an effect and returns its outcome: `null` until it ends. */
export const begin = Effect.fnUntraced(function* <Value>(effect: Effect.Effect<Value, Setback>) {
  const seen: { outcome: Value | Setback["error"]["kind"] | null } = { outcome: null };
  const fiber = yield* Effect.forkChild(
    Effect.match(effect, {
      onSuccess: (value) => void (seen.outcome = value),
      onFailure: ({ error }) => void (seen.outcome = error.kind),
    }),
    { startImmediately: true },
  );
  return { seen, end: Fiber.interrupt(fiber) };
});

/** Advances the virtual clock. */
export const pass = (ms: Milliseconds): Effect.Effect<void> => TestClock.adjust(ms);

/** A failure that shows the carrier unhealthy. */
export const ILL: Setback = {
  error: { kind: "unknown", message: "It failed." },
  ill: true,
  again: 0,
};

/** A failure that says nothing of the carrier's health. */
export const BUSY: Setback = {
  error: { kind: "unreachable", message: "It asks for fewer requests." },
  ill: false,
  again: 0,
};
