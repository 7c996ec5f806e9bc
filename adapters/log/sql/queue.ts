/**
 * Group commit: appends that are given while one is under way go into the next statement together,
 * so that one sync to disk serves them all. Where other sessions use the database too, one of them may
 * hold what a statement waits for: then others go beside it, and those that were sent with what is
 * blocked are sent again without it.
 */
import type { Append, AppendOutcome } from "../../../core/ports.ts";
import { attempt } from "./attempt.ts";
import { ALONE_MS, openBlocked, openPace } from "./blocked.ts";
import type { Database } from "./database.ts";
import type { Patience } from "./patience.ts";
import { openTurns } from "./turns.ts";
import { takeBatch, type Waiting, waitingFor } from "./waiting.ts";

/**
 * So many at least go into a statement beside one that is under way: each costs as much by itself as
 * ten more appends in it.
 */
const MANY = 16;

/** A statement that takes longer is one that others need not wait for. */
const SLOW_MS = 50;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** Takes appends and settles each with its outcome. */
export type AppendQueue = {
  append(append: Append): Promise<AppendOutcome>;
  /** Resolves when nothing is waiting or under way any more. */
  drained(): Promise<void>;
};

/**
 * What is to be tried again, after a pause if answers were lost; what has been lost for too long
 * fails. It is tried as it was, at the same head, so that it can be told whether it stands.
 */
const afterLosses = async (
  again: readonly Waiting[],
  patience: Patience,
): Promise<readonly Waiting[]> => {
  const losses = again.map(({ lost, losses }) => lost === null ? 0 : losses);
  const most = Math.max(0, ...losses);
  if (most === 0) patience.answered();
  if (most === 0 || await patience.wait(most)) return again;
  for (const { lost, fail } of again) if (lost !== null) fail(lost);
  return again.filter(({ lost }) => lost === null);
};

/** What the appends that are under way or wait to be tried again name. */
const openNames = () => {
  const busy = new Set<string>();
  return {
    busy,
    hold: (waiting: Waiting): void => {
      waiting.isHeld = true;
      for (const name of waiting.names) busy.add(name);
    },
    release: (waiting: Waiting): void => {
      waiting.isHeld = false;
      for (const name of waiting.names) busy.delete(name);
    },
    isFree: ({ isHeld, names }: Waiting): boolean =>
      isHeld || !names.some((name) => busy.has(name)),
  };
};

/** Batches that are under way, those of them that take long, and appends that were sent alone. */
type Count = { batches: number; slow: number; alone: number };

/** How many statements there are at once: as a rule, and when some of them take long. */
type Lanes = { readonly lanes: number; readonly most: number };

/** What waits, and what of it is sent next. */
const openLists = ({ lanes, most }: Lanes, count: Count) => {
  const queue: Waiting[] = [];
  /** Those that are sent alone. They have half of all lanes, so that the others have some. */
  const apart: Waiting[] = [];
  const mostApart = Math.max(1, Math.floor(most / 2));
  const names = openNames();
  /** What to send next; none while a batch is under way that few would be better to follow. */
  const next = (): readonly Waiting[] => {
    if (count.batches + count.alone >= most) return [];
    const fresh = count.batches - count.slow;
    if (fresh < lanes && (fresh === 0 || queue.length >= MANY)) {
      const share = Math.max(MANY, Math.ceil(queue.length / (lanes - fresh)));
      const batch = takeBatch(queue, names.busy, share);
      if (batch.length > 0) return batch;
    }
    const place = count.alone < mostApart ? apart.findIndex(names.isFree) : -1;
    return place < 0 ? [] : apart.splice(place, 1);
  };
  return { ...names, queue, apart, next };
};

/** Sends batches, and notes how long they take; `begin` is called when others need not wait. */
const openSender = (database: Database, { most }: Lanes, count: Count, begin: () => void) => {
  const pace = openPace();
  const sendBatch = async (batch: readonly Waiting[]): Promise<readonly Waiting[]> => {
    let isSlow = false;
    const slowDown = (): void => {
      isSlow = true;
      count.slow += 1;
      begin();
    };
    const timer = most > 1 ? setTimeout(slowDown, SLOW_MS) : undefined;
    const begun = performance.now();
    count.batches += 1;
    const again = await attempt({ database, callOff_ms: pace.limit() }, batch);
    count.batches -= 1;
    clearTimeout(timer);
    if (isSlow) count.slow -= 1;
    if (again.length === 0) pace.note(performance.now() - begun);
    return again;
  };
  const sendAlone = async (batch: readonly Waiting[]): Promise<readonly Waiting[]> => {
    count.alone += 1;
    const again = await attempt({ database, callOff_ms: ALONE_MS }, batch);
    count.alone -= 1;
    return again;
  };
  return (batch: readonly Waiting[]): Promise<readonly Waiting[]> =>
    batch[0]?.isApart === true ? sendAlone(batch) : sendBatch(batch);
};

