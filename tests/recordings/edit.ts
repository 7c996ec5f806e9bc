/** Editing recorded histories, so that faults can be planted in them. */
import { digest } from "../../adapters/log/digest.ts";
import { link } from "../../core/log/chain.ts";
import type { RecordedEvent } from "../../core/ports/mod.ts";
import { type Book, type Call, fateOf, type History, keyOf } from "./recording.ts";

/** An event of a book, with when it was committed. */
type Entry = { readonly event: RecordedEvent; readonly committed_us: number };

export const found = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error("the history has nothing to plant this fault in");
  return value;
};

export const field = (event: RecordedEvent, name: string): unknown =>
  (event.data as Readonly<Record<string, unknown>>)[name];

export const replaceData = (event: RecordedEvent, more: object): RecordedEvent => ({
  ...event,
  data: { ...event.data as object, ...more },
});

/** The events as if they had been appended one after the other: positions and hashes fit. */
export const rechained = (entries: readonly Entry[]): readonly Entry[] => {
  let hash = "";
  return entries.map(({ event, committed_us }, index) => {
    const moved = { ...event, position: index + 1 };
    hash = link(hash, moved, digest);
    return { event: { ...moved, hash }, committed_us };
  });
};

export const editBook = (
  history: History,
  organization: string,
  edit: (entries: readonly Entry[]) => readonly Entry[],
): History => ({
  ...history,
  books: history.books.map((book) => {
    if (book.organization !== organization) return book;
    const entries = book.events.map((event, index) => ({
      event,
      committed_us: found(book.committed_us[index]),
    }));
    const edited = edit(entries);
    return {
      ...book,
      events: edited.map(({ event }) => event),
      committed_us: edited.map(({ committed_us }) => committed_us),
    };
  }),
});

/** The first book with an event that passes, and that event. */
export const eventWhere = (
  { books }: History,
  passes: (event: RecordedEvent, book: Book) => boolean,
): RecordedEvent =>
  found(books.flatMap((book) => book.events.filter((event) => passes(event, book)))[0]);

export const callWhere = ({ calls }: History, passes: (call: Call) => boolean): Call =>
  found(calls.find(passes));

/** The event that a call led to. */
export const eventOf = (history: History, { organization, effect }: Call): RecordedEvent =>
  eventWhere(
    history,
    (event) =>
      event.organization === organization && event.type === effect?.type &&
      (effect.by === "command" ? keyOf(event.command) : field(event, effect.by)) === effect.value,
  );

export const isThere = (history: History, call: Call): boolean => {
  try {
    return eventOf(history, call) !== undefined;
  } catch {
    return false;
  }
};

export const without = (history: History, removed: RecordedEvent): History =>
  editBook(
    history,
    removed.organization,
    (entries) => rechained(entries.filter(({ event }) => event !== removed)),
  );

export const doubled = (history: History, twice: RecordedEvent): History =>
  editBook(
    history,
    twice.organization,
    (entries) =>
      rechained(entries.flatMap((entry) => entry.event === twice ? [entry, entry] : [entry])),
  );

export const replaceCall = (history: History, call: Call, answer: Call["answer"]): History => ({
  ...history,
  calls: history.calls.map((each) => each === call ? { ...call, answer } : each),
});

export const isOf = (type: string) => (call: Call): boolean =>
  fateOf(call) === "done" && call.effect?.type === type;

export const holdingOf = (history: History, call: Call): string =>
  String(field(eventOf(history, call), "holding"));

/** Asks for a list when all is over, and has this answer. */
export const asked = (
  history: History,
  organization: string,
  json: readonly unknown[],
): History => {
  const list = callWhere(history, ({ effect }) => effect === null);
  const late = { begun_ms: Number.MAX_VALUE, ended_ms: Number.MAX_VALUE };
  const answer = { status: 200, json };
  return { ...history, calls: [...history.calls, { ...list, ...late, organization, answer }] };
};

/** Edits what the first reading that saw enough has seen. */
export const editSeen = (
  history: History,
  edit: (seen: History["readings"][number]["seen"]) => History["readings"][number]["seen"],
): History => {
  const reading = found(history.readings.find(({ seen }) => seen.length > 10));
  return {
    ...history,
    readings: history.readings.map((each) =>
      each === reading ? { ...each, seen: edit(each.seen) } : each
    ),
  };
};

/** A number that one organization holds at the end, and another organization. */
export const heldAndOther = (history: History) => {
  const claim = found(history.claims[0]);
  const other = found(
    history.books.find(({ organization, events }) =>
      organization.startsWith("org-") && organization !== claim.organization && events.length > 0
    ),
  );
  return { claim, other };
};
