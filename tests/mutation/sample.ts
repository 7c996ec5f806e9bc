import { createHash } from "node:crypto";

/**
 * At most `count` of the items, chosen by the seed: the same for the same seed, and an item that is
 * added or removed changes no other item's place. Each item has a key of its own.
 */
export const sample = <T>(
  items: readonly T[],
  { seed, count, keyOf }: {
    readonly seed: number;
    readonly count: number;
    readonly keyOf: (item: T) => string;
  },
): readonly T[] =>
  items.map((item) => ({
    item,
    order: createHash("sha256").update(`${seed} ${keyOf(item)}`).digest("hex"),
  }))
    .toSorted((a, b) => a.order < b.order ? -1 : 1)
    .slice(0, count)
    .map(({ item }) => item);
