import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import { GUARD_MS, Ports } from "./services.ts";

const toMs = (nanos: bigint): Milliseconds => Number(nanos / 1_000_000n);

/**
 * Milliseconds since an arbitrary start, by a clock that is never set: for measuring waits. By the
 * wall clock, what is put off while that is days ahead would wait for days once it is set back.
 */
export const elapsed: Effect.Effect<Milliseconds> = Effect.map(Clock.monotonicTimeNanos, toMs);

/** A moment by both clocks: the ledger's time, and `elapsed`. */
export type Moment = { readonly at: Instant; readonly elapsed: Milliseconds };

/**
 * Tells at any time whether more than the guard has passed since the moment. Either clock may say
 * so: the one may have been set meanwhile, and the other stops while a machine sleeps.
 */
export const lateAfter = (moment: Moment): Effect.Effect<() => boolean, never, Ports> =>
  Effect.gen(function* () {
    const { clock } = yield* Ports;
    const monotonic = yield* Clock.Clock;
    return () => {
      const passed = toMs(monotonic.monotonicTimeNanosUnsafe()) - moment.elapsed;
      return Math.max(passed, clock.now() - moment.at) > GUARD_MS;
    };
  });
