/**
 * Rows that say what was there before: of numbers that have ended, when they were there, and every
 * name that an assistant had and every form of a SIP connection. Decisions read none of them.
 */
import type { Fact } from "../../../core/events/vocabulary.ts";
import type { State } from "../../../core/log/state.ts";
import { isEnding } from "../../../core/number/facts.ts";
import { numbers } from "../../../core/number/state.ts";
import type { Assistant, SipConnection } from "../../../core/organization/state.ts";
import type { ListPlace, WrittenRow } from "../../../core/ports/mod.ts";
import { type Instant, type Milliseconds, MINUTE_MS } from "../../../core/values/calendar.ts";
import { listedRow } from "./listed-rows.ts";

/** When a number that has ended was there: from its beginning until before its end. */
export type PastNumber = { readonly from: Instant; readonly until: Instant };

/** What was said of something, and by the event at which position. */
export type Said<Value> = { readonly position: number; readonly value: Value };

/** The kinds of these rows. */
export const PAST = {
  number: "pastNumber",
  assistant: "assistantName",
  sipConnection: "sipConnectionForm",
} as const;

/** Numbers that have ended, by how long they were there: each for less than this. */
export type Life = { readonly group: string; readonly below: Milliseconds };

/** Each class reaches four times as far as the one before it; the last one has no end. */
const LIVES = 13;

/**
 * The classes of numbers that have ended, the shortest first. Of a class, those that were there at a
 * time began less than its length before that, so that few others have to be looked at.
 */
export const LIFE_CLASSES: readonly Life[] = Array.from({ length: LIVES }, (_, place) => ({
  group: String(place),
  below: place === LIVES - 1 ? Number.POSITIVE_INFINITY : MINUTE_MS * 4 ** place,
}));

/** The number as one that has ended, if it was ever there: listed as it was, but by its class. */
const endedRow = (state: State, id: string, until: Instant): readonly WrittenRow[] => {
  const number = state.get(numbers, id);
  if (number === undefined) return [];
  const { createdAt: from } = number;
  const { group } = LIFE_CLASSES.find(({ below }) => until - from < below) ?? {};
  const { listing } = listedRow({ kind: numbers.kind, key: id, data: number, work: null });
  if (until <= from || group === undefined || listing === undefined) return [];
  const data: PastNumber = { from, until };
  return [{ kind: PAST.number, key: id, data, work: null, listing: { ...listing, group } }];
};

/** What an event says of something, listed with it, what was said last first. */
const saidRow = (
  kind: string,
  group: string,
  { at }: Fact,
  data: Said<Assistant | SipConnection>,
): WrittenRow => ({
  kind,
  // Of what was said at the same time, the last counts.
  key: `${at} ${group}`,
  data,
  work: null,
  listing: { sort: 0 - at, group, tags: [] },
});

/** What comes before all that was said up to a time, in the list of what it was said of. */
export const saidUntil = (at: Instant): ListPlace => ({ sort: -1 - at, key: "~" });

/** The rows of the past to which an event leads that was not folded into the state yet. */
export const pastRows = (state: State, event: Fact, position: number): readonly WrittenRow[] => {
  if (isEnding(event)) return endedRow(state, event.data.holding, event.at);
  switch (event.type) {
    case "AssistantNamed": {
      const { assistant: id, name } = event.data;
      return [saidRow(PAST.assistant, id, event, { position, value: { id, name } })];
    }
    case "SipConnectionInstalled": {
      const { data } = event;
      return [saidRow(PAST.sipConnection, data.installation, event, { position, value: data })];
    }
    default:
      return [];
  }
};
