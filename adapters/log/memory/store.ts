/** What the log in memory is made of, and how its parts are read and written. */
import { jsonText } from "../../../core/values/text.ts";
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type {
  Claim,
  EventDraft,
  EventLog,
  Head,
  Listing,
  RecordedEvent,
  Row,
  RowChange,
  RowKey,
  Work,
  WrittenRow,
} from "../../../core/ports/mod.ts";
import type { ClaimKey } from "../../../core/values/claim-key.ts";
import { PAGE_BYTES } from "../page.ts";
import { begunBy, holdingOf } from "../about.ts";
import { compareText, partsOf, rowName } from "../append-checks.ts";

/** A row with its data as JSON. */
export type StoredRow = RowKey & {
  readonly text: string;
  readonly work: Work | null;
  readonly listing: Listing | null;
};

/** An organization's log: its head, its events as JSON, its state rows by name. */
export type Book = {
  head: Head;
  readonly events: string[];
  /** The positions of the events about each holding, in order. */
  readonly about: Map<string, number[]>;
  /** The positions of those with which it began to hold a number, by number. */
  readonly begun: Map<string, number[]>;
  readonly commands: Map<string, { fingerprint: string; after: number; count: number }>;
  readonly rows: Map<string, StoredRow>;
};

/** All organizations' logs and rows, and all claims. */
export type Store = { readonly books: Map<string, Book>; readonly claims: Map<ClaimKey, Claim> };

/** An organization's log before anything has happened. */
export const newBook = (): Book => ({
  head: EMPTY_HEAD,
  events: [],
  about: new Map(),
  begun: new Map(),
  commands: new Map(),
  rows: new Map(),
});

const note = (places: Map<string, number[]>, name: string | null, position: number): void => {
  if (name === null) return;
  const positions = places.get(name) ?? [];
  positions.push(position);
  places.set(name, positions);
};

/** Adds events, as JSON, to a book; `drafts` are what they were made of. */
export const addEvents = (
  { events, about, begun }: Book,
  texts: readonly string[],
  drafts: readonly EventDraft[],
): void => {
  // One by one: a call takes only so many arguments.
  for (const [place, text] of texts.entries()) {
    events.push(text);
    const draft = drafts[place];
    if (draft === undefined) continue;
    note(about, holdingOf(draft), events.length);
    note(begun, begunBy(draft), events.length);
  }
};

/** Events after a position, `count` of them if there are so many. */
export const readEvents = (book: Book, after: number, count: number): readonly RecordedEvent[] =>
  book.events.slice(after, after + count).map((text) => JSON.parse(text));

/** How much more goes into a page, in events and in characters of JSON. */
export type Space = { limit: number; bytes: number };

/** Space for a page of at most `limit` events. */
export const spaceFor = (limit: number): Space => ({ limit, bytes: PAGE_BYTES });

/** As many of these events, as JSON, as there is space for; reduces the space by them. */
const readWithin = (texts: Iterable<string>, space: Space): readonly RecordedEvent[] => {
  const events: RecordedEvent[] = [];
  for (const text of texts) {
    if (space.limit <= 0 || space.bytes <= 0) break;
    space.limit -= 1;
    space.bytes -= text.length;
    events.push(JSON.parse(text));
  }
  return events;
};

function* from<Item>(items: readonly Item[], first: number): Generator<Item> {
  for (let place = first; place < items.length; place += 1) yield items[place] as Item;
}

/** As many events after a position as there is space for; reduces the space by them. */
export const readPage = (book: Book, after: number, space: Space): readonly RecordedEvent[] =>
  readWithin(from(book.events, after), space);

/** A page of events after a position, of an organization that may be empty. */
export const eventsOf = (
  books: Store["books"],
  organization: string,
  after: number,
  limit: number,
): readonly RecordedEvent[] =>
  readPage(books.get(organization) ?? newBook(), after, spaceFor(limit));

/** The events at these positions after one, as JSON. */
const textsAt = ({ events }: Book, positions: readonly number[] = [], after: number) =>
  positions.filter((position) => position > after)
    .flatMap((position) => events[position - 1] ?? []);

/** The same of the events about a holding. */
export const eventsAbout = (
  books: Store["books"],
  ...[organization, holding, after, limit]: Parameters<EventLog["eventsAbout"]>
): readonly RecordedEvent[] => {
  const book = books.get(organization) ?? newBook();
  return readWithin(textsAt(book, book.about.get(holding), after), spaceFor(limit));
};

/** The same of the events that begin to hold a number, of organizations in this order. */
export const eventsBeginning = (
  books: readonly (readonly [organization: string, book: Book])[],
  ...[e164, after, limit]: Parameters<EventLog["eventsBeginning"]>
): readonly RecordedEvent[] => {
  const texts = books.flatMap(([organization, book]) =>
    textsAt(book, book.begun.get(e164), organization === after.organization ? after.position : 0)
  );
  return readWithin(texts, spaceFor(limit));
};

/** A row as it is returned: callers share no object with the log. */
export const readRow = ({ kind, key, text, work }: StoredRow): Row => ({
  kind,
  key,
  data: JSON.parse(text),
  work: work === null ? null : { automation: work.automation, due: work.due },
});

/** A row as it is stored. Throws what `JSON.stringify` throws. */
export const asText = ({ kind, key, data, work, listing }: WrittenRow): StoredRow => ({
  kind,
  key,
  text: jsonText(data),
  work,
  listing: listing === undefined ? null : structuredClone(listing),
});

type Rows = Map<string, StoredRow>;

const removeBelow = (rows: Rows, { kind, key }: RowKey): void => {
  for (const [name, row] of rows) {
    if (row.kind === kind && compareText(row.key, key) < 0) rows.delete(name);
  }
};

/**
 * What makes these changes, as they are stored, in the order that they have to be made in. Throws
 * what `JSON.stringify` throws.
 */
export const changing = (changes: readonly RowChange[]): (rows: Rows) => void => {
  const { single, below } = partsOf(changes);
  const stored = single.map((change) =>
    [rowName(change), change.change === "put" ? asText(change) : null] as const
  );
  return (rows) => {
    for (const each of below) removeBelow(rows, each);
    for (const [name, row] of stored) {
      if (row === null) rows.delete(name);
      else rows.set(name, row);
    }
  };
};
