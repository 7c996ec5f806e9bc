/** Long work is done in slices, between which other requests have their turn. */
import { eventsOf } from "../../../core/log/pages.ts";
import type { EventLog, RecordedEvent } from "../../../core/ports/mod.ts";
import { type Milliseconds } from "../../../core/values/calendar.ts";
import type { Closing } from "./close-signal.ts";

/** About how long a slice takes. */
const SLICE_MS: Milliseconds = 10;

/** The longest pause, also after the process was stopped in a slice or the machine slept. */
const LONGEST_PAUSE_MS: Milliseconds = 250;

/** Waits for so long; no longer once the ledger closes. */
const pause = (ms: Milliseconds, closing?: Closing): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => end(), closing?.isClosed() === true ? 0 : ms);
    const forget = closing?.onClose(() => end());
    const end = (): void => {
      clearTimeout(timer);
      forget?.();
      resolve();
    };
  });

/** Resolves after one turn of the event loop, on every runtime. */
export const eventLoopTurn = (): Promise<void> =>
  new Promise((resolve) => void (globalThis.setImmediate ?? setTimeout)(() => resolve()));

/** Gives others their turn whenever a slice's time is over. Call it often. */
export const openSlices = (): () => Promise<void> => {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < SLICE_MS) return;
    await pause(0);
    begun = performance.now();
  };
};

/** How often it is checked whether others have their turn. */
const TICK_MS: Milliseconds = 5;

/**
 * Measures for how long nothing else had a turn, excluding time spent waiting for a database.
 * Between `begin` and `end` a timer looks, since what is awaited may hold the process or not; at
 * other times all counts.
 */
const openHeld = () => {
  let [held, last] = [0, performance.now()];
  /** Notes what has passed; `free` of it is others'. */
  const note = (free: Milliseconds): void => {
    const now = performance.now();
    held += Math.max(0, now - last - free);
    last = now;
  };
  return {
    during: async <Value>(waiting: () => Promise<Value>): Promise<Value> => {
      note(0);
      const timer = setInterval(() => note(TICK_MS), TICK_MS);
      // What is never answered must not keep the process alive. Elsewhere than on Node it is a
      // number.
      Object(timer).unref?.();
      try {
        return await waiting();
      } finally {
        clearInterval(timer);
        note(0);
      }
    },
    given: (): void => {
      const now = performance.now();
      held += Math.min(now - last, TICK_MS);
      last = now;
    },
    sinceLast: (): Milliseconds => {
      note(0);
      return held;
    },
    reset: (): void => {
      [held, last] = [0, performance.now()];
    },
  };
};

/**
 * A page that is read in slices: what a database and a fold do with it is over in a few
 * milliseconds.
 */
const EVENTS_PER_PAGE = 64;

/** What reading in slices needs of a ledger. */
export type SlicedLog = {
  readonly log: Pick<EventLog, "events">;
  readonly closing: Closing;
  /** Whether it pauses (`Paces`). */
  readonly paces: boolean;
};

/**
 * The pace of a long reading, which leaves others as much time as it holds them up, so that no
 * organization has the process to itself: `during` reads, and `rest` comes between pages.
 */
export const openPace = ({ closing, paces }: Pick<SlicedLog, "closing" | "paces">) => {
  const held = openHeld();
  return {
    during: held.during,
    /** Notes that a page was taken. Who took it may have waited meanwhile: a tick of it counts. */
    given: held.given,
    rest: async (): Promise<void> => {
      const taken = held.sinceLast();
      if (!paces || taken < SLICE_MS) return;
      await pause(Math.min(taken, LONGEST_PAUSE_MS), closing);
      held.reset();
    },
  };
};

/** All events of an organization after a position, a small page at a time, at such a pace. */
export async function* eventsInSlices(
  { log, closing, paces }: SlicedLog,
  organization: string,
  after = 0,
): AsyncGenerator<readonly RecordedEvent[]> {
  const { during, rest } = openPace({ closing, paces });
  const events: EventLog["events"] = (of, from, limit) =>
    during(() => log.events(of, from, Math.min(limit, EVENTS_PER_PAGE)));
  for await (const page of eventsOf({ events }, organization, after)) {
    yield page;
    await rest();
  }
}
