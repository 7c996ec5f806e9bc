/**
 * Reads that are begun at fixed times, whatever became of those before: one that could not begin in
 * time because something held the process has waited for that long.
 */
import { pause } from "../support/pause.ts";

const EVERY_MS = 5;

/** How long reads take from when each was to begin, in milliseconds. */
export const openReader = (read: () => Promise<unknown>) => {
  const paced = async (isOver: (begun: number) => boolean): Promise<readonly number[]> => {
    const start = performance.now();
    const reads: Promise<number>[] = [];
    while (!isOver(reads.length)) {
      const at = start + reads.length * EVERY_MS;
      const early_ms = at - performance.now();
      if (early_ms > 0) await pause(early_ms, "reads begin at fixed times");
      const answered = read().then(() => performance.now() - at);
      reads.push(answered);
    }
    return await Promise.all(reads);
  };
  return {
    /** So many reads. */
    times: (count: number) => paced((begun) => begun >= count),
    /** Reads for as long as the work goes on. */
    during: async (work: () => Promise<void>): Promise<readonly number[]> => {
      let isDone = false;
      const working = work().finally(() => {
        isDone = true;
      });
      const taken_ms = await paced((begun) => isDone && begun > 0);
      await working;
      return taken_ms;
    },
  };
};
