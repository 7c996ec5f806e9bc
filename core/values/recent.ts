/** A cache by key; the least recently used entries are evicted first. */
export type Recent<Value, Key = string> = {
  readonly get: (key: Key) => Value | undefined;
  /** Keeps it, as what was used last, in place of what has the key. */
  readonly set: (key: Key, value: Value) => void;
  readonly has: (key: Key) => boolean;
  readonly delete: (key: Key) => void;
  readonly clear: () => void;
  /** Evicts the least recently used entries, a few at most, as long as they `may` be evicted. */
  readonly forget: (may: (value: Value) => boolean) => void;
  readonly size: () => number;
};

/** The bounds of the cache. */
export type RecentBounds<Value> = {
  /** How many values. */
  readonly limit: number;
  /** Their total size, where callers determine the size of each (`of`). */
  readonly space?: {
    readonly most: number;
    /** A larger value is not kept; `most` by default. */
    readonly each?: number;
    readonly of: (value: Value) => number;
  };
};

/** A few are evicted at each use, so that no use costs much and more entries leave than arrive. */
const PER_USE = 4;

/** An empty cache. */
export const openRecent = <Value, Key = string>(
  { limit, space }: RecentBounds<Value>,
): Recent<Value, Key> => {
  const kept = new Map<Key, { readonly value: Value; readonly size: number }>();
  let taken = 0;
  const drop = (key: Key): void => {
    taken -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  };
  const isTooMuch = (): boolean => kept.size > limit || (space !== undefined && taken > space.most);
  return {
    get: (key) => kept.get(key)?.value,
    set: (key, value) => {
      drop(key);
      const size = space?.of(value) ?? 0;
      if (space !== undefined && size > (space.each ?? space.most)) return;
      kept.set(key, { value, size });
      taken += size;
      if (!isTooMuch()) return;
      for (const oldest of kept.keys()) {
        drop(oldest);
        if (!isTooMuch()) return;
      }
    },
    has: (key) => kept.has(key),
    delete: drop,
    clear: () => {
      kept.clear();
      taken = 0;
    },
    forget: (may) => {
      let evicted = 0;
      for (const [key, { value }] of kept) {
        if (evicted === PER_USE || !may(value)) return;
        drop(key);
        evicted += 1;
      }
    },
    size: () => kept.size,
  };
};
