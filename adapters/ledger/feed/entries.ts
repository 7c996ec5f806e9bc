/** Recorded events as the feed sees them: with what of each is published, and for which world. */
import { holdingIn, isPublished, originIn, published } from "../../../core/published/publish.ts";
import type { NumberOrigin } from "../../../core/published/definition.ts";
import type { FeedEvent } from "../api/events.ts";
import { type Fact, toFact } from "../../../core/events/vocabulary.ts";
import type { EventLog, Head, RecordedEvent } from "../../../core/ports/mod.ts";
import type { World } from "../../../core/values/claim-key.ts";
import { openRecent } from "../../../core/values/recent.ts";

/** A place in an organization's log, and what is published there. */
export type Entry = Head & {
  /** Null where the event stays within; one object for all who follow. */
  readonly event: FeedEvent | null;
  /** The world of the number that it is about; null where it is about none. */
  readonly world: World | null;
};

/** The place at the beginning of every feed, as text. */
export const BEGINNING = "0";

/** A place in a feed as text. */
export const cursorOf = ({ position, hash }: Head): string =>
  position === 0 ? BEGINNING : `${position}-${hash}`;

/** Makes entries of an organization's recorded events, in order. */
export type ToEntries = (events: readonly RecordedEvent[]) => Promise<readonly Entry[]>;

/** As many numbers' first events as are remembered; each is a few hundred bytes. */
const MAX_ORIGINS = 10_000;

/** As many first events as are read at the same time. */
const AT_A_TIME = 8;

type Log = Pick<EventLog, "eventsAbout">;

const keyOf = (organization: string, holding: string): string =>
  JSON.stringify([organization, holding]);

/** What the first event of a number says, which never changes. */
const readOrigin = async (
  log: Log,
  organization: string,
  holding: string,
): Promise<NumberOrigin> => {
  const [first] = await log.eventsAbout(organization, holding, 0, 1);
  const origin = first === undefined ? null : originIn(toFact(first));
  if (origin === null) throw new Error(`The log of ${organization} does not begin ${holding}`);
  return origin;
};

/** Makes entries; it remembers the first events of numbers. */
export const openEntries = (log: Log): ToEntries => {
  const origins = openRecent<NumberOrigin>({ limit: MAX_ORIGINS });
  /** The origins of the numbers that these facts are about, by number. */
  const originsOf = async (organization: string, facts: readonly Fact[]) => {
    const found = new Map<string, NumberOrigin>();
    const missing = new Set<string>();
    for (const fact of facts) {
      const holding = holdingIn(fact);
      if (holding === null || found.has(holding) || !isPublished(fact.type)) continue;
      const known = originIn(fact) ?? origins.get(keyOf(organization, holding));
      if (known === undefined) missing.add(holding);
      else found.set(holding, known);
    }
    const unread = [...missing].filter((holding) => !found.has(holding));
    for (let at = 0; at < unread.length; at += AT_A_TIME) {
      await Promise.all(
        unread.slice(at, at + AT_A_TIME).map(async (holding) => {
          found.set(holding, await readOrigin(log, organization, holding));
        }),
      );
    }
    for (const [holding, origin] of found) origins.set(keyOf(organization, holding), origin);
    return found;
  };
  return async (events) => {
    const [first] = events;
    if (first === undefined) return [];
    const { organization } = first;
    const facts = events.map(toFact);
    const numbers = await originsOf(organization, facts);
    return events.map(({ position, hash }, at) => {
      const fact = facts[at] as Fact;
      const number = numbers.get(holdingIn(fact) ?? "") ?? null;
      const event = published(fact, { organization, hash }, number);
      return {
        position,
        hash,
        event: event && { ...event, cursor: cursorOf({ position, hash }) },
        world: number?.world ?? null,
      };
    });
  };
};
