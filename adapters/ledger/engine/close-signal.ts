/**
 * Signals that the ledger closes to work that waits only for others' sake, so that it stops
 * waiting.
 */
import * as Effect from "effect/Effect";
import { Closed } from "./errors.ts";

/** Whether a ledger closes. */
export type Closing = {
  readonly isClosed: () => boolean;
  /** Calls `listener` once the ledger closes, unless the returned function is called before. */
  readonly onClose: (listener: () => void) => () => void;
  readonly close: () => void;
};

/** Of a ledger that is open. */
export const openClosing = (): Closing => {
  const listeners = new Set<() => void>();
  let isClosed = false;
  return {
    isClosed: () => isClosed,
    onClose: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      isClosed = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
  };
};

/** Waits until the ledger closes. */
export const untilClosed = (closing: Closing): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    if (closing.isClosed()) return resume(Effect.void);
    return Effect.sync(closing.onClose(() => resume(Effect.void)));
  });

/** What is read of the log, unless the ledger is closed before it is there. */
export const unlessClosed = async <Value>(
  { closing }: { readonly closing: Closing },
  reading: () => Promise<Value>,
): Promise<Value> => {
  try {
    if (!closing.isClosed()) return await reading();
  } catch (error) {
    if (!closing.isClosed()) throw error;
  }
  throw new Closed();
};
