import type { Append, Appended } from "../../core/ports/mod.ts";

type Listener = (appended: Appended) => void;

/** Those who are told of appends. */
export type Watchers = {
  /** Tells this listener as well, until what it gives is called. */
  watch(listener: Listener): () => void;
  /** Tells all of them, each by itself and after whoever calls this has gone on. */
  tell(appended: Appended): void;
};

/** Begins with nobody who is told. */
export const openWatchers = (): Watchers => {
  const listeners = new Map<symbol, Listener>();
  return {
    watch: (listener) => {
      const name = Symbol("watcher");
      listeners.set(name, listener);
      return () => void listeners.delete(name);
    },
    tell: (appended) => {
      for (const name of listeners.keys()) {
        queueMicrotask(() => listeners.get(name)?.(appended));
      }
    },
  };
};

/** What there is to tell of an append that stands. */
export const tellingOf = ({ organization, rows }: Append): Appended => {
  const dues = rows.flatMap(({ work }) => work === null ? [] : [work.due]);
  return { organizations: [organization], due: dues.length === 0 ? null : Math.min(...dues) };
};
