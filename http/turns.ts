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
