/**
 * How requests wait for one another: by a promise, or, where they may not share any, by looking.
 */
import { type Milliseconds, SECOND_MS } from "../core/values/calendar.ts";

/** How what waits learns that it need not, and how others learn that a request is gone. */
export type Attendance = {
  /**
   * Waits until `isOver` answers true, and is woken by the function that `tell` is given, where it
   * does not look by itself. Also ends when that takes too long.
   */
  readonly wait: (isOver: () => boolean, tell: (wake: () => void) => void) => Promise<void>;
  /**
   * Shows that the request is there, until the function that it gives is called, by the same
   * request. Where a request can end unnoticed, `lost` is called after a while, by another one.
   */
  readonly stay: (lost: () => void) => () => void;
};

/** Where all requests share one event loop, and none ends unnoticed. */
export const byPromises: Attendance = {
  wait: (_, tell) => new Promise((resolve) => tell(resolve)),
  stay: () => () => undefined,
};

/** What waits looks once in as many milliseconds as others wait, within these bounds. */
const MIN_LOOK_MS: Milliseconds = 25;
const MAX_LOOK_MS: Milliseconds = 250;

/** How often who is there shows it, and after how long of not doing so it is taken to be gone. */
const SHOW_MS: Milliseconds = SECOND_MS;
const LOST_MS: Milliseconds = 5 * SECOND_MS;

/**
 * Where nothing was read for longer, all may have stood still: they get as long to show themselves.
 */
const GAP_MS: Milliseconds = 2 * SHOW_MS;

type Presence = { seenAt: Milliseconds; readonly lost: () => void };

/** What polling goes by; tests replace it. */
export type PollingOptions = {
  /** How long something waits, in milliseconds. */
  readonly waitMs: Milliseconds;
  readonly now?: () => Milliseconds;
  readonly sleep?: (ms: Milliseconds) => Promise<void>;
  /** Calls again and again; gives what ends that. */
  readonly every?: (ms: Milliseconds, call: () => void) => () => void;
};

/**
 * Where a request may use neither a promise nor a timer of another one, and may end without a word:
 * each looks by timers of its own. Only plain data are shared. Nobody is taken to be gone, or late,
 * because the process stood still.
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
  /** The time since the start, and the same without what the process stood still. */
  let [elapsed, moving]: [Milliseconds, Milliseconds] = [0, 0];
  let readAt = now();
  let sweptAt: Milliseconds = 0;

  const tick = (): Milliseconds => {
    const at = now();
    // On workerd each request has the time of what it heard last, which may be a little behind.
    if (at < readAt && readAt - at < GAP_MS) return elapsed;
    // No less than nothing: there is no monotonic clock there, and that one may have been set back.
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
