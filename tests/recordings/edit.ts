/** Editing recordings, so that faults can be planted in them. */
import { digest } from "../../adapters/log/digest.ts";
import { link } from "../../core/log/chain.ts";
import type { RecordedEvent } from "../../core/ports/mod.ts";
import { type Book, type Call, fateOf, keyOf, type Recording } from "./recording.ts";

/** An event of a book, with when it was committed. */
type Entry = { readonly event: RecordedEvent; readonly committed_us: number };

export const found = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error("the recording has nothing to plant this fault in");
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
  recording: Recording,
  organization: string,
  edit: (entries: readonly Entry[]) => readonly Entry[],
): Recording => ({
  ...recording,
  books: recording.books.map((book) => {
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
  { books }: Recording,
  passes: (event: RecordedEvent, book: Book) => boolean,
): RecordedEvent =>
  found(books.flatMap((book) => book.events.filter((event) => passes(event, book)))[0]);

export const callWhere = ({ calls }: Recording, passes: (call: Call) => boolean): Call =>
  found(calls.find(passes));

/** The event that a call led to. */
export const eventOf = (recording: Recording, { organization, effect }: Call): RecordedEvent =>
  eventWhere(
    recording,
    (event) =>
      event.organization === organization && event.type === effect?.type &&
      (effect.by === "command" ? keyOf(event.command) : field(event, effect.by)) === effect.value,
  );

export const isThere = (recording: Recording, call: Call): boolean => {
  try {
    return eventOf(recording, call) !== undefined;
  } catch {
    return false;
  }
};

export const without = (recording: Recording, removed: RecordedEvent): Recording =>
  editBook(
    recording,
    removed.organization,
    (entries) => rechained(entries.filter(({ event }) => event !== removed)),
  );

export const doubled = (recording: Recording, twice: RecordedEvent): Recording =>
  editBook(
    recording,
    twice.organization,
    (entries) =>
      rechained(entries.flatMap((entry) => entry.event === twice ? [entry, entry] : [entry])),
  );

export const replaceCall = (
  recording: Recording,
  call: Call,
  answer: Call["answer"],
): Recording => ({
  ...recording,
  calls: recording.calls.map((each) => each === call ? { ...call, answer } : each),
});

export const isOf = (type: string) => (call: Call): boolean =>
  fateOf(call) === "done" && call.effect?.type === type;

export const holdingOf = (recording: Recording, call: Call): string =>
  String(field(eventOf(recording, call), "holding"));

/** Asks for a list when all is over, and has this answer. */
export const asked = (
  recording: Recording,
  organization: string,
  json: readonly unknown[],
): Recording => {
  const list = callWhere(recording, ({ effect }) => effect === null);
  const late = { begun_ms: Number.MAX_VALUE, ended_ms: Number.MAX_VALUE };
  const answer = { status: 200, json };
  return { ...recording, calls: [...recording.calls, { ...list, ...late, organization, answer }] };
};

/** Edits what the first reading that saw enough has seen. */
export const editSeen = (
  recording: Recording,
  edit: (seen: Recording["readings"][number]["seen"]) => Recording["readings"][number]["seen"],
): Recording => {
  const reading = found(recording.readings.find(({ seen }) => seen.length > 10));
  return {
    ...recording,
    readings: recording.readings.map((each) =>
      each === reading ? { ...each, seen: edit(each.seen) } : each
    ),
  };
};

/** A number that one organization holds at the end, and another organization. */
export const heldAndOther = (recording: Recording) => {
  const claim = found(recording.claims[0]);
  const other = found(
    recording.books.find(({ organization, events }) =>
      organization.startsWith("org-") && organization !== claim.organization && events.length > 0
    ),
  );
  return { claim, other };
};
