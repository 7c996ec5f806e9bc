/** What a follower of the log waits by, and what ends it. */
import type { EventLog } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { Closed } from "../engine/errors.ts";

/** Lets somebody wait until it rings; when it rang since the last time, for no time at all. */
const openBell = () => {
  let hasRung = false;
  let wake = (): void => {};
  return {
    ring: (): void => {
      hasRung = true;
      wake();
    },
    heard: async (limit_ms: Milliseconds): Promise<void> => {
      if (!hasRung) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, limit_ms);
        });
        clearTimeout(timer);
      }
      hasRung = false;
    },
  };
};

/** Whose logs a watcher was told of. */
export type Told = Parameters<Parameters<EventLog["watch"]>[0]>[0]["organizations"];

/** Those who follow a log that may be closed under them. */
export type Followers = {
  /** Has it ended with the others, until what it gives is called. Throws when they were ended. */
  join(end: () => void): () => void;
};

/** Begins with nobody who follows; `end` ends all of them, and whoever comes later is `Closed`. */
export const openFollowers = (): Followers & { end(): void } => {
  const ends = new Set<() => void>();
  let areOver = false;
  return {
    join: (end) => {
      if (areOver) throw new Closed();
      ends.add(end);
      return () => void ends.delete(end);
    },
    end: () => {
      areOver = true;
      for (const end of ends) end();
    },
  };
};

/** What a follower hears: that there may be something new for it, and that it is to end. */
export type Ear = {
  /** Begins to listen; what it was told of before is not heard. */
  begin(): void;
  /** Resolves when there may be something new, or it is over, or so much time went by. */
  heard(limit_ms: Milliseconds): Promise<void>;
  isOver(): boolean;
  /** Ends it from without, for whoever waits as well. */
  end(): void;
  /** Is called when it is ended from without. */
  atEnd(call: () => void): void;
  /** Listens no more. */
  close(): void;
};

/** Opens an ear; `note` is told of appends, and says whether they are of interest. */
export const openEar = (
  log: Pick<EventLog, "watch">,
  signal: AbortSignal | undefined,
  followers: Followers,
  note: (told: Told) => boolean,
): Ear => {
  const { ring, heard } = openBell();
  const leaves: (() => void)[] = [];
  let tell = (): void => {};
  let isOver = false;
  const close = (): void => {
    for (const leave of leaves.splice(0)) leave();
  };
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    close();
    tell();
    ring();
  };
  return {
    begin: () => {
      if (signal?.aborted === true) return end();
      leaves.push(followers.join(end));
      leaves.push(log.watch(({ organizations }) => {
        if (note(organizations)) ring();
      }));
      signal?.addEventListener("abort", end);
      leaves.push(() => signal?.removeEventListener("abort", end));
    },
    heard,
    isOver: () => isOver,
    end,
    atEnd: (call) => {
      tell = call;
    },
    close,
  };
};

type Answer<Item> = IteratorResult<Item, undefined>;

/**
 * These items until the ear's end, at which whoever waits for one has an answer: a generator by
 * itself would have its `return` wait behind a `next` for an event that may never come.
 */
export const untilEnd = <Item>(
  ear: Ear,
  items: AsyncGenerator<Item, void, undefined>,
): AsyncIterableIterator<Item, undefined> => {
  const over: Answer<Item> = { done: true, value: undefined };
  const waiting = new Set<(answer: Answer<Item>) => void>();
  ear.atEnd(() => {
    for (const answer of waiting) answer(over);
  });
  const iterator: AsyncIterableIterator<Item, undefined> = {
    next: () => {
      if (ear.isOver()) return Promise.resolve(over);
      return new Promise<Answer<Item>>((resolve, reject) => {
        waiting.add(resolve);
        items.next()
          .then((next) => resolve(next.done === true ? over : next), reject)
          .finally(() => waiting.delete(resolve));
      });
    },
    return: () => {
      ear.end();
      return Promise.resolve(over);
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
};
