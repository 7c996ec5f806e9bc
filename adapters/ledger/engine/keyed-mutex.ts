import * as Effect from "effect/Effect";
import * as Semaphore from "effect/Semaphore";
import { taking } from "./bracket.ts";

/** Lets one effect at a time run under each key. */
export type Exclusive = {
  /** Runs when it is this effect's turn. */
  readonly inTurn: <A, E, R>(key: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>;
  /** Runs unless another runs under the key; then returns `busy` immediately. */
  readonly ifFree: <A, E, R>(
    key: string,
    effect: Effect.Effect<A, E, R>,
    busy: A,
  ) => Effect.Effect<A, E, R>;
};

type Lane = { readonly turn: Semaphore.Semaphore; users: number };

/** Unused keys cost nothing. No interruption can occur between taking a key and returning it. */
export const makeExclusive = (): Exclusive => {
  const lanes = new Map<string, Lane>();
  const enter = (key: string): Lane => {
    let lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, lane = { turn: Semaphore.makeUnsafe(1), users: 0 });
    lane.users++;
    return lane;
  };
  const leave = (key: string, lane: Lane): void => {
    if (--lane.users === 0) lanes.delete(key);
  };
  return {
    inTurn: (key, effect) =>
      taking(
        () => enter(key),
        (lane) => lane.turn.withPermits(1)(effect),
        (lane) => leave(key, lane),
      ),
    ifFree: (key, effect, busy) =>
      taking(
        () => lanes.has(key) ? null : enter(key),
        (lane) => lane === null ? Effect.succeed(busy) : lane.turn.withPermits(1)(effect),
        (lane) => lane === null ? undefined : leave(key, lane),
      ),
  };
};
