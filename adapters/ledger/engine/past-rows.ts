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
import type { E164 } from "../../../core/values/e164.ts";
import { tagsOf } from "./listed-rows.ts";

/** A number that has ended: it was there from its beginning until before its end. */
export type PastNumber = {
  readonly e164: E164;
  readonly from: Instant;
  readonly until: Instant;
};

/** An earlier or the last version of an entity, and the position of the event that gave it. */
export type Version<Value> = { readonly position: number; readonly value: Value };

/** The kinds of these rows. */
export const PAST = {
  number: "pastNumber",
  assistant: "assistantName",
  sipConnection: "sipConnectionForm",
} as const;

/** Numbers that have ended, by how long they were there: each for less than this. */
type Life = { readonly group: string; readonly below: Milliseconds };

/** The longest is longer than any time between two instants. */
const LIVES = 24;
const LONGEST: Milliseconds = Number.MAX_SAFE_INTEGER;

/**
 * The classes of numbers that have ended, the longest first; each reaches twice as far as the next.
 * Of a class, those that were there at a time began less than its length before that, so that few
 * others have to be looked at.
 */
export const LIFE_CLASSES: readonly Life[] = Array.from({ length: LIVES }, (_, place) => ({
  group: String(LIVES - place),
  below: place === 0 ? LONGEST : MINUTE_MS * 2 ** (LIVES - 1 - place),
}));

/**
 * The number as one that has ended, if it was ever there: listed as it was, but by its class. Its
 * texts are left out: they take long to make, and there is no end of numbers that have ended.
 */
const endedRow = (state: State, id: string, until: Instant): readonly WrittenRow[] => {
  const number = state.get(numbers, id);
  if (number === undefined) return [];
  const { createdAt: from, e164 } = number;
  const life = LIFE_CLASSES.findLast(({ below }) => until - from < below);
  if (until <= from || life === undefined) return [];
  const data: PastNumber = { e164, from, until };
  const listing = { sort: from, group: life.group, tags: tagsOf(number) };
  return [{ kind: PAST.number, key: id, data, work: null, listing }];
};

/** A version of an entity, in the group of all its versions, the latest first. */
const versionRow = (
  kind: string,
  group: string,
  { at }: Fact,
  data: Version<Assistant | SipConnection>,
): WrittenRow => ({
  kind,
  // Of two of the same time, the last counts.
  key: `${at} ${group}`,
  data,
  work: null,
  listing: { sort: 0 - at, group, tags: [] },
});

/** The place before all versions up to a time, in the list of an entity's versions. */
export const versionsUntil = (at: Instant): ListPlace => ({ sort: -1 - at, key: "~" });

/** The rows of the past to which an event leads that was not folded into the state yet. */
export const pastRows = (state: State, event: Fact, position: number): readonly WrittenRow[] => {
  if (isEnding(event)) return endedRow(state, event.data.holding, event.at);
  if (event.type === "AssistantNamed") {
    const { assistant: id, name } = event.data;
    return [versionRow(PAST.assistant, id, event, { position, value: { id, name } })];
  }
  if (event.type !== "SipConnectionInstalled") return [];
  const { data } = event;
  return [versionRow(PAST.sipConnection, data.installation, event, { position, value: data })];
};
