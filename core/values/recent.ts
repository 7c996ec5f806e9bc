/** What was used lately, by key; what was used the longest ago is forgotten first. */
export type Recent<Value, Key = string> = {
  readonly get: (key: Key) => Value | undefined;
  /** Keeps it, as what was used last, in place of what has the key. */
  readonly set: (key: Key, value: Value) => void;
  readonly has: (key: Key) => boolean;
  readonly delete: (key: Key) => void;
  readonly clear: () => void;
  /** Forgets those used the longest ago, a few at most, as long as they `may` be. */
  readonly forget: (may: (value: Value) => boolean) => void;
  readonly size: () => number;
};

/** How much is kept at most. */
export type RecentBounds<Value> = {
  /** How many values. */
  readonly limit: number;
  /** How much they take together, where callers choose how large each is (`of`). */
  readonly room?: {
    readonly most: number;
    /** One that takes more than this is not kept; `most` by default. */
    readonly each?: number;
    readonly of: (value: Value) => number;
  };
};

/** A few are forgotten at each use, so that none costs much and more go than come. */
const AT_ONCE = 4;

/** Keeps nothing yet. */
export const openRecent = <Value, Key = string>(
  { limit, room }: RecentBounds<Value>,
): Recent<Value, Key> => {
  const kept = new Map<Key, { readonly value: Value; readonly size: number }>();
  let taken = 0;
  const drop = (key: Key): void => {
    taken -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  };
  const isTooMuch = (): boolean => kept.size > limit || (room !== undefined && taken > room.most);
  return {
    get: (key) => kept.get(key)?.value,
    set: (key, value) => {
      drop(key);
      const size = room?.of(value) ?? 0;
      if (room !== undefined && size > (room.each ?? room.most)) return;
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
      let gone = 0;
      for (const [key, { value }] of kept) {
        if (gone === AT_ONCE || !may(value)) return;
        drop(key);
        gone += 1;
      }
    },
    size: () => kept.size,
  };
};
