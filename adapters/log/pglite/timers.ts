/** The timers of a PostgreSQL within the process, which end with it. */

type Timer = ReturnType<typeof setTimeout>;

export type Timers = {
  /** Runs synchronous work, and notes the timers that it sets, and those that these set in turn. */
  readonly during: <Value>(work: () => Value) => Value;
  /** Ends all that were noted: they would set others forever, and keep the process alive. */
  readonly end: () => void;
};

/**
 * Notes timers by standing in for `setTimeout` and `clearTimeout` while work runs: PGlite has no
 * way to end the timers of an instance that is left without being closed.
 */
export const openTimers = (): Timers => {
  const pending = new Set<Timer>();
  const during = <Value>(work: () => Value): Value => {
    const { setTimeout: set, clearTimeout: clear } = globalThis;
    Object.assign(globalThis, {
      setTimeout: (callback: () => void, ms?: number): Timer => {
        const timer: Timer = set(() => {
          pending.delete(timer);
          during(callback);
        }, ms);
        pending.add(timer);
        return timer;
      },
      clearTimeout: (timer: Timer | undefined): void => {
        if (timer !== undefined) pending.delete(timer);
        clear(timer);
      },
    });
    try {
      return work();
    } finally {
      Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
    }
  };
  return {
    during,
    end: () => {
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
};
