/**
 * Following the log, organization by organization and by position: whoever keeps the position up to
 * which it has handled an organization's events never misses one that was committed late.
 */
import type { EventLog, RecordedEvent } from "../../core/ports.ts";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import {
  type Ear,
  type Followers,
  openEar,
  openFollowers,
  type Told,
  untilEnd,
} from "./listening.ts";

type Following = {
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** How long it waits to be told of new events before it looks by itself. */
  readonly pollMs?: Milliseconds;
};

export type FollowOptions = Following & {
  /** The last position that was handled; 0 by default, which is none. */
  readonly after?: number;
};

/** The last position that was handled of each organization, by its id: a JSON value. */
export type Cursor = Readonly<Record<string, number>>;

export type FollowAllOptions = Following & {
  /** What was handled; nothing by default. */
  readonly after?: Cursor;
};

/** Some of an organization's next events in order, at least one; `position` is the last one's. */
export type Followed = {
  readonly organization: string;
  readonly events: readonly RecordedEvent[];
  readonly position: number;
};

type Log = Pick<EventLog, "events" | "heads" | "load" | "watch">;

const PAGE = 1_000;

/** How many events an organization gets at a time, until the others had their turn. */
const TURN = 100;

const checkPosition = (organization: string, after: number, end: number): void => {
  if (Number.isSafeInteger(after) && after >= 0 && after <= end) return;
  throw new RangeError(
    `the log of ${organization} has no position ${after}, it ends at ${end}: ` +
      "it is not the log that was followed before",
  );
};

async function* eventsOf(
  log: Log,
  organization: string,
  { after = 0, pollMs = SECOND_MS }: FollowOptions,
  ear: Ear,
): AsyncGenerator<RecordedEvent, void, undefined> {
  try {
    ear.begin();
    const { head } = await log.load(organization, {});
    checkPosition(organization, after, head.position);
    let position = after;
    while (!ear.isOver()) {
      const page = await log.events(organization, position, PAGE);
      for (const event of page) {
        if (ear.isOver()) return;
        yield event;
        position = event.position;
      }
      if (page.length < PAGE) await ear.heard(pollMs);
    }
  } catch (error) {
    // A log that was closed meanwhile cannot be read.
    if (!ear.isOver()) throw error;
  } finally {
    ear.close();
  }
}

/**
 * An organization's events after a position, in order and without a gap, and then new ones as they
 * are appended, whoever appends them, until it is left, the signal is aborted or `followers` are
 * ended. Fails with a RangeError when the log is shorter than what was handled, and with the log's
 * own error when that cannot be read: begin again after the last position handled.
 */
export const follow = (
  log: Log,
  organization: string,
  options: FollowOptions = {},
  followers: Followers = openFollowers(),
): AsyncIterableIterator<RecordedEvent, undefined> => {
  const isOurs = (told: Told): boolean => told === "many" || told.includes(organization);
  const ear = openEar(log, options.signal, followers, isOurs);
  return untilEnd(ear, eventsOf(log, organization, options, ear));
};

/** What is known of all organizations while they are followed. */
type Course = {
  readonly positions: Map<string, number>;
  /** Those that may have new events. */
  readonly waiting: Set<string>;
  /** When all heads are looked at again, by `performance.now()`. */
  nextLook_ms: number;
};

/** Reads a page of heads and notes who has new events. Gives where to go on, null at the end. */
const look = async (
  log: Log,
  { positions, waiting }: Course,
  from: string,
): Promise<string | null> => {
  const page = await log.heads(from, PAGE);
  for (const { organization, head } of page) {
    const position = positions.get(organization) ?? 0;
    checkPosition(organization, position, head.position);
    if (position < head.position) waiting.add(organization);
  }
  return page.length < PAGE ? null : page[page.length - 1]?.organization ?? null;
};

/** An organization's turn; null where it has no new events. */
const turn = async (
  log: Log,
  { positions, waiting }: Course,
  organization: string,
): Promise<Followed | null> => {
  waiting.delete(organization);
  const events = await log.events(organization, positions.get(organization) ?? 0, TURN);
  const position = events[events.length - 1]?.position;
  if (position === undefined) return null;
  positions.set(organization, position);
  if (events.length === TURN) waiting.add(organization);
  return { organization, events, position };
};

async function* turnsOf(
  log: Log,
  course: Course,
  pollMs: Milliseconds,
  ear: Ear,
): AsyncGenerator<Followed, void, undefined> {
  const { waiting } = course;
  try {
    ear.begin();
    let from: string | null = null;
    while (!ear.isOver()) {
      if (from === null && performance.now() >= course.nextLook_ms) {
        from = "";
        course.nextLook_ms = Number.POSITIVE_INFINITY;
      }
      if (from !== null) {
        from = await look(log, course, from);
        if (from === null) {
          course.nextLook_ms = Math.min(course.nextLook_ms, performance.now() + pollMs);
        }
      }
      for (const organization of Array.from(waiting)) {
        const followed = await turn(log, course, organization);
        if (ear.isOver()) return;
        if (followed !== null) yield followed;
      }
      if (from === null && waiting.size === 0) {
        await ear.heard(course.nextLook_ms - performance.now());
      }
    }
  } catch (error) {
    if (!ear.isOver()) throw error;
  } finally {
    ear.close();
  }
}

/**
 * The events of all organizations that there are or will be, some of one organization at a time,
 * each organization's in order and without a gap; no order is promised between organizations. It is
 * fair: while others have new events, an organization gets 100 at a time. To begin again where one
 * was, keep the position of each organization as it comes, once its events are handled: what was
 * handled but not kept comes again, nothing is left out. Ends and fails as `follow` does.
 *
 * At the beginning and every `pollMs` all heads are read, 1,000 at a time; in between, only logs that
 * were told of. In memory there is one position for each organization.
 */
export const followAll = (
  log: Log,
  { after = {}, pollMs = 5 * SECOND_MS, signal }: FollowAllOptions = {},
  followers: Followers = openFollowers(),
): AsyncIterableIterator<Followed, undefined> => {
  const course: Course = {
    positions: new Map(Object.entries(after)),
    waiting: new Set(),
    nextLook_ms: 0,
  };
  const ear = openEar(log, signal, followers, (told) => {
    if (told === "many") course.nextLook_ms = 0;
    else for (const organization of told) course.waiting.add(organization);
    return true;
  });
  return untilEnd(ear, turnsOf(log, course, pollMs, ear));
};
