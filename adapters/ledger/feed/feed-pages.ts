/** Pages of published events: which entries of a log they have, and how far they were read. */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { Head } from "../../../core/ports/mod.ts";
import { isWithin, type Scope } from "../../../core/values/claim-key.ts";
import { noSuchPage } from "../../validation/argument.ts";
import type { EventsPage, FeedEvent } from "../api/events.ts";
import { BEGINNING, cursorOf, type Entry } from "./entries.ts";
import type { Follower } from "./tails.ts";

/** The most events of a page. */
export const MAX_EVENTS = 100;

/** As many recorded events as a page reads, where few of them are of its types. */
const MAX_READ = 1_000;

const CURSOR = /^([1-9]\d{0,15})-([0-9a-f]{64})$/;

/** What happens from now on. */
const LATEST = "latest";

/** Whether a text may be given as `after`. */
export const isCursor = (text: string): boolean =>
  text === BEGINNING || text === LATEST || CURSOR.test(text);

/** The place of a cursor; null for `latest`. */
export const placeOf = (cursor: string): Head | null => {
  if (cursor === BEGINNING) return EMPTY_HEAD;
  const [, position = "", hash = ""] = CURSOR.exec(cursor) ?? [];
  if (position === "") return null;
  if (!Number.isSafeInteger(Number(position))) throw noSuchPage("options.after");
  return { position: Number(position), hash };
};

/** Which entries a caller is shown. */
export type Wanted = {
  readonly scope: Scope;
  /** All types, where it is null. */
  readonly types: ReadonlySet<string> | null;
};

const isWanted = (
  entry: Entry,
  { scope, types }: Wanted,
): entry is Entry & { readonly event: FeedEvent } => {
  const { event, world } = entry;
  return event !== null && (types === null || types.has(event.type)) &&
    (world === null || isWithin(scope, world));
};

/** Some events, and how far the log was read for them. */
export type Page = {
  readonly events: readonly FeedEvent[];
  readonly handled: Head;
  /** Whether there is nothing more yet. */
  readonly isEnd: boolean;
};

/** A page as it is given to callers. */
export const pageOf = ({ events, handled }: Page): EventsPage => ({
  events,
  next: cursorOf(handled),
});

/** A feed that is read: by a follower, or from the log alone. */
export type Source = Pick<Follower, "after">;

/** Reads a page after what was handled. */
export const readPage = async (
  source: Source,
  handled: Head,
  wanted: Wanted,
  limit: number,
): Promise<Page> => {
  const events: FeedEvent[] = [];
  let last = handled;
  for (let read = 0; read < MAX_READ;) {
    const entries = await source.after(last, MAX_EVENTS);
    if (entries.length === 0) return { events, handled: last, isEnd: true };
    read += entries.length;
    for (const entry of entries) {
      if (isWanted(entry, wanted)) events.push(entry.event);
      last = { position: entry.position, hash: entry.hash };
      if (events.length === limit) return { events, handled: last, isEnd: false };
    }
  }
  return { events, handled: last, isEnd: false };
};
