/**
 * Following the log, organization by organization and by position: a program that keeps the
 * position up to which it has handled an organization's events never misses one that was committed
 * late.
 */
import { EMPTY_HEAD } from "../../../core/log/chain.ts";
import type { EventLog, Head, RecordedEvent } from "../../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { FollowAllOptions, Followed, FollowOptions } from "../api/feed.ts";
import { assertReaches, eventsAfter, headOfMark } from "./cursor.ts";
import {
  type Followers,
  type Listener,
  type Notified,
  openFollowers,
  openListener,
  untilEnd,
} from "./wake-up.ts";

type Log = Pick<EventLog, "events" | "heads" | "load" | "watch">;

const PAGE = 1_000;

/** How many events an organization gets at a time, until the others had their turn. */
const TURN = 100;

/** Events after those that were handled, until the log reaches as far as this head. */
async function* eventsUpTo(
  log: Log,
  organization: string,
  handled: Head,
  head: Head,
): AsyncGenerator<RecordedEvent, void, undefined> {
  let last = handled;
  while (last.position < head.position) {
    const page = await eventsAfter(log, organization, last, PAGE);
    yield* page;
    const end = page[page.length - 1];
    if (end === undefined) return;
    last = end;
  }
}

async function* eventsOf(
  log: Log,
  organization: string,
  { after = 0, pollMs = SECOND_MS }: FollowOptions,
  listener: Listener,
): AsyncGenerator<RecordedEvent, void, undefined> {
  try {
    listener.begin();
    let handled = headOfMark(organization, after);
    while (!listener.isOver()) {
      const { head } = await log.load(organization, {});
      assertReaches(organization, handled, head);
      for await (const event of eventsUpTo(log, organization, handled, head)) {
        if (listener.isOver()) return;
        yield event;
        handled = { position: event.position, hash: event.hash };
      }
      await listener.notified(pollMs);
    }
  } catch (error) {
    // A log that was closed meanwhile cannot be read.
    if (!listener.isOver()) throw error;
  } finally {
    listener.close();
  }
}

/**
 * An organization's events after a position, in order and without a gap, and then new ones as they
 * are appended, by any writer, until it is left, the signal is aborted or `followers` are ended.
 * Fails with a `ForkedLog` when the log is not the one that was followed before, and with the log's
 * own error when that cannot be read: begin again after the last event handled.
 */
export const follow = (
  log: Log,
  organization: string,
  options: FollowOptions = {},
  followers: Followers = openFollowers(),
): AsyncIterableIterator<RecordedEvent, undefined> => {
  const isOurs = (notified: Notified): boolean =>
    notified === "many" || notified.includes(organization);
  const listener = openListener(log, options.signal, followers, isOurs);
  return untilEnd(listener, eventsOf(log, organization, options, listener));
};

/** What is known of all organizations while they are followed. */
type Course = {
  /** What was handled of each, or found to be there; without a hash where that is not known. */
  readonly handled: Map<string, Head>;
  /** Those that are known, and that the poll of all heads has not met yet. */
  unseen: Set<string>;
  /** Those that may have new events. */
  readonly waiting: Set<string>;
  /** When all heads are polled again, by `performance.now()`. */
  nextPoll_ms: number;
};

/** Reads a page of heads and notes who has new events. Gives where to go on, null at the end. */
const pollHeads = async (
  log: Log,
  course: Course,
  from: string,
): Promise<string | null> => {
  const { handled, waiting } = course;
  if (from === "") course.unseen = new Set(handled.keys());
  const { unseen } = course;
  const page = await log.heads(from, PAGE);
  for (const { organization, head } of page) {
    const last = handled.get(organization) ?? EMPTY_HEAD;
    unseen.delete(organization);
    assertReaches(organization, last, head);
    if (last.position < head.position) waiting.add(organization);
  }
  const end = page[page.length - 1];
  if (end !== undefined) return end.organization;
  // A log that was followed and is not there at all ended before its first event.
  for (const organization of unseen) {
    assertReaches(organization, handled.get(organization) ?? EMPTY_HEAD, EMPTY_HEAD);
  }
  return null;
};

/** An organization's turn; null where it has no new events. */
const turn = async (
  log: Log,
  { handled, waiting }: Course,
  organization: string,
): Promise<Followed | null> => {
  waiting.delete(organization);
  const before = handled.get(organization) ?? EMPTY_HEAD;
  const events = await eventsAfter(log, organization, before, TURN);
  const last = events[events.length - 1];
  if (last === undefined) return null;
  const head = { position: last.position, hash: last.hash };
  handled.set(organization, head);
  // However few they are, there may be more: large events make a page short.
  waiting.add(organization);
  return { organization, events, position: head.position, head };
};

async function* turnsOf(
  log: Log,
  course: Course,
  pollMs: Milliseconds,
  listener: Listener,
): AsyncGenerator<Followed, void, undefined> {
  const { waiting } = course;
  try {
    listener.begin();
    let from: string | null = null;
    while (!listener.isOver()) {
      if (from === null && performance.now() >= course.nextPoll_ms) {
        from = "";
        course.nextPoll_ms = Number.POSITIVE_INFINITY;
      }
      if (from !== null) {
        from = await pollHeads(log, course, from);
        if (from === null) {
          course.nextPoll_ms = Math.min(course.nextPoll_ms, performance.now() + pollMs);
        }
      }
      for (const organization of Array.from(waiting)) {
        const followed = await turn(log, course, organization);
        if (listener.isOver()) return;
        if (followed !== null) yield followed;
      }
      if (from === null && waiting.size === 0) {
        await listener.notified(course.nextPoll_ms - performance.now());
      }
    }
  } catch (error) {
    if (!listener.isOver()) throw error;
  } finally {
    listener.close();
  }
}

/**
 * The events of all organizations that there are or will be, some of one organization at a time,
 * each organization's in order and without a gap; no order is promised between organizations. It is
 * fair: while others have new events, an organization gets 100 at a time. To resume later, keep the
 * head of each organization once its events are handled: what was handled but not kept is delivered
 * again, nothing is left out. Ends and fails as `follow` does.
 *
 * At the beginning and every `pollMs` all heads are read, 1,000 at a time; in between, only logs
 * named in a notification. In memory there is one head for each organization.
 */
export const followAll = (
  log: Log,
  { after = {}, pollMs = 5 * SECOND_MS, signal }: FollowAllOptions = {},
  followers: Followers = openFollowers(),
): AsyncIterableIterator<Followed, undefined> => {
  const handled = new Map(
    Object.entries(after).map(([id, mark]) => [id, headOfMark(id, mark)]),
  );
  const course: Course = {
    handled,
    unseen: new Set(),
    waiting: new Set(),
    nextPoll_ms: 0,
  };
  const listener = openListener(log, signal, followers, (notified) => {
    if (notified === "many") course.nextPoll_ms = 0;
    else for (const organization of notified) course.waiting.add(organization);
    return true;
  });
  return untilEnd(listener, turnsOf(log, course, pollMs, listener));
};
