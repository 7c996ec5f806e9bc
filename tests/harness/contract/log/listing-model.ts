/** Rows that are listed, what is asked of lists, and a naive list to compare with. */
import fc from "fast-check";
import type {
  Listing,
  ListPlace,
  RowFilter,
  RowPage,
  WrittenRow,
} from "../../../../core/ports/mod.ts";

/** Another kind is listed apart. */
export const KINDS = ["listed", "listed too"];
/** Of this kind no row is listed. */
const UNLISTED = "listed nowhere";
export const KEYS = ["a", "b", "B", "\u00e9", "\u{1f469}", "\uffee", "10", "9"];
export const GROUPS = ["x", "y", "", "null", "x ", "'", "\u00e9".repeat(400)];
const TAGS = ["t", "t2", "a:b", "{", '"', "\\", ",", "null", " "];
/** No row has such a tag. */
const NO_TAGS = ["", "t\nt2", "\0", "\ud800", "T"];
/** Signs of patterns, of arrays and of line ends. */
const PARTS = ["a", "ab", "%", "_", "\\", '"', "\n", "\u00e9", "{}", "A", "a%", "\u{1f469}"];

const texts = fc.array(fc.array(fc.constantFrom(...PARTS), { maxLength: 4 }), { maxLength: 3 })
  .map((lists) => lists.map((parts) => parts.join("")));

const listings: fc.Arbitrary<Listing> = fc.record({
  sort: fc.constantFrom(-1, 0, 1, 2, 1_769_853_600_000, Number.MAX_SAFE_INTEGER),
  group: fc.option(fc.constantFrom(...GROUPS)),
  tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 4 }),
  texts: fc.option(texts, { nil: undefined }),
});

export const rows: fc.Arbitrary<WrittenRow> = fc.record({
  kind: fc.constantFrom(...KINDS, UNLISTED),
  key: fc.constantFrom(...KEYS),
  data: fc.nat(9),
  work: fc.constant(null),
  listing: listings,
}).map(({ listing, ...row }) => row.kind === UNLISTED ? row : { ...row, listing });

/** A row with a place and a group that all such rows have. */
export const plainRow = (key: string, tags: readonly string[]): WrittenRow => ({
  kind: "listed",
  key,
  data: key,
  work: null,
  listing: { sort: 1, group: "x", tags },
});

/** What is done to the rows, one append after the other: they are put, or removed. */
export const changes = fc.array(
  fc.record({ put: fc.array(rows, { minLength: 1, maxLength: 8 }), removes: fc.boolean() }),
  { minLength: 1, maxLength: 6 },
);

/** Of all asked for, few are no tags: nothing has one. */
const askedTag = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...TAGS) },
  { weight: 1, arbitrary: fc.constantFrom(...NO_TAGS) },
);

export const filters: fc.Arbitrary<RowFilter> = fc.record({
  group: fc.option(fc.constantFrom(...GROUPS, "nobody's", "\0", "\ud800"), { nil: undefined }),
  tags: fc.option(fc.array(askedTag, { maxLength: 2 }), { nil: undefined }),
  without: fc.option(fc.array(askedTag, { maxLength: 2 }), { nil: undefined }),
  parts: fc.option(
    fc.array(
      fc.record({ text: fc.nat(3), part: fc.constantFrom(...PARTS, "", "\0", "\ud800") }),
      { maxLength: 5 },
    ),
    { nil: undefined },
  ),
});

export const pages: fc.Arbitrary<RowPage> = fc.record({
  limit: fc.constantFrom(0, 1, 2, 5, Number.MAX_SAFE_INTEGER),
  skip: fc.option(fc.constantFrom(0, 1, 3, Number.MAX_SAFE_INTEGER), { nil: undefined }),
  isCounted: fc.boolean(),
});

export const nameOf = ({ kind, key }: WrittenRow): string => `${kind} ${key}`;

/** By code points, as UTF-8 sorts. */
export const compare = (a: string, b: string): number => {
  const [one, other] = [[...a], [...b]].map((all) => all.map((each) => each.codePointAt(0) ?? 0));
  const place = one?.findIndex((point, at) => point !== other?.[at]) ?? -1;
  return place < 0 ? [...a].length - [...b].length : (one?.[place] ?? 0) - (other?.[place] ?? -1);
};

const comparePlaces = (a: ListPlace, b: ListPlace): number =>
  a.sort - b.sort || compare(a.key, b.key);

export const naively = (all: readonly WrittenRow[], kind: string, filter: RowFilter) => {
  const { group, tags = [], without = [], parts } = filter;
  return all.flatMap(({ listing, key, data, ...row }) => {
    if (row.kind !== kind || listing === undefined) return [];
    const isWanted = (group === undefined || listing.group === group) &&
      tags.every((tag) => listing.tags.includes(tag)) &&
      without.every((tag) => !listing.tags.includes(tag)) &&
      (parts === undefined ||
        parts.some(({ text, part }) => listing.texts?.[text]?.includes(part) === true));
    return isWanted ? [{ key, data, sort: listing.sort }] : [];
  }).toSorted(comparePlaces);
};
