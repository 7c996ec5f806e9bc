import { openTickets, type Ticket } from "../adapters/ledger/engine/tickets.ts";
import { type Attendance, byPromises } from "./wait-strategy.ts";

/** Turns that are shared out fairly. */
export type FairTurns = {
  /** Waits for the party's turn, and returns what ends it; null where the wait was evicted. */
  readonly enter: (party: string) => Promise<(() => void) | null>;
  /**
   * Takes a turn of the party's that is free now, and returns what ends it; null where none is
   * free.
   */
  readonly enterNow: (party: string) => (() => void) | null;
  /** Runs the work in the party's turn; null where the wait was evicted. */
  readonly run: <Value>(
    party: string,
    work: () => Promise<Value>,
  ) => Promise<{ readonly value: Value } | null>;
};

/** How many turns there are, and for how many one waits. */
export type FairBounds = {
  /** Turns at the same time. */
  readonly places: number;
  /** How many of them one party may have; all of them by default. */
  readonly each?: number;
  /** How many of one party may wait, and how many of all. */
  readonly waiting: number;
  readonly total: number;
};

type Waiter = {
  /** Waits; whether the turn came. */
  readonly wait: () => Promise<boolean>;
  readonly refuse: () => void;
};

/** The waiting tickets, bounded for one party and for all. */
const openWaiting = (
  { waiting, total }: Pick<FairBounds, "waiting" | "total">,
  giveBack: (ticket: Ticket) => void,
  attendance: Attendance,
) => {
  /** What refuses each waiting ticket, by party. */
  const queues = new Map<string, Set<() => void>>();
  let count = 0;
  return {
    /** Makes space where there is none: the ticket that has waited longest is evicted. */
    makeSpace: (party: string): void => {
      let longest = queues.get(party) ?? new Set();
      if (longest.size < waiting) {
        if (count < total) return;
        for (const queue of queues.values()) if (queue.size > longest.size) longest = queue;
      }
      const [refuse] = longest;
      refuse?.();
    },
    // What other requests call here only records the outcome: the waiting request may be another
    // one.
    queueUp: (party: string, ticket: Ticket): Waiter => {
      const queue = queues.get(party) ?? new Set();
      let state = "waiting" as "waiting" | "in" | "out";
      let wake = (): void => undefined;
      const end = (to: "in" | "out"): void => {
        if (state !== "waiting") return;
        state = to;
        queue.delete(refuse);
        if (queue.size === 0) queues.delete(party);
        count -= 1;
        wake();
      };
      const refuse = (): void => {
        end("out");
        giveBack(ticket);
      };
      ticket.enter = () => end("in");
      queues.set(party, queue.add(refuse));
      count += 1;
      const wait = async (): Promise<boolean> => {
        await attendance.wait(() => state !== "waiting", (go) => wake = go);
        if (state === "waiting") refuse();
        return state === "in";
      };
      return { wait, refuse };
    },
  };
};

/**
 * Turns that parties get one after the other, however much work each has waiting, bounded for each
 * party and for all (`total`). When the queue is full, the ticket that has waited longest is
 * evicted, of the party itself or of the one that has most waiting: a burst keeps nothing out that
 * comes after it. `attendance` is how a ticket waits.
 */
export const openFairTurns = (
  { places, each = places, waiting, total }: FairBounds,
  attendance: Attendance = byPromises,
): FairTurns => {
  const tickets = openTickets({ places, each, waiting });
  const { makeSpace, queueUp } = openWaiting({ waiting, total }, tickets.giveBack, attendance);

  /** A ticket: others are evicted only where no turn is free now. */
  const take = (party: string): Ticket | null => {
    const ticket = tickets.take(party);
    if (ticket?.isIn === true) return ticket;
    makeSpace(party);
    return ticket ?? tickets.take(party);
  };

  /**
   * Keeps a ticket until the returned function is called, or its request turns out to have ended.
   */
  const stay = (ticket: Ticket, lost = () => tickets.giveBack(ticket)) => {
    const leave = attendance.stay(lost);
    return (): void => {
      leave();
      tickets.giveBack(ticket);
    };
  };

  const enter: FairTurns["enter"] = async (party) => {
    const ticket = take(party);
    if (ticket === null) return null;
    if (ticket.isIn) return stay(ticket);
    const waiter = queueUp(party, ticket);
    const leave = stay(ticket, waiter.refuse);
    if (await waiter.wait()) return leave;
    leave();
    return null;
  };

  return {
    enter,
    enterNow: (party) => {
      const ticket = tickets.take(party);
      if (ticket?.isIn === true) return stay(ticket);
      if (ticket !== null) tickets.giveBack(ticket);
      return null;
    },
    run: async (party, work) => {
      const leave = await enter(party);
      if (leave === null) return null;
      try {
        return { value: await work() };
      } finally {
        leave();
      }
    },
  };
};
