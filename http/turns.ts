import { openTickets, type Ticket } from "../adapters/ledger/places.ts";

/** Lets only so many run at once; the others wait for their turn. */
export type Turns = {
  /** Runs the work in its turn; null where too many wait. */
  readonly run: <Value>(work: () => Promise<Value>) => Promise<{ readonly value: Value } | null>;
  /** Whether nothing runs and nothing waits. */
  readonly isIdle: () => boolean;
};

/** Turns for so many at once, for which so many may wait. */
export const openTurns = (
  { places, waiting }: { readonly places: number; readonly waiting: number },
): Turns => {
  const queue: (() => void)[] = [];
  let running = 0;
  return {
    isIdle: () => running === 0,
    run: async (work) => {
      if (running < places) running += 1;
      else if (queue.length < waiting) await new Promise<void>((go) => queue.push(go));
      else return null;
      try {
        return { value: await work() };
      } finally {
        const next = queue.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
};

/** The same for each key apart; a key costs nothing while nothing runs under it. */
export const openTurnsByKey = (bounds: Parameters<typeof openTurns>[0]) => {
  const turns = new Map<string, Turns>();
  return async <Value>(
    key: string,
    work: () => Promise<Value>,
  ): Promise<{ readonly value: Value } | null> => {
    const own = turns.get(key) ?? openTurns(bounds);
    turns.set(key, own);
    try {
      return await own.run(work);
    } finally {
      if (own.isIdle()) turns.delete(key);
    }
  };
};

/** Turns that are shared out fairly. */
export type FairTurns = {
  /** Runs the work in the party's turn; null where it gave way to others before. */
  readonly run: <Value>(
    party: string,
    work: () => Promise<Value>,
  ) => Promise<{ readonly value: Value } | null>;
};

/**
 * Turns that parties get one after the other, however much work each has waiting: so many of one of
 * them, and so many of all (`total`). Where that many wait, what has waited longest gives way, of the
 * party itself or of the one that has most waiting: a burst keeps nothing out that comes after it.
 */
export const openFairTurns = (
  { places, waiting, total }: {
    readonly places: number;
    readonly waiting: number;
    readonly total: number;
  },
): FairTurns => {
  const tickets = openTickets({ places, each: places, waiting });
  /** How what waits is refused, by party. */
  const queues = new Map<string, Set<() => void>>();
  let count = 0;

  /** Makes room where there is none: what has waited longest gives way. */
  const makeRoom = (party: string): void => {
    let longest = queues.get(party) ?? new Set();
    if (longest.size < waiting) {
      if (count < total) return;
      for (const queue of queues.values()) if (queue.size > longest.size) longest = queue;
    }
    const [refuse] = longest;
    refuse?.();
  };

  const turn = (party: string, ticket: Ticket): Promise<boolean> =>
    new Promise((resolve) => {
      const queue = queues.get(party) ?? new Set();
      const end = (isIn: boolean): void => {
        queue.delete(refuse);
        if (queue.size === 0) queues.delete(party);
        count -= 1;
        resolve(isIn);
      };
      const refuse = (): void => {
        tickets.giveBack(ticket);
        end(false);
      };
      ticket.enter = () => end(true);
      queues.set(party, queue.add(refuse));
      count += 1;
    });

  return {
    run: async (party, work) => {
      makeRoom(party);
      const ticket = tickets.take(party);
      if (ticket === null || (!ticket.isIn && !await turn(party, ticket))) return null;
      try {
        return { value: await work() };
      } finally {
        tickets.giveBack(ticket);
      }
    },
  };
};
