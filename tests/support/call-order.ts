/** Decides the order in which concurrent calls of a log proceed. */
import type { EventLog } from "../../core/ports/mod.ts";

/** Calls that wait for their turn, and the log whose calls do. */
export type Turns = {
  readonly log: EventLog;
  /**
   * Runs operations concurrently. Whenever nothing else can proceed, one of the waiting calls is
   * let through, chosen by the next of `lots`. Returns the results of the operations.
   */
  readonly run: <Value>(
    operations: readonly (() => Promise<Value>)[],
    lots: Iterator<number>,
  ) => Promise<readonly Value[]>;
};

/**
 * Longer than any chain of promises between two calls; a timer of 0 ms has come by then as well.
 */
const TICKS = 4;

const quiet = async (): Promise<void> => {
  for (let tick = 0; tick < TICKS; tick++) {
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
};

/** The log behind turns: reads of claims, and appends, wait for their turn while operations run. */
export const openTurns = (log: EventLog): Turns => {
  const waiting: (() => void)[] = [];
  let isRunning = false;
  const turn = (): Promise<void> =>
    isRunning ? new Promise((go) => waiting.push(go)) : Promise.resolve();
  return {
    log: {
      ...log,
      load: async (organization, needs) => {
        if ((needs.claims ?? []).length > 0) await turn();
        return await log.load(organization, needs);
      },
      append: async (input) => {
        await turn();
        return await log.append(input);
      },
    },
    run: async (operations, lots) => {
      isRunning = true;
      let left = operations.length;
      const results = Promise.all(operations.map(async (operation) => {
        try {
          return await operation();
        } finally {
          left -= 1;
        }
      }));
      while (left > 0) {
        await quiet();
        const lot = lots.next().value ?? 0;
        waiting.splice(lot % Math.max(1, waiting.length), 1)[0]?.();
      }
      isRunning = false;
      for (const go of waiting.splice(0)) go();
      return await results;
    },
  };
};
