/**
 * Places at carriers: how many concurrent calls each takes, shared fairly between organizations.
 */
import * as Effect from "effect/Effect";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { taking } from "./bracket.ts";
import { type LaneOptions, openTickets } from "./tickets.ts";

/** Why a call got no place: its own party has too many of them, or all others together do. */
export type NoPlace = "ownExcess" | "busy";

/** Lets calls through, by turns of the parties on whose behalf they are made. */
export type Lane = {
  /**
   * Runs the effect in a place, for which it waits at most `waitMs`; `instead` where there is none.
   * Parties take turns, however many calls each has waiting.
   */
  readonly run: <A, E, R, B, F, S>(
    party: string,
    waitMs: Milliseconds,
    effect: Effect.Effect<A, E, R>,
    instead: (why: NoPlace) => Effect.Effect<B, F, S>,
  ) => Effect.Effect<A | B, E | F, R | S>;
};

/** A lane with so many places. */
export const makeLane = (options: LaneOptions): Lane => {
  const tickets = openTickets(options);
  return {
    run: <A, E, R, B, F, S>(
      party: string,
      waitMs: Milliseconds,
      effect: Effect.Effect<A, E, R>,
      instead: (why: NoPlace) => Effect.Effect<B, F, S>,
    ) =>
      taking(
        () => ({ isFirst: tickets.count(party) === 0, ticket: tickets.take(party) }),
        ({ isFirst, ticket }): Effect.Effect<A | B, E | F, R | S> => {
          if (ticket === null) return instead("ownExcess");
          const entered = Effect.callback<"entered">((resume) => {
            if (ticket.isIn) resume(Effect.succeed("entered"));
            else ticket.enter = () => resume(Effect.succeed("entered"));
          });
          const placed = ticket.isIn ? Effect.succeed("entered") : Effect.timeoutOrElse(entered, {
            duration: waitMs,
            orElse: () => Effect.succeed("late"),
          });
          const called = Effect.gen(function* () {
            if ((yield* placed) === "entered") return yield* effect;
            tickets.giveBack(ticket);
            return yield* instead(isFirst ? "busy" : "ownExcess");
          });
          return called;
        },
        ({ ticket }) => ticket === null ? undefined : tickets.giveBack(ticket),
      ),
  };
};

/** The lanes of one carrier: searches can never take the places of what else is asked. */
export type CarrierLanes = { readonly searches: Lane; readonly others: Lane };

/** Searches of one organization that may wait for a place, and calls of other sorts. */
const WAITING_SEARCHES = 16;
const WAITING_OTHERS = 10_000;

/** One place is left to other parties, where there is more than one. */
const allButOne = (places: number): number => Math.max(1, places - 1);

/** Lanes for a carrier that takes so many concurrent calls; three of eight are for searches. */
export const makeLanes = (callsAtOnce: number): CarrierLanes => {
  const searches = Math.max(1, Math.floor(callsAtOnce * 3 / 8));
  const others = Math.max(1, callsAtOnce - searches);
  return {
    searches: makeLane({
      places: searches,
      each: allButOne(searches),
      waiting: WAITING_SEARCHES,
    }),
    others: makeLane({ places: others, each: allButOne(others), waiting: WAITING_OTHERS }),
  };
};
