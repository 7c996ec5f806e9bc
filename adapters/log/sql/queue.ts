/**
 * Group commit: appends that are given while one is under way go into the next statement together,
 * so that one sync to disk serves them all. Where other sessions use the database too, one of them
 * may hold what a statement waits for: then others go beside it, and those that were sent with what
 * is blocked are sent again without it.
 */
import type { Append, AppendOutcome } from "../../../core/ports/mod.ts";
import { attempt } from "./attempt.ts";
import { openBlocked, openPace } from "./blocked-organizations.ts";
import type { Database } from "./database.ts";
import { type Count, type Lanes, openLists } from "./append-lanes.ts";
import type { Patience } from "./retry.ts";
import { openPostponing } from "./postponed-appends.ts";
import { openTurns } from "./event-loop.ts";
import { type Waiting, waitingFor } from "./pending-append.ts";

/** Others need not wait for a statement that takes longer than this. */
export const SLOW_MS = 50;

/** Is called with the number of appends in a statement; must not throw. */
export type OnBatch = (size: number) => void;

/** Takes appends and settles each with its outcome. */
export type AppendQueue = {
  append(append: Append): Promise<AppendOutcome>;
  /** Resolves when nothing is waiting or under way any more. */
  drained(): Promise<void>;
};

/**
 * What is to be tried again, after a pause if answers were lost; what has been lost for too long
 * fails. It is tried unchanged, at the same head, so that it can be known whether it is committed.
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

/** Sends batches, and notes how long they take; `begin` is called when others need not wait. */
const openSender = (
  database: Database,
  { most }: Lanes,
  count: Count,
  isKnown: (waiting: Waiting) => boolean,
  begin: () => void,
) => {
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
  const sendAlone = async (waiting: Waiting): Promise<readonly Waiting[]> => {
    const kind = isKnown(waiting) ? "known" : "doubtful";
    count[kind] += 1;
    const again = await attempt({ database, callOff_ms: pace.limitAlone(waiting, kind) }, [
      waiting,
    ]);
    count[kind] -= 1;
    return again;
  };
  return (batch: readonly Waiting[]): Promise<readonly Waiting[]> =>
    batch[0]?.isApart === true ? sendAlone(batch[0]) : sendBatch(batch);
};

/** Workers that take batches, one after the other: as many as are `wanted` when one is to begin. */
const openWorkers = (
  wanted: () => number,
  next: () => readonly Waiting[],
  perform: (batch: readonly Waiting[]) => Promise<void>,
) => {
  const working = new Set<Promise<void>>();
  const { turn, rest } = openTurns();
  /** Calls `end` as soon as there is nothing to send: later appends must not rely on it. */
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

const isOfSame = ({ append: { organization } }: Waiting) => ({ append }: Waiting): boolean =>
  append.organization === organization;

const isBlocked = ({ blocks, lost }: Waiting): boolean => blocks > 0 && lost !== null;

/**
 * Opens the queue on a database that takes so many concurrent statements (`lanes`), and up to
 * `most` when some of them take long. Batches that are under way together share no organization and
 * no number. Appends of one organization are sent in the order in which they are given. An append
 * fails with `Unavailable` when it cannot be known in time whether it is committed, or when others
 * block it for too long. `onBatch` is called with the number of appends in each statement.
 */
export const openAppendQueue = (
  database: Database,
  patience: Patience,
  lanes: number,
  most: number = lanes,
  onBatch: OnBatch = () => {},
): AppendQueue => {
  const count: Count = { batches: 0, slow: 0, known: 0, doubtful: 0 };
  const blocked = openBlocked();
  const isKnown = ({ append }: Waiting): boolean => blocked.has(append.organization);
  const lists = openLists({ lanes, most }, count, isKnown);
  const { queue, apart, next, hold, release } = lists;
  const wanted = (): number =>
    Math.min(most, lanes + count.slow + count.known + count.doubtful + apart.length);
  const { working, begin } = openWorkers(wanted, next, (batch) => perform(batch));
  const send = openSender(database, { lanes, most }, count, isKnown, begin);

  const { postpone, putApart, fail, drained } = openPostponing({ lists, blocked, most, begin });

  const perform = async (batch: readonly Waiting[]): Promise<void> => {
    for (const waiting of batch) {
      hold(waiting);
      waiting.lost = null;
      waiting.begun ??= performance.now();
    }
    onBatch(batch.length);
    const again = await send(batch);
    for (const waiting of batch) {
      if (again.includes(waiting)) continue;
      release(waiting);
      if (waiting.isApart) blocked.clear(waiting.append.organization);
    }
    for (const waiting of again.filter(isBlocked)) postpone(waiting);
    const others = again.filter((waiting) => !isBlocked(waiting));
    const left = new Set(await afterLosses(others, patience));
    // Of several of one organization that go apart, the first is sent before the others.
    const keeps = (waiting: Waiting): boolean =>
      waiting.isApart && left.has(waiting) && others.find(isOfSame(waiting)) === waiting;
    for (const waiting of others) if (!keeps(waiting)) release(waiting);
    queue.unshift(...[...left].filter(({ isApart }) => !isApart));
    putApart([...left].filter(({ isApart }) => isApart));
  };

  return {
    append: (append) =>
      new Promise((settle, reject) => {
        const waiting = waitingFor(append, settle, reject);
        waiting.isApart = isKnown(waiting);
        // Another append now finds out whether it is still blocked.
        if (blocked.isOver(append.organization) && lists.isBusy(waiting)) fail(waiting);
        else if (waiting.isApart) putApart([waiting]);
        else {
          queue.push(waiting);
          begin();
        }
      }),
    drained: async () => {
      while (working.size > 0 || await drained()) await Promise.all(working);
    },
  };
};
