/** The feed of published events: pages of an organization's, and pages without an end. */
import * as v from "valibot";
import type { EventLog, Head } from "../../../core/ports/mod.ts";
import { PUBLISHED_NAMES } from "../../../core/published/types.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { oneOf } from "../../../core/values/choice.ts";
import type { Scope } from "../../../core/values/claim-key.ts";
import { assertArguments } from "../../validation/argument.ts";
import { exactly, whole } from "../../validation/shapes.ts";
import type { Caller } from "../api/caller.ts";
import type { EventCalls, EventsOptions, EventsPage, FollowEventsOptions } from "../api/events.ts";
import { caller, SignalSchema } from "../arguments/mod.ts";
import { Closed } from "../engine/errors.ts";
import { eventsAfter } from "./cursor.ts";
import { BEGINNING, openEntries, type ToEntries } from "./entries.ts";
import {
  isCursor,
  MAX_EVENTS,
  pageOf,
  placeOf,
  readPage,
  type Source,
  type Wanted,
} from "./feed-pages.ts";
import { openTails, type Tails } from "./tails.ts";
import { untilEnd } from "./wake-up.ts";

/** As long as a page may be waited for. */
const MAX_WAIT_MS: Milliseconds = 60 * SECOND_MS;

/** A follower gets a page without events after so long. */
const IDLE_MS: Milliseconds = 15 * SECOND_MS;

const wish = {
  after: v.optional(v.pipe(
    v.string(),
    v.check(isCursor, "must be the next or the cursor of an earlier page, or latest"),
  )),
  types: v.optional(v.array(oneOf(PUBLISHED_NAMES))),
};

/** What the calls may be given. */
const SCHEMAS = {
  list: {
    caller,
    options: v.optional(exactly({
      ...wish,
      signal: SignalSchema,
      limit: v.optional(whole(1, MAX_EVENTS)),
      waitMs: v.optional(whole(0, MAX_WAIT_MS)),
    })),
  },
  follow: {
    caller,
    options: v.optional(exactly({
      ...wish,
      signal: SignalSchema,
      idleMs: v.optional(whole(1, MAX_WAIT_MS)),
    })),
  },
};

type Log = Pick<EventLog, "events" | "eventsAbout" | "load" | "watch">;

/** What ends a follower: it leaves, or its signal is aborted. */
const openEnding = (signal: AbortSignal | undefined) => {
  const calls: (() => void)[] = [];
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    for (const call of calls) call();
  };
  if (signal?.aborted === true) end();
  else signal?.addEventListener("abort", end);
  const atEnd = (call: () => void): void => {
    calls.push(call);
    if (isOver) call();
  };
  const close = (): void => signal?.removeEventListener("abort", end);
  return { isOver: () => isOver, end, atEnd, close };
};

type Ending = ReturnType<typeof openEnding>;

/** What the feed is read from, and for whom. */
export type FeedParts = {
  readonly log: Log;
  /** What a caller sees. */
  readonly scopeOf: (caller: Caller) => Scope;
};

/** What both calls use. */
type Shared = {
  readonly log: Log;
  readonly toEntries: ToEntries;
  readonly tails: Tails;
  readonly wantedBy: (caller: Caller, options: EventsOptions) => Wanted;
};

const begin = async (log: Log, organization: string, after = BEGINNING): Promise<Head> =>
  placeOf(after) ?? (await log.load(organization, {})).head;

const listWith = (
  { log, toEntries, tails, wantedBy }: Shared,
): EventCalls["list"] =>
async (caller, options = {}) => {
  assertArguments(SCHEMAS.list, [caller, options]);
  if (tails.isOver()) throw new Closed();
  const { limit = MAX_EVENTS, waitMs = 0, signal } = options;
  const wanted = wantedBy(caller, options);
  const { organization } = caller;
  const source: Source = {
    after: async (handled, most) =>
      await toEntries(await eventsAfter(log, organization, handled, most)),
  };
  const until = performance.now() + waitMs;
  let page = await readPage(source, await begin(log, organization, options.after), wanted, limit);
  if (page.events.length > 0 || waitMs === 0) return pageOf(page);
  const ending = openEnding(signal);
  const follower = await tails.join(organization);
  if (follower === null) return pageOf(page);
  ending.atEnd(follower.wake);
  try {
    for (;;) {
      page = await readPage(follower, page.handled, wanted, limit);
      const left_ms = until - performance.now();
      const isOver = left_ms <= 0 || ending.isOver() || tails.isOver();
      if (page.events.length > 0 || isOver) return pageOf(page);
      if (page.isEnd) await follower.wait(left_ms);
    }
  } finally {
    follower.leave();
    ending.close();
  }
};

async function* pagesOf(
  { log, tails, wantedBy }: Shared,
  caller: Caller,
  options: FollowEventsOptions,
  ending: Ending,
): AsyncGenerator<EventsPage, void, undefined> {
  const { idleMs = IDLE_MS } = options;
  const wanted = wantedBy(caller, options);
  const { organization } = caller;
  let handled = await begin(log, organization, options.after);
  const follower = await tails.join(organization);
  if (follower === null) return;
  ending.atEnd(follower.wake);
  try {
    for (let idleSince = performance.now(); !ending.isOver() && !tails.isOver();) {
      const page = await readPage(follower, handled, wanted, MAX_EVENTS);
      handled = page.handled;
      const left_ms = idleSince + idleMs - performance.now();
      if (page.events.length > 0 || left_ms <= 0) {
        yield pageOf(page);
        idleSince = performance.now();
      } else if (page.isEnd) await follower.wait(left_ms);
    }
  } finally {
    follower.leave();
    ending.close();
  }
}

/** The calls of the feed; `end` ends all who follow it. */
export const openPublishedFeed = (
  { log, scopeOf }: FeedParts,
): { readonly events: EventCalls; readonly end: () => void } => {
  const toEntries = openEntries(log);
  const tails = openTails(log, toEntries);
  const wantedBy = (caller: Caller, { types }: EventsOptions): Wanted => ({
    scope: scopeOf(caller),
    types: types === undefined ? null : new Set(types),
  });
  const shared = { log, toEntries, tails, wantedBy };
  return {
    events: {
      list: listWith(shared),
      follow: (caller, options = {}) => {
        assertArguments(SCHEMAS.follow, [caller, options]);
        if (tails.isOver()) throw new Closed();
        const ending = openEnding(options.signal);
        return untilEnd(ending, pagesOf(shared, caller, options, ending));
      },
    },
    end: tails.end,
  };
};
