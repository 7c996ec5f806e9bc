/** Turns: how much of something runs concurrently, while the rest waits. */

/** Bounds how much runs concurrently; the rest waits for its turn. */
export type Turns = {
  /** Runs the work in its turn; null where too many wait. */
  readonly run: <Value>(work: () => Promise<Value>) => Promise<{ readonly value: Value } | null>;
  /** Runs the work in its turn, however many wait: it goes on with what had its turn before. */
  readonly goOn: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** Whether nothing runs and nothing waits. */
  readonly isIdle: () => boolean;
};

/** Turns for a bounded number of tasks at the same time, for which a bounded number may wait. */
export const openTurns = (
  { places, waiting }: { readonly places: number; readonly waiting: number },
): Turns => {
  const queue: (() => void)[] = [];
  let running = 0;
  const goOn: Turns["goOn"] = async (work) => {
    if (running < places) running += 1;
    else await new Promise<void>((go) => queue.push(go));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
  return {
    isIdle: () => running === 0,
    run: async (work) =>
      running === places && queue.length >= waiting ? null : { value: await goOn(work) },
    goOn,
  };
};

/** The same for each key separately; a key costs nothing while nothing runs under it. */
export const openTurnsByKey = (bounds: Parameters<typeof openTurns>[0]) => {
  const turns = new Map<string, Turns>();
  return async <Value>(key: string, use: (own: Turns) => Promise<Value>): Promise<Value> => {
    const own = turns.get(key) ?? openTurns(bounds);
    turns.set(key, own);
    try {
      return await use(own);
    } finally {
      if (own.isIdle()) turns.delete(key);
    }
  };
};
