import * as Effect from "effect/Effect";

/**
 * Takes something, uses it, and gives it back, however the use ends: no interruption comes between
 * taking and the certainty of giving back, as it may where `Effect.ensuring` follows what was
 * taken.
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
