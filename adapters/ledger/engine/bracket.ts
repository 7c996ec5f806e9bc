import * as Effect from "effect/Effect";

/**
 * Acquires something, uses it, and releases it however the use ends: no interruption can occur
 * between acquiring it and registering its release, as it can with `Effect.ensuring` after the
 * acquisition.
 */
export const taking = <Taken, A, E, R>(
  take: () => Taken,
  use: (taken: Taken) => Effect.Effect<A, E, R>,
  giveBack: (taken: Taken) => void,
): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) => {
    const taken = take();
    return Effect.ensuring(restore(use(taken)), Effect.sync(() => giveBack(taken)));
  });
