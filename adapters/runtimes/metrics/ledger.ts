/** What a ledger has to do, how far its followers are, and whether its clock is doubted. */
import type { EventLog } from "../../../core/ports/mod.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import { AUTOMATIONS } from "../../../core/values/identity.ts";
import type { Ledger } from "../../ledger/api/mod.ts";
import type { Registry } from "./registry.ts";

/** So many due items are read at most: one page, whatever has gathered. */
const MOST_DUE = 1_000;

/** What was read serves so long, however often it is asked for. */
const FRESH_MS: Milliseconds = 5 * SECOND_MS;

/** A reading that takes longer is not waited for: what was read before is shown again. */
const LATE_MS: Milliseconds = 2 * SECOND_MS;

/** By automation: how many items are due, and since when the oldest is. */
type Due = ReadonlyMap<string, { readonly count: number; readonly oldest: number }>;

const readDue = async (log: Pick<EventLog, "due">, now: number): Promise<Due> => {
  const due = new Map<string, { count: number; oldest: number }>();
  for (const { automation, due: at } of await log.due(now, MOST_DUE)) {
    const { count, oldest } = due.get(automation) ?? { count: 0, oldest: at };
    due.set(automation, { count: count + 1, oldest: Math.min(oldest, at) });
  }
  return due;
};

/** Resolves with the work, or with null where it fails or is late. */
const soon = async <Value>(work: Promise<Value>): Promise<Value | null> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LATE_MS);
  });
  return await Promise.race([work.catch(() => null), late]).finally(() => clearTimeout(timer));
};

/**
 * Measures the work that is due, which is read from the log when it is asked for, a page at most
 * and at most every five seconds. While it cannot be read, what was read before is shown.
 */
export const measureWork = (
  log: Pick<EventLog, "due">,
  ledger: Pick<Ledger, "now">,
  { read, before }: Registry,
): void => {
  let due: Due = new Map();
  let readAt = -Infinity;
  let reading: Promise<Due> | null = null;
  before(async () => {
    if (performance.now() - readAt < FRESH_MS) return;
    // One that hangs is not asked again beside it.
    reading ??= readDue(log, ledger.now()).finally(() => reading = null);
    const now = await soon(reading);
    if (now === null) return;
    due = now;
    readAt = performance.now();
  });
  const countOf = (automation: string): number => due.get(automation)?.count ?? 0;
  const ageOf = (automation: string): number => {
    const oldest = due.get(automation)?.oldest;
    return oldest === undefined ? 0 : Math.max(0, (ledger.now() - oldest) / SECOND_MS);
  };
  const count = `Items that are due by automation, of the first ${MOST_DUE} of all of them.`;
  const age = "For how long the oldest due item of an automation has been due.";
  for (const automation of AUTOMATIONS) {
    const labels = { automation };
    read("gauge", "ledgerline_work_due", count, () => countOf(automation), labels);
    read("gauge", "ledgerline_work_oldest_seconds", age, () => ageOf(automation), labels);
  }
};

/** Measures whether the clock is doubted. */
export const measureClock = (ledger: Pick<Ledger, "doubt">, { read }: Registry): void =>
  read(
    "gauge",
    "ledgerline_clock_doubted",
    "1 while the clock is doubted, and trials, renewals and releases wait, else 0.",
    () => ledger.doubt() === null ? 0 : 1,
  );

/** Calls `note` with each item as it is taken, and `end` once. */
const noting = <Item>(
  iterable: AsyncIterable<Item>,
  note: (item: Item) => void,
  end: () => void,
): AsyncIterableIterator<Item> => {
  const items = iterable[Symbol.asyncIterator]();
  let isOver = false;
  const over = (): void => {
    if (!isOver) end();
    isOver = true;
  };
  const noted: AsyncIterableIterator<Item> = {
    next: async () => {
      try {
        const next = await items.next();
        if (next.done === true) over();
        else note(next.value);
        return next;
      } catch (error) {
        over();
        throw error;
      }
    },
    return: async () => {
      over();
      return await items.return?.() ?? { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => noted,
  };
  return noted;
};

/** The ledger, with its followers measured: how many there are, and how late they get events. */
export const measureFollowers = (ledger: Ledger, { gauge, timer }: Registry): Ledger => {
  type Of = { readonly feed: "organization" | "all" };
  const lag = timer<Of>(
    "ledgerline_feed_lag_seconds",
    "How long after it was recorded an event is given to a follower.",
  );
  const followers = gauge<Of>("ledgerline_feed_followers", "Followers of the log.");
  const openFeed = (feed: Of["feed"]) => {
    let count = 0;
    const set = followers({ feed });
    const late = lag({ feed });
    set(count);
    return <Item>(
      items: AsyncIterable<Item>,
      timesOf: (item: Item) => readonly number[],
    ) => {
      set(count += 1);
      const note = (item: Item): void => {
        const now = ledger.now();
        for (const at of timesOf(item)) late(Math.max(0, now - at));
      };
      return noting(items, note, () => set(count -= 1));
    };
  };
  const [one, all] = [openFeed("organization"), openFeed("all")];
  return {
    ...ledger,
    follow: (...given) => one(ledger.follow(...given), ({ at }) => [at]),
    followAll: (...given) =>
      all(ledger.followAll(...given), ({ events }) => events.map(({ at }) => at)),
  };
};
