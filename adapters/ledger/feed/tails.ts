/**
 * The ends of the logs that are followed: what is new in a log is read once, however many follow
 * it, and the last of it is kept for all of them.
 */
import type { EventLog, Head } from "../../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { Busy } from "../engine/errors.ts";
import { eventsAfter, ForkedLog } from "./cursor.ts";
import type { Entry, ToEntries } from "./entries.ts";
import { openWakeUp } from "./wake-up.ts";

/** As many entries as are kept, of one log and of all; a follower further behind reads the log. */
const KEPT = { each: 1_000, all: 100_000 };

/** As many events as are read at a time. */
const PAGE = 200;

/** How often all logs are looked at, for notifications that were lost. */
const POLL_MS: Milliseconds = SECOND_MS;

/** How many may follow one log, and all logs, in one process. */
const FOLLOWERS = { each: 2_000, all: 10_000 };

type Log = Pick<EventLog, "events" | "load" | "watch">;

/** The end of one log, as long as it is followed. */
type Tail = {
  readonly organization: string;
  /** The event before the first one that is kept. */
  before: Head;
  readonly kept: Entry[];
  /** What wakes each of its followers. */
  readonly wakes: Set<() => void>;
  /** The reading that is under way. */
  reading: Promise<void> | null;
  /** Whether the log may have more than was read. */
  isStale: boolean;
};

/** One follower of a log. */
export type Follower = {
  /**
   * Entries after what was handled, at most so many; none at the end of the log. Throws a
   * `ForkedLog` where the log never had what was handled.
   */
  readonly after: (handled: Head, limit: number) => Promise<readonly Entry[]>;
  /** Waits until there may be more, for so long at most, or until it is woken. */
  readonly wait: (limit_ms: Milliseconds) => Promise<void>;
  readonly wake: () => void;
  readonly leave: () => void;
};

/** The ends of all logs that are followed. */
export type Tails = {
  /** Begins to follow a log; null after `end`. Rejects with `Busy` where too many do. */
  readonly join: (organization: string) => Promise<Follower | null>;
  /** Wakes all who wait; nobody may join any more. */
  readonly end: () => void;
  readonly isOver: () => boolean;
};

/** What all tails have in common. */
type Shared = {
  readonly log: Log;
  readonly toEntries: ToEntries;
  readonly tails: Map<string, Tail>;
};

const lastOf = ({ kept, before }: Tail): Head => kept[kept.length - 1] ?? before;

const wakeAll = (tail: Tail): void => {
  for (const wake of tail.wakes) wake();
};

/** Reads what is new, and keeps the last of it. */
const advance = async ({ log, toEntries, tails }: Shared, tail: Tail): Promise<void> => {
  while (tail.isStale) {
    tail.isStale = false;
    const entries = await toEntries(
      await eventsAfter(log, tail.organization, lastOf(tail), PAGE),
    );
    if (entries.length === 0) return;
    tail.kept.push(...entries);
    const most = Math.min(KEPT.each, Math.ceil(KEPT.all / tails.size));
    const dropped = tail.kept.splice(0, Math.max(0, tail.kept.length - most));
    tail.before = dropped[dropped.length - 1] ?? tail.before;
    tail.isStale = true;
    wakeAll(tail);
  }
};

/** Brings a tail up to what its log has; once for all who ask meanwhile. */
const refresh = (shared: Shared, tail: Tail): Promise<void> => {
  tail.reading ??= advance(shared, tail).catch((error: unknown) => {
    tail.isStale = true;
    throw error;
  }).finally(() => void (tail.reading = null));
  return tail.reading;
};

/** What was noted may be new: it is read now, and who waits is woken, also to meet an error. */
const note = (shared: Shared, tail: Tail): void => {
  tail.isStale = true;
  refresh(shared, tail).catch(() => wakeAll(tail));
};

/** Those that are kept after an entry; null where it is not among them. */
const keptAfter = (tail: Tail, handled: Head, limit: number): readonly Entry[] | null => {
  const at = handled.position - tail.before.position;
  const found = at === 0 ? tail.before : tail.kept[at - 1];
  if (at < 0 || found === undefined) return null;
  if (handled.hash !== found.hash) throw new ForkedLog(tail.organization, handled, found);
  return tail.kept.slice(at, at + limit);
};

const followerOf = (shared: Shared, tail: Tail, leave: () => void): Follower => {
  const { wake, woken } = openWakeUp();
  tail.wakes.add(wake);
  return {
    after: async (handled, limit) => {
      const { log, toEntries } = shared;
      if (handled.position < tail.before.position) {
        return await toEntries(await eventsAfter(log, tail.organization, handled, limit));
      }
      if (handled.position >= lastOf(tail).position && tail.isStale) await refresh(shared, tail);
      return keptAfter(tail, handled, limit) ??
        await toEntries(await eventsAfter(log, tail.organization, handled, limit));
    },
    wait: woken,
    wake,
    leave: () => {
      if (tail.wakes.delete(wake)) leave();
    },
  };
};

/** Opens the ends of this log's logs; while nobody follows, it does nothing. */
export const openTails = (log: Log, toEntries: ToEntries): Tails => {
  const tails = new Map<string, Tail>();
  const shared = { log, toEntries, tails };
  let followers = 0;
  let isOver = false;
  let stop: (() => void) | null = null;
  const begin = (): void => {
    const unwatch = log.watch(({ organizations }) => {
      const noted = organizations === "many" ? tails.keys() : organizations;
      for (const organization of noted) {
        const tail = tails.get(organization);
        if (tail !== undefined) note(shared, tail);
      }
    });
    const timer = setInterval(() => {
      for (const tail of tails.values()) note(shared, tail);
    }, POLL_MS);
    stop = () => {
      unwatch();
      clearInterval(timer);
      stop = null;
    };
  };
  const leave = (tail: Tail): void => {
    followers -= 1;
    if (tail.wakes.size === 0) tails.delete(tail.organization);
    if (followers === 0) stop?.();
  };
  const newTail = async (organization: string): Promise<Tail> => {
    const { head } = await log.load(organization, {});
    const wakes = new Set<() => void>();
    return { organization, before: head, kept: [], wakes, reading: null, isStale: true };
  };
  return {
    join: async (organization) => {
      if (isOver) return null;
      const there = tails.get(organization)?.wakes.size ?? 0;
      if (there >= FOLLOWERS.each || followers >= FOLLOWERS.all) {
        throw new Busy(`The feed of ${organization}`);
      }
      if (followers++ === 0) begin();
      try {
        const opened = tails.get(organization) ?? await newTail(organization);
        // Another may have come meanwhile.
        const tail = tails.get(organization) ?? opened;
        tails.set(organization, tail);
        return followerOf(shared, tail, () => leave(tail));
      } catch (error) {
        followers -= 1;
        if (followers === 0) stop?.();
        throw error;
      }
    },
    end: () => {
      isOver = true;
      for (const tail of tails.values()) wakeAll(tail);
      stop?.();
    },
    isOver: () => isOver,
  };
};
