import type { Append, Appended } from "../../core/ports/mod.ts";
import type { Instant } from "../../core/values/calendar.ts";

type Listener = (appended: Appended) => void;

/** The listeners that are notified of appends. */
export type Watchers = {
  /** Adds this listener, until the returned function is called. */
  watch(listener: Listener): () => void;
  /** Notifies all of them, each separately and after the caller has gone on. */
  notify(appended: Appended): void;
};

/** Begins with no listeners. */
export const openWatchers = (): Watchers => {
  const listeners = new Map<symbol, Listener>();
  return {
    watch: (listener) => {
      const name = Symbol("watcher");
      listeners.set(name, listener);
      return () => void listeners.delete(name);
    },
    notify: (appended) => {
      for (const name of listeners.keys()) {
        queueMicrotask(() => listeners.get(name)?.(appended));
      }
    },
  };
};

/** The earlier of two due times; null where there is none. */
export const earliest = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null || b === null ? a ?? b : Math.min(a, b);

/** The notification of a committed append. */
export const appendedOf = ({ organization, rows }: Append): Appended => ({
  organizations: [organization],
  due: rows.reduce<Instant | null>(
    (due, row) => row.change === "put" ? earliest(due, row.work?.due ?? null) : due,
    null,
  ),
});
