/** The feed of published events; part of `mod.ts`. */
import type { PublishedEvent, PublishedName } from "../../../core/published/types.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { Caller } from "./caller.ts";

/** A published event, with the place in its organization's feed behind it. */
export type FeedEvent = PublishedEvent & {
  /** What to give as `after` once the event is handled. */
  readonly cursor: string;
};

export type EventsPage = {
  readonly events: readonly FeedEvent[];
  /** What to give as `after` for what follows: there may be nothing yet. */
  readonly next: string;
};

/** Which events are wanted, and from where on. */
export type EventsWish = {
  /**
   * Where to go on: a cursor, `latest` for what happens from now on, or nothing for all that ever
   * happened.
   */
  readonly after?: string | undefined;
  /** Only events of these types; of all by default. */
  readonly types?: readonly PublishedName[] | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
};

export type EventsOptions = EventsWish & {
  /** At most so many; 100 by default, which is also the most. */
  readonly limit?: number | undefined;
  /** How long to wait for an event where there is none; not at all by default, 60 s at most. */
  readonly waitMs?: Milliseconds | undefined;
};

export type FollowEventsOptions = EventsWish & {
  /** After so long without an event there is a page without one; 15 s by default. */
  readonly idleMs?: Milliseconds | undefined;
};

/**
 * What happened to an organization, for programs of others: published events, in order and without
 * a gap. Both calls reject with a `ForkedLog` where the cursor is of another log, as after the
 * restore of a backup: what was handled behind the point where both part never happened in this
 * one.
 */
export interface EventCalls {
  /**
   * A page of events; where none follows `after` yet, it waits for one.
   *
   * @example
   * ```ts
   * const { events, next } = await ledger.events.list(alice, { types: ["number.purchased"] });
   * for (const { type, subject } of events) console.log(type, subject);
   * const later = await ledger.events.list(alice, { after: next, waitMs: 10_000 });
   * ```
   */
  list(caller: Caller, options?: EventsOptions): Promise<EventsPage>;
  /**
   * The same as pages without an end, until it is left or aborted, or the ledger is closed. A page
   * without events says how far the log was read.
   *
   * @example
   * ```ts
   * for await (const { events, next } of ledger.events.follow(alice, { after: "latest" })) {
   *   for (const { type, data } of events) console.log(type, data, next);
   * }
   * ```
   */
  follow(
    caller: Caller,
    options?: FollowEventsOptions,
  ): AsyncIterableIterator<EventsPage, undefined>;
}
