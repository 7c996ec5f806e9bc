/** What a follower of the log waits by, and what ends it. */
import type { EventLog } from "../../../core/ports/mod.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { Closed } from "../engine/errors.ts";

/** Lets one caller wait until it is woken; not at all if it was woken since the last wait. */
export const openWakeUp = () => {
  let isWoken = false;
  let resume = (): void => {};
  return {
    wake: (): void => {
      isWoken = true;
      resume();
    },
    woken: async (limit_ms: Milliseconds): Promise<void> => {
      if (!isWoken) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        await new Promise<void>((resolve) => {
          resume = resolve;
          timer = setTimeout(resolve, limit_ms);
        });
        clearTimeout(timer);
      }
      isWoken = false;
    },
  };
};

/** The organizations that a notification names. */
export type Notified = Parameters<Parameters<EventLog["watch"]>[0]>[0]["organizations"];

/** The followers of a log, which may be closed while they follow. */
export type Followers = {
  /**
   * Adds a follower to be ended with the others, until the returned function is called. Throws when
   * they were ended.
   */
  join(end: () => void): () => void;
};

/** Begins with no followers; `end` ends all of them, and later ones are refused as `Closed`. */
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

/** What a follower waits on: it is notified of appends, and that it is to end. */
export type Listener = {
  /** Begins to listen; earlier notifications are not received. */
  begin(): void;
  /** Resolves when there may be something new, or it is over, or so much time went by. */
  notified(limit_ms: Milliseconds): Promise<void>;
  isOver(): boolean;
  /** Ends it from outside, also for a caller that is waiting. */
  end(): void;
  /** Sets the function that is called when it is ended from outside. */
  atEnd(call: () => void): void;
  /** Stops listening. */
  close(): void;
};

/** Opens a listener; `note` is called on appends, and says whether they are of interest. */
export const openListener = (
  log: Pick<EventLog, "watch">,
  signal: AbortSignal | undefined,
  followers: Followers,
  note: (notified: Notified) => boolean,
): Listener => {
  const { wake, woken } = openWakeUp();
  const leaves: (() => void)[] = [];
  let onEnd = (): void => {};
  let isOver = false;
  const close = (): void => {
    for (const leave of leaves.splice(0)) leave();
  };
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    close();
    onEnd();
    wake();
  };
  return {
    begin: () => {
      if (signal?.aborted === true) return end();
      leaves.push(followers.join(end));
      leaves.push(log.watch(({ organizations }) => {
        if (note(organizations)) wake();
      }));
      signal?.addEventListener("abort", end);
      leaves.push(() => signal?.removeEventListener("abort", end));
    },
    notified: woken,
    isOver: () => isOver,
    end,
    atEnd: (call) => {
      onEnd = call;
    },
    close,
  };
};

type Answer<Item> = IteratorResult<Item, undefined>;

/**
 * These items until the listener ends, when pending calls of `next` are answered: in a plain
 * generator, `return` would wait behind a `next` for an event that may never come.
 */
export const untilEnd = <Item>(
  listener: Pick<Listener, "atEnd" | "end" | "isOver">,
  items: AsyncGenerator<Item, void, undefined>,
): AsyncIterableIterator<Item, undefined> => {
  const over: Answer<Item> = { done: true, value: undefined };
  const waiting = new Set<(answer: Answer<Item>) => void>();
  listener.atEnd(() => {
    for (const answer of waiting) answer(over);
  });
  const iterator: AsyncIterableIterator<Item, undefined> = {
    next: () => {
      if (listener.isOver()) return Promise.resolve(over);
      return new Promise<Answer<Item>>((resolve, reject) => {
        waiting.add(resolve);
        items.next()
          .then((next) => resolve(next.done === true ? over : next), reject)
          .finally(() => waiting.delete(resolve));
      });
    },
    return: () => {
      listener.end();
      return Promise.resolve(over);
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
};
