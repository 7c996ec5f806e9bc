import type { Append, Appended } from "../../core/ports/mod.ts";

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

/** The notification of a committed append. */
export const appendedOf = ({ organization, rows }: Append): Appended => {
  const dues = rows.flatMap((row) =>
    row.change === "remove" || row.work === null ? [] : [row.work.due]
  );
  return { organizations: [organization], due: dues.length === 0 ? null : Math.min(...dues) };
};
