/**
 * How long an item is left alone that stays open: the longer it does, the less often it is tried,
 * so that no carrier that is slow or refuses is hammered.
 */
import type { WorkItem } from "../../../core/ports/mod.ts";
import { HOUR_MS, type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { itemKey, type Progress } from "./step.ts";

/** Names an item at one time at which it falls due. */
export const timeOf = (item: WorkItem): string =>
  JSON.stringify([itemKey(item), item.automation, item.due]);

/**
 * Since when an item has stayed open, until when it is left alone, and why the last try went no
 * further; null where it merely waits.
 */
export type Rest = {
  readonly since: Milliseconds;
  readonly until: Milliseconds;
  readonly why: string | null;
};

/**
 * In its first hour, which is more than any purchase has, an open item rests no longer than this.
 */
const FIRST_REST_MS = 30 * SECOND_MS;
const LONGEST_REST_MS = HOUR_MS;
/** What stays open rests for this part of the time for which it has been open. */
const REST_SHARE = 1 / 4;

/** How long an item is left alone that has been open for `age`. */
const restOf = (age: Milliseconds): Milliseconds =>
  Math.min(age * REST_SHARE, age < HOUR_MS ? FIRST_REST_MS : LONGEST_REST_MS);

/** Items that stayed open. All times are by a clock that only grows. */
export type Rests = {
  readonly isResting: (item: WorkItem, now: Milliseconds) => boolean;
  /** What is known of an item that was tried; null where it was not, or is off its list. */
  readonly of: (item: WorkItem) => Rest | null;
  /** Notes the outcome of an item that was tried, and why it stays open. */
  readonly note: (
    item: WorkItem,
    progress: Progress,
    now: Milliseconds,
    why?: string | null,
  ) => void;
  /** Forgets items that were not tried again when their rest was over: they are off their lists. */
  readonly forget: (now: Milliseconds) => void;
  /** Has everything tried again. */
  readonly clear: () => void;
};

/** Nothing rests at first. */
export const openRests = (): Rests => {
  const rests = new Map<string, Rest>();
  return {
    isResting: (item, now) => (rests.get(timeOf(item))?.until ?? now) > now,
    of: (item) => rests.get(timeOf(item)) ?? null,
    note: (item, progress, now, why = null) => {
      const name = timeOf(item);
      if (progress === "done") {
        rests.delete(name);
        return;
      }
      const since = rests.get(name)?.since ?? now;
      rests.set(name, { since, until: now + restOf(now - since), why });
    },
    forget: (now) => {
      for (const [name, { until }] of rests) if (until + LONGEST_REST_MS < now) rests.delete(name);
    },
    clear: () => rests.clear(),
  };
};
