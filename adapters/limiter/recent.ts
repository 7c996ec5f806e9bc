/** What was used lately, by key; what was used the longest ago is forgotten first. */
export type Recent<Value> = {
  readonly get: (key: string) => Value | undefined;
  /** Keeps it, as what was used last. */
  readonly set: (key: string, value: Value) => void;
  readonly delete: (key: string) => void;
  /** Forgets those used the longest ago, a few at most, as long as they `may` be. */
  readonly forget: (may: (value: Value) => boolean) => void;
  readonly size: () => number;
};

/** A few are forgotten at each use, so that none costs much and more go than come. */
const AT_ONCE = 4;

/** Keeps at most `limit` values. */
export const openRecent = <Value>({ limit }: { readonly limit: number }): Recent<Value> => {
  const kept = new Map<string, Value>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      kept.delete(key);
      kept.set(key, value);
      if (kept.size <= limit) return;
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    },
    delete: (key) => void kept.delete(key),
    forget: (may) => {
      let gone = 0;
      for (const [key, value] of kept) {
        if (gone === AT_ONCE || !may(value)) return;
        kept.delete(key);
        gone += 1;
      }
    },
    size: () => kept.size,
  };
};
