/** The entries of an organization's prepaid credits, read from its log. */
import * as Effect from "effect/Effect";
import { toFact } from "../../../core/events/vocabulary.ts";
import { eventsUpTo } from "../../../core/log/pages.ts";
import {
  canMoveCredits,
  type CreditEntry,
  movementOf,
} from "../../../core/organization/credits.ts";
import type { RecordedEvent } from "../../../core/ports/mod.ts";
import { noSuchPage } from "../../validation/argument.ts";
import type { Caller, CreditPage, CreditPageOptions } from "../api/mod.ts";
import { scopeOf } from "../engine/scope.ts";
import { ask, Ports } from "../engine/services.ts";
import { openSlices, type SlicedLog } from "../engine/slices.ts";
import { inPastTurn } from "./views.ts";

/** The default number of entries on a page. */
const ENTRIES = 50;

/** So many events are read at a time, and for one page: most events of a log move no credits. */
const EVENTS_AT_ONCE = 64;
const EVENTS_PER_PAGE = 2_048;

const entryOf = (event: RecordedEvent): CreditEntry | undefined => {
  if (!canMoveCredits(event.type)) return undefined;
  const { position, hash, at } = event;
  const movement = movementOf(toFact(event));
  return movement && { id: hash, position, at, ...movement };
};

/**
 * Reads from the end of the log, or from before a position, back to its beginning, until the page
 * is full or so many events were read. No index knows which events move credits, so a page costs at
 * most that, however long the log is, and the next one goes on where it ended.
 */
const readEntries = async (
  { log }: { readonly log: SlicedLog["log"] },
  organization: string,
  last: number,
  limit: number,
): Promise<CreditPage> => {
  const giveTurn = openSlices();
  const entries: CreditEntry[] = [];
  const end = Math.max(0, last - EVENTS_PER_PAGE);
  let left = last;
  while (left > end && entries.length < limit) {
    const after = Math.max(end, left - EVENTS_AT_ONCE);
    const events = await eventsUpTo(log, organization, after, left);
    for (const event of events.toReversed()) {
      if (entries.length === limit) break;
      left = event.position - 1;
      const entry = entryOf(event);
      if (entry !== undefined) entries.push(entry);
    }
    if (events.length === 0) break;
    await giveTurn();
  }
  return { entries, next: left > 0 ? left + 1 : null };
};

/**
 * Whether a page can have ended at a position: with an entry, or where so many events were read.
 * The head only grows, so what was given stays good.
 */
const isEnd = async (
  { log }: { readonly log: SlicedLog["log"] },
  organization: string,
  position: number,
  head: number,
): Promise<boolean> => {
  if (position < 2) return false;
  if (position + EVENTS_PER_PAGE - 1 <= head) return true;
  const [event] = await eventsUpTo(log, organization, position - 1, position);
  return event !== undefined && entryOf(event) !== undefined;
};

/** What is shown where the numbers belong to the other world: all but which they are. */
const withoutNumbers = ({ entries, next }: CreditPage): CreditPage => ({
  entries: entries.map((entry) => ({ ...entry, holding: null })),
  next,
});

/**
 * A page of what moved the organization's credits, the latest first. Pages are by position, so none
 * is shown twice and none is left out, whatever is appended meanwhile. The sandbox beside a live
 * carrier costs nothing: its callers see what was paid, and not for which live numbers.
 */
export const listCredits = Effect.fnUntraced(function* (
  caller: Caller,
  { before, limit = ENTRIES }: CreditPageOptions,
) {
  const { organization } = caller;
  const { log } = yield* Ports;
  const scope = yield* scopeOf(caller);
  const reading = ask(async () => {
    const { head: { position } } = await log.load(organization, {});
    if (before === undefined) return await readEntries({ log }, organization, position, limit);
    if (!(await isEnd({ log }, organization, before, position))) return null;
    return await readEntries({ log }, organization, before - 1, limit);
  });
  const page = yield* inPastTurn(organization, reading, "credits");
  if (page === null) throw noSuchPage("page.before");
  return scope === "sandbox" ? withoutNumbers(page) : page;
});
