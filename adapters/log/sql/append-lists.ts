/** The lists of which the statement of an append is made, and how they are given to it. */

/**
 * The organization of an item's append, the head it was decided against, and its command, if any.
 */
const DECIDED = {
  organization: "text",
  base: "bigint",
  previous: "text",
  command: "text",
} as const;

const CLAIM = { organization: "text", e164: "text", holder: "text" } as const;

/** What the statement is given, list by list: the columns of each item, with their types. */
export const LISTS = {
  events: {
    ...DECIDED,
    position: "bigint",
    type: "text",
    version: "integer",
    data: "text",
    at: "bigint",
    actor: "text",
    fingerprint: "text",
    size: "integer",
    hash: "text",
  },
  claims: { ...DECIDED, ...CLAIM },
  /** Claims on numbers that the same append frees: `holder` is who held the number until now. */
  passes: CLAIM,
  changes: {
    organization: "text",
    kind: "text",
    key: "text",
    data: "text",
    automation: "text",
    due: "bigint",
    sort: "bigint",
    grp: "text",
    tags: "text",
    texts: "text[]",
  },
  removals: { organization: "text", kind: "text", key: "text" },
  frees: CLAIM,
  /** Of the rows of a kind, all whose keys are below this one. */
  removalsBelow: { organization: "text", kind: "text", key: "text" },
} as const;

/** The name of a list. */
export type List = keyof typeof LISTS;

/** The values of an item, in the order of its list's columns. */
export type Item = readonly (string | null)[];

/** A batch: the items of each list that has any. */
export type Lists = Partial<Record<List, Item[]>>;

/** The lists in the order of their parameters. */
export const LIST_NAMES = Object.keys(LISTS) as readonly List[];
/** The columns of each list, in its order. */
export const COLUMNS = LIST_NAMES.map((list) => Object.keys(LISTS[list]));

/**
 * Columns of JSON. JSON contains no line break, so a list of it goes as lines: it is full of the
 * quotes that an array's text would have to escape, which takes both sides longest of all.
 */
export const isJson = (column: string): boolean => column === "data" || column === "actor";

/** A list as something to select from; its parameters are `$first` and so on. */
export const source = (list: List, isOne: boolean, first: number): string => {
  const columns = Object.entries(LISTS[list]);
  const names = columns.map(([name]) => name);
  if (isOne) {
    const values = columns.map(([name, type], index) =>
      `$${first + index}::${type === "text[]" ? "text::text[]" : type} as ${name}`
    );
    return `(select ${values.join(", ")})`;
  }
  const arrays = names.map((name, index) =>
    isJson(name) ? `string_to_array($${first + index}, E'\\n')` : `$${first + index}::text[]`
  );
  const values = columns.map(([name, type]) => type === "text" ? name : `${name}::${type}`);
  return `(select ${values.join(", ")} from unnest(${arrays.join(", ")}) u(${names.join(", ")}))`;
};
