/** Tickets for a number of places, which parties get by turns. */

/** What a lane lets through. */
export type LaneOptions = {
  /** Concurrent calls. */
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

/** Tickets for places, which parties get by turns. */
export type Tickets = {
  /** How many calls a party has, in places and waiting. */
  readonly count: (party: string) => number;
  /** A ticket, which may be in already; null where too many of the party wait. */
  readonly take: (party: string) => Ticket | null;
  /** Ends a ticket, in its place or before; once more does nothing. */
  readonly giveBack: (ticket: Ticket) => void;
};

/** Tickets by party, and whose turn it is. A party without a ticket costs nothing. */
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
