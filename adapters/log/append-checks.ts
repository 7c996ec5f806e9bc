/** Checks and conversions that all log adapters share. */
import type { Append, Row, RowChange, RowKey, WrittenRow } from "../../core/ports/mod.ts";
import { isFit } from "../../core/values/text.ts";
import { hiddenIn } from "./about.ts";

const encoder = new TextEncoder();

/** An index takes so many bytes of a group, and of tags and texts together. */
const MAX_LISTED_BYTES = 800;

/** Whether a text may be a tag: it is a line. */
export const isTag = (tag: string): boolean => tag !== "" && isFit(tag) && !tag.includes("\n");

const isListable = (texts: readonly string[]): boolean =>
  texts.every(isFit) && encoder.encode(texts.join("")).length <= MAX_LISTED_BYTES;

const checkListing = ({ kind, key, listing }: WrittenRow): void => {
  if (listing === undefined) return;
  const { sort, group, tags, texts = [] } = listing;
  const isListed = Number.isSafeInteger(sort) && isListable([group ?? ""]) && tags.every(isTag) &&
    isListable([...tags, ...texts]);
  if (isListed) return;
  throw new RangeError(`${kind} ${key} cannot be listed so: ${JSON.stringify(listing)}`);
};

/**
 * Refuses with a RangeError an append that no caller may make: one without events, with one that
 * names what it is looked up by behind a value with members of its own, or with a row whose listing
 * is longer than an index takes.
 */
export const checkAppend = ({ events, rows }: Append): void => {
  if (events.length === 0) throw new RangeError("an append needs at least one event");
  for (const event of events) {
    const member = hiddenIn(event);
    if (member === null) continue;
    throw new RangeError(`${event.type} must have ${member} before any object or list`);
  }
  for (const row of rows) if (row.change === "put") checkListing(row);
};

/** One text for a row's kind and key, for use in a Map. */
export const rowName = (row: RowKey): string => JSON.stringify([row.kind, row.key]);

/** The rows, or changes of rows, with only the last one of each, which is the one that counts. */
export const lastChanges = <Change extends RowKey>(
  changes: readonly Change[],
): readonly Change[] =>
  changes.length < 2
    ? changes
    : [...new Map(changes.map((change) => [rowName(change), change])).values()];

/** The changes of single rows, the last of each; and those that remove all below a key. */
export const partsOf = (changes: readonly RowChange[]) => {
  const single: Exclude<RowChange, { readonly change: "removeBelow" }>[] = [];
  const below: RowKey[] = [];
  for (const change of changes) {
    if (change.change === "removeBelow") below.push(change);
    else single.push(change);
  }
  return { single: lastChanges(single), below };
};

// In UTF-8, and so in PostgreSQL's order "C", surrogate pairs come after U+E000 to U+FFFF.
const rank = (unit: number): number =>
  unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;

/** Compares strings by their code points: negative, 0 or positive, as for `sort`. */
export const compareText = (a: string, b: string): number => {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = rank(a.charCodeAt(index)) - rank(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

const compareRows = (a: RowKey, b: RowKey): number =>
  compareText(a.kind, b.kind) || compareText(a.key, b.key);

/** Rows by kind and key, each once. */
export const inOrder = (rows: readonly Row[]): readonly Row[] =>
  rows.toSorted(compareRows).filter((row, index, sorted) => {
    const previous = sorted[index - 1];
    return previous === undefined || compareRows(previous, row) !== 0;
  });

/** The error of a rebuild when two logs claim one key: neither can be trusted. */
export const contested = (key: string, one: string, other: string): Error =>
  new Error(
    `the logs of ${one} and ${other} both claim ${key}; the rows in use are left as they are`,
  );
