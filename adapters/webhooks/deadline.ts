/** How long a message may take, whatever it is waiting for. */
import type { Milliseconds } from "../../core/values/calendar.ts";

/** The time of one message. */
export type Deadline = {
  readonly isOver: () => boolean;
  /** What is left of it, 1 ms at least. */
  readonly leftMs: () => Milliseconds;
  /** Calls this once it is over, unless what this gives is called before. */
  readonly whenOver: (end: () => void) => () => void;
  /** What the work gives; null once the time is over, after which nobody waits for the work. */
  readonly within: <Value>(work: Promise<Value>) => Promise<Value | null>;
  /** Gives back the timer; the deadline is not over then. */
  readonly close: () => void;
};

/** A deadline from now on, by the machine's monotonic clock. */
export const openDeadline = (ms: Milliseconds): Deadline => {
  const endsAt = performance.now() + ms;
  const ends = new Set<() => void>();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    for (const end of ends) end();
    ends.clear();
  }, ms);
  const whenOver = (end: () => void): () => void => {
    ends.add(end);
    if (isOver) end();
    return () => ends.delete(end);
  };
  return {
    isOver: () => isOver,
    leftMs: () => Math.max(1, endsAt - performance.now()),
    whenOver,
    within: async (work) => {
      let forget = (): void => {};
      const over = new Promise<null>((resolve) => forget = whenOver(() => resolve(null)));
      try {
        return await Promise.race([work, over]);
      } finally {
        forget();
      }
    },
    close: () => clearTimeout(timer),
  };
};
