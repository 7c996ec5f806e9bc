/** What the log in memory is made of, and how its parts are read and written. */
import { jsonText } from "../../../core/values/text.ts";
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type {
  Claim,
  Head,
  RecordedEvent,
  Row,
  RowChange,
  RowKey,
  Work,
} from "../../../core/ports/mod.ts";
import type { ClaimKey } from "../../../core/values/claim-key.ts";
import { PAGE_BYTES } from "../page.ts";
import { rowName } from "../append-checks.ts";

/** A row with its data as JSON. */
export type StoredRow = RowKey & { readonly text: string; readonly work: Work | null };

/** An organization's log: its head, its events as JSON, its state rows by name. */
export type Book = {
  head: Head;
  readonly events: string[];
  readonly commands: Map<string, { fingerprint: string; after: number; count: number }>;
  readonly rows: Map<string, StoredRow>;
};

/** All organizations' logs and rows, and all claims. */
export type Store = { readonly books: Map<string, Book>; readonly claims: Map<ClaimKey, Claim> };

/** An organization's log before anything has happened. */
export const newBook = (): Book => ({
  head: EMPTY_HEAD,
  events: [],
  commands: new Map(),
  rows: new Map(),
});

/** Events after a position, `count` of them if there are so many. */
export const readEvents = (book: Book, after: number, count: number): readonly RecordedEvent[] =>
  book.events.slice(after, after + count).map((text) => JSON.parse(text));

/** How much more goes into a page, in events and in characters of JSON. */
export type Space = { limit: number; bytes: number };

/** Space for a page of at most `limit` events. */
export const spaceFor = (limit: number): Space => ({ limit, bytes: PAGE_BYTES });

/** As many events after a position as there is space for; reduces the space by them. */
export const readPage = (book: Book, after: number, space: Space): readonly RecordedEvent[] => {
  let to = after;
  for (let text = book.events[to]; text !== undefined; text = book.events[to]) {
    if (space.limit <= 0 || space.bytes <= 0) break;
    space.limit -= 1;
    space.bytes -= text.length;
    to += 1;
  }
  return readEvents(book, after, to - after);
};

/** A page of events after a position, of an organization that may be empty. */
export const eventsOf = (
  books: Store["books"],
  organization: string,
  after: number,
  limit: number,
): readonly RecordedEvent[] =>
  readPage(books.get(organization) ?? newBook(), after, spaceFor(limit));

/** A row as it is returned: callers share no object with the log. */
export const readRow = ({ kind, key, text, work }: StoredRow): Row => ({
  kind,
  key,
  data: JSON.parse(text),
  work: work === null ? null : { automation: work.automation, due: work.due },
});

/** A row as it is stored. Throws what `JSON.stringify` throws. */
export const asText = ({ kind, key, data, work }: Row): StoredRow => ({
  kind,
  key,
  text: jsonText(data),
  work,
});

/** A change of a row by its name: the row as it is stored, or null for one that is removed. */
export type StoredChange = readonly [name: string, row: StoredRow | null];

/** A change as it is stored. Throws what `JSON.stringify` throws. */
export const asStored = (change: RowChange): StoredChange => [
  rowName(change),
  change.change === "put" ? asText(change) : null,
];

/** Puts or removes a row. */
export const changeRow = (book: Pick<Book, "rows">, [name, row]: StoredChange): void => {
  if (row === null) book.rows.delete(name);
  else book.rows.set(name, row);
};
