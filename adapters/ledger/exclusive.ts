import * as Effect from "effect/Effect";
import * as Semaphore from "effect/Semaphore";

/** Lets one effect at a time run under each key. */
export type Exclusive = {
  /** Runs when it is this effect's turn. */
  readonly inTurn: <A, E, R>(key: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>;
  /** Runs unless another runs under the key; then gives `busy` at once. */
  readonly ifFree: <A, E, R>(
    key: string,
    effect: Effect.Effect<A, E, R>,
    busy: A,
  ) => Effect.Effect<A, E, R>;
};

type Lane = { readonly turn: Semaphore.Semaphore; users: number };

/** Keys cost nothing while nobody uses them. */
export const makeExclusive = (): Exclusive => {
  const lanes = new Map<string, Lane>();
  const enter = (key: string): Lane => {
    let lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, lane = { turn: Semaphore.makeUnsafe(1), users: 0 });
    lane.users++;
    return lane;
  };
  const leave = (key: string, lane: Lane) =>
    Effect.sync(() => {
      if (--lane.users === 0) lanes.delete(key);
    });
  const inTurn: Exclusive["inTurn"] = (key, effect) =>
    Effect.suspend(() => {
      const lane = enter(key);
      return Effect.ensuring(lane.turn.withPermits(1)(effect), leave(key, lane));
    });
  return {
    inTurn,
    ifFree: (key, effect, busy) =>
      Effect.suspend(() => lanes.has(key) ? Effect.succeed(busy) : inTurn(key, effect)),
  };
};
