/** How requests wait for one another: by a promise, or by polling where they may not share one. */
import { type Milliseconds, SECOND_MS } from "../core/values/calendar.ts";

/**
 * How a waiting request learns that its wait is over, and how others learn that a request has
 * ended.
 */
export type Attendance = {
  /**
   * Waits until `isOver` returns true; where it does not poll, the function that `tell` is given
   * wakes it. Also ends when that takes too long.
   */
  readonly wait: (isOver: () => boolean, tell: (wake: () => void) => void) => Promise<void>;
  /**
   * Signals that the request is alive until the same request calls the returned function. Where a
   * request can end unnoticed, another one calls `lost` after a while.
   */
  readonly stay: (lost: () => void) => () => void;
};

/** For a process whose requests share one event loop, where none ends unnoticed. */
export const byPromises: Attendance = {
  wait: (_, tell) => new Promise((resolve) => tell(resolve)),
  stay: () => () => undefined,
};

/** The polling interval in milliseconds: the number of waiting requests, within these bounds. */
const MIN_LOOK_MS: Milliseconds = 25;
const MAX_LOOK_MS: Milliseconds = 250;

/**
 * How often a request signals that it is alive, and after how long without a signal it counts as
 * ended.
 */
const SHOW_MS: Milliseconds = SECOND_MS;
const LOST_MS: Milliseconds = 5 * SECOND_MS;

/**
 * After a longer gap the whole process may have been suspended: requests get this long to signal
 * again.
 */
const GAP_MS: Milliseconds = 2 * SHOW_MS;

type Presence = { seenAt: Milliseconds; readonly lost: () => void };

/** The clock and timers of polling; tests replace them. */
export type PollingOptions = {
  /** How long something waits, in milliseconds. */
  readonly waitMs: Milliseconds;
  readonly now?: () => Milliseconds;
  readonly sleep?: (ms: Milliseconds) => Promise<void>;
  /** Calls repeatedly; returns what ends that. */
  readonly every?: (ms: Milliseconds, call: () => void) => () => void;
};

/**
 * For requests that may use neither a promise nor a timer of another one, and may end without
 * notice: each polls with its own timers. Only plain data are shared. No request counts as ended,
 * or late, because the process was suspended.
 */
export const openPolling = ({
  waitMs,
  now = () => performance.now(),
  sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  every = (ms, call) => {
    const timer = setInterval(call, ms);
    return () => clearInterval(timer);
  },
}: PollingOptions): Attendance => {
  const present = new Set<Presence>();
  const waiting = new Set<Presence>();
  /** The time since the start, and the same without the time the process was suspended. */
  let [elapsed, moving]: [Milliseconds, Milliseconds] = [0, 0];
  let readAt = now();
  let sweptAt: Milliseconds = 0;

  const tick = (): Milliseconds => {
    const at = now();
    // On workerd each request has the time of its last I/O, which may be a little behind.
    if (at < readAt && readAt - at < GAP_MS) return elapsed;
    // Never negative: there is no monotonic clock there, and this one may have been set back.
    const passed = Math.max(0, at - readAt);
    readAt = at;
    elapsed += passed;
    moving += Math.min(passed, SHOW_MS);
    if (passed > GAP_MS) sweptAt = moving + GAP_MS - SHOW_MS;
    return elapsed;
  };

  const sweep = (): void => {
    tick();
    if (moving - sweptAt < SHOW_MS) return;
    sweptAt = moving;
    for (const kept of [present, waiting]) {
      for (const one of kept) {
        if (elapsed - one.seenAt <= LOST_MS) continue;
        kept.delete(one);
        one.lost();
      }
    }
  };

  return {
    wait: async (isOver) => {
      sweep();
      const end = moving + waitMs;
      const self: Presence = { seenAt: elapsed, lost: () => undefined };
      waiting.add(self);
      while (!isOver() && moving < end) {
        await sleep(Math.min(MAX_LOOK_MS, Math.max(MIN_LOOK_MS, waiting.size)));
        self.seenAt = tick();
        sweep();
      }
      waiting.delete(self);
    },
    stay: (lost) => {
      sweep();
      const self: Presence = { seenAt: elapsed, lost };
      present.add(self);
      const end = every(SHOW_MS, () => self.seenAt = tick());
      return () => {
        end();
        present.delete(self);
      };
    },
  };
};
