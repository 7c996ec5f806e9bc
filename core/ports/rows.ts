/** The state rows that the event log keeps, and how it lists them; part of `mod.ts`. */
import type { Instant } from "../values/calendar.ts";

/** Names a state row within an organization. */
export type RowKey = { readonly kind: string; readonly key: string };

/** The automation that has work for a row, and from when on. */
export type Work = { readonly automation: string; readonly due: Instant };

/** A state row: the current state of one subject, computed from the log and kept beside it. */
export type Row = RowKey & {
  /** A JSON value. */
  readonly data: unknown;
  readonly work: Work | null;
};

/** How lists find a row: its place in them, and what they choose it by. */
export type Listing = {
  /** Lists are in this order, then by key; a whole number. */
  readonly sort: number;
  /** The one group of its kind that it belongs to, or null; at most 800 bytes of UTF-8. */
  readonly group: string | null;
  /** Lines of it. Tags and texts have at most 800 bytes of UTF-8 together, and no NUL. */
  readonly tags: readonly string[];
  /** What is searched, by place; nothing where it is left out. */
  readonly texts?: readonly string[] | undefined;
};

/** A row as it is written; the rows of a kind all have a `listing`, or are in no list. */
export type WrittenRow = Row & { readonly listing?: Listing | undefined };

/**
 * What an append does to rows: writes one whole, or removes it; or, before that, removes all of a
 * kind whose keys are below this one, in code point order. It puts none that it so removes.
 */
export type RowChange =
  | ({ readonly change: "put" } & WrittenRow)
  | ({ readonly change: "remove" } & RowKey)
  | ({ readonly change: "removeBelow" } & RowKey);

/** The rows of a kind whose `listing` has this group. */
export type RowGroup = { readonly kind: string; readonly group: string };

/** A part of a row's text at this place, which counts from 0. */
export type TextPart = { readonly text: number; readonly part: string };

/** Which rows of a kind a list has: those that fit all of this. */
export type RowFilter = {
  readonly group?: string | undefined;
  /** Each is one of the row's tags. */
  readonly tags?: readonly string[] | undefined;
  /** None is one of the row's tags. */
  readonly without?: readonly string[] | undefined;
  /** At least one is in the row's text; of none, no row has one. */
  readonly parts?: readonly TextPart[] | undefined;
};

/** The place of a row in lists of its kind. */
export type ListPlace = { readonly sort: number; readonly key: string };

/** Which rows of a list a page has. */
export type RowPage = {
  /** At most so many. */
  readonly limit: number;
  /** Those after this place. */
  readonly after?: ListPlace | undefined;
  /** So many of them are left out at the beginning. */
  readonly skip?: number | undefined;
  /** Whether all rows of the list are counted, whatever the page has. */
  readonly isCounted?: boolean | undefined;
};
