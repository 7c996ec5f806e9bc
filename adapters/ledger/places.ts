/** Places at carriers: how many calls each takes at once, shared fairly between organizations. */
import * as Effect from "effect/Effect";
import type { Milliseconds } from "../../core/values/calendar.ts";
import { taking } from "./taking.ts";

/** What a lane lets through. */
export type LaneOptions = {
  /** Calls under way at once. */
  readonly places: number;
  /** How many of them one party may have. */
  readonly each: number;
  /** How many calls of one party may wait. */
  readonly waiting: number;
};

/** A call that has its place, or waits for it. */
export type Ticket = {
  readonly party: string;
  isIn: boolean;
  isOver: boolean;
  /** Called once it has its place. */
  enter: () => void;
};

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

/** Tickets for places, which parties get by turns. */
export type Tickets = {
  /** How many calls a party has, in places and waiting. */
  readonly count: (party: string) => number;
  /** A ticket, which may be in already; null where too many of the party wait. */
  readonly take: (party: string) => Ticket | null;
  /** Ends a ticket, in its place or before; once more does nothing. */
  readonly giveBack: (ticket: Ticket) => void;
};

/** Tickets by party, and whose turn it is. A party costs nothing while it has none. */
export const openTickets = ({ places, each, waiting }: LaneOptions): Tickets => {
  const inside = new Map<string, number>();
  /** Parties in the order of their turns. */
  const queues = new Map<string, Ticket[]>();
  let taken = 0;

  const insideOf = (party: string): number => inside.get(party) ?? 0;

  const admit = (ticket: Ticket): void => {
    taken += 1;
    inside.set(ticket.party, insideOf(ticket.party) + 1);
    ticket.isIn = true;
    ticket.enter();
  };

  /** The one whose turn it is; its party is the last in turn from now on. */
  const next = (): Ticket | null => {
    for (const [party, queue] of queues) {
      if (insideOf(party) >= each) continue;
      const ticket = queue.shift();
      queues.delete(party);
      if (queue.length > 0) queues.set(party, queue);
      return ticket ?? null;
    }
    return null;
  };

  const serve = (): void => {
    while (taken < places) {
      const ticket = next();
      if (ticket === null) return;
      admit(ticket);
    }
  };

  return {
    count: (party: string): number => insideOf(party) + (queues.get(party)?.length ?? 0),
    take: (party: string): Ticket | null => {
      const ticket: Ticket = { party, isIn: false, isOver: false, enter: () => undefined };
      const queue = queues.get(party) ?? [];
      if (queue.length >= waiting) return null;
      queue.push(ticket);
      queues.set(party, queue);
      serve();
      return ticket;
    },
    giveBack: (ticket: Ticket): void => {
      const { party } = ticket;
      if (ticket.isOver) return;
      ticket.isOver = true;
      if (ticket.isIn) {
        taken -= 1;
        const others = insideOf(party) - 1;
        if (others === 0) inside.delete(party);
        else inside.set(party, others);
      } else {
        const rest = (queues.get(party) ?? []).filter((other) => other !== ticket);
        if (rest.length === 0) queues.delete(party);
        else queues.set(party, rest);
      }
      serve();
    },
  };
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

/** Lanes for a carrier that takes so many calls at once; three of eight are for searches. */
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