/** Workers that take batches, one after the other: as many as are `wanted` when one is to begin. */
const openWorkers = (
  wanted: () => number,
  next: () => readonly Waiting[],
  perform: (batch: readonly Waiting[]) => Promise<void>,
) => {
  const working = new Set<Promise<void>>();
  const { turn, rest } = openTurns();
  /** Calls `end` as soon as there is nothing to send: what comes after must not count on it. */
  const work = async (end: () => void): Promise<void> => {
    await turn();
    for (let batch = next(); batch.length > 0; batch = next()) {
      await perform(batch);
      await rest();
    }
    end();
  };
  const begin = (): void => {
    if (working.size >= wanted()) return;
    const lane: Promise<void> = work(() => working.delete(lane));
    working.add(lane);
  };
  return { working, begin };
};

/** Waits the longer, the oftener it was blocked. */
const pauseFor = ({ blocks }: Waiting): Promise<void> => {
  const pause_ms = Math.min(FIRST_PAUSE_MS * 2 ** (blocks - 1), LONGEST_PAUSE_MS);
  return new Promise((resolve) => setTimeout(resolve, pause_ms));
};

const isBlocked = ({ blocks, lost }: Waiting): boolean => blocks > 0 && lost !== null;

/**
 * Opens the queue on a database that takes so many statements at once (`lanes`), and up to `most` when
 * some of them take long. Batches that are under way together share no organization and no number. An
 * append fails with `Unavailable` when it cannot be told in time whether it stands, or when others
 * block it for too long.
 */
export const openAppendQueue = (
  database: Database,
  patience: Patience,
  lanes: number,
  most: number = lanes,
): AppendQueue => {
  const count: Count = { batches: 0, slow: 0, alone: 0 };
  const { queue, apart, next, hold, release } = openLists({ lanes, most }, count);
  const blocked = openBlocked();
  const pauses = new Set<Promise<void>>();
  const wanted = (): number =>
    Math.min(most, lanes + count.slow + count.alone + (apart.length > 0 ? 1 : 0));
  const { working, begin } = openWorkers(wanted, next, (batch) => perform(batch));
  const send = openSender(database, { lanes, most }, count, begin);

  /** Tries a blocked append again a little later, without a lane; or fails it. */
  const postpone = (waiting: Waiting): void => {
    if (blocked.isOver(waiting)) {
      release(waiting);
      waiting.fail(waiting.lost);
      return;
    }
    const pause: Promise<void> = pauseFor(waiting).then(() => {
      pauses.delete(pause);
      apart.push(waiting);
      begin();
    });
    pauses.add(pause);
  };

  const perform = async (batch: readonly Waiting[]): Promise<void> => {
    for (const waiting of batch) {
      hold(waiting);
      waiting.lost = null;
      waiting.begun ??= performance.now();
    }
    const again = await send(batch);
    for (const waiting of batch) {
      if (again.includes(waiting)) continue;
      release(waiting);
      if (waiting.isApart) blocked.clear(waiting.append.organization);
    }
    for (const waiting of again.filter(isBlocked)) postpone(waiting);
    const others = again.filter((waiting) => !isBlocked(waiting));
    const left = new Set(await afterLosses(others, patience));
    for (const waiting of others) if (!waiting.isApart || !left.has(waiting)) release(waiting);
    queue.unshift(...[...left].filter(({ isApart }) => !isApart));
    apart.push(...[...left].filter(({ isApart }) => isApart));
    if (apart.length > 0) begin();
  };

  return {
    append: (append) =>
      new Promise((settle, fail) => {
        const waiting = waitingFor(append, settle, fail);
        waiting.isApart = blocked.has(append.organization);
        (waiting.isApart ? apart : queue).push(waiting);
        begin();
      }),
    drained: async () => {
      while (working.size + pauses.size > 0) await Promise.all([...working, ...pauses]);
    },
  };
};
