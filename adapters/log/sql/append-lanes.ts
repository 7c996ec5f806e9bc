/** The waiting appends, and which of them are sent next. */
import { takeBatch, type Waiting } from "./pending-append.ts";

/**
 * So many at least go into a statement beside one that is under way: a statement alone costs as
 * much as ten more appends in it.
 */
const MANY = 16;

/**
 * Batches that are under way, those of them that take long, and appends that were sent alone: of
 * organizations that are known to be blocked, and of others that were in a batch with a blocked
 * one.
 */
export type Count = { batches: number; slow: number; known: number; doubtful: number };

/** How many statements run concurrently: as a rule, and when some of them take long. */
export type Lanes = { readonly lanes: number; readonly most: number };

/** What the appends that are under way or wait to be tried again name. */
const openNames = () => {
  /** By how many each is named: several of one organization may go together. */
  const busy = new Map<string, number>();
  return {
    busy,
    hold: (waiting: Waiting): void => {
      if (waiting.isHeld) return;
      waiting.isHeld = true;
      for (const name of waiting.names) busy.set(name, (busy.get(name) ?? 0) + 1);
    },
    release: (waiting: Waiting): void => {
      if (!waiting.isHeld) return;
      waiting.isHeld = false;
      for (const name of waiting.names) {
        const others = (busy.get(name) ?? 1) - 1;
        if (others === 0) busy.delete(name);
        else busy.set(name, others);
      }
    },
    isFree: ({ isHeld, names }: Waiting): boolean =>
      isHeld || !names.some((name) => busy.has(name)),
  };
};

/** Takes those that fit out of the list. */
const takeFrom = (
  list: Waiting[],
  fits: (waiting: Waiting) => boolean,
): readonly Waiting[] => {
  const taken: Waiting[] = [];
  let left = 0;
  for (const waiting of list) {
    if (fits(waiting)) taken.push(waiting);
    else list[left++] = waiting;
  }
  list.length = left;
  return taken;
};

/**
 * The lists of waiting appends. `queue`: those for batches. `apart`: those that are sent alone. Of
 * the latter, those only suspected come first, on all lanes but one, since most of them are not
 * blocked; those known to be blocked (`isKnown`) have a third of the lanes, however many there are.
 * `next` takes what to send now: nothing while a batch is under way and too few wait for another.
 */
export const openLists = (
  { lanes, most }: Lanes,
  count: Count,
  isKnown: (waiting: Waiting) => boolean,
) => {
  const queue: Waiting[] = [];
  const apart: Waiting[] = [];
  const mostAlone = Math.max(1, most - 1);
  const mostKnown = Math.max(1, Math.floor(most / 3));
  const names = openNames();

  const nextBatch = (): readonly Waiting[] => {
    const fresh = count.batches - count.slow;
    if (fresh >= lanes || fresh > 0 && queue.length < MANY) return [];
    const share = Math.max(MANY, Math.ceil(queue.length / (lanes - fresh)));
    return takeBatch(queue, names.busy, share);
  };

  /** Those that were blocked less often come first. */
  const nextAlone = (): readonly Waiting[] => {
    if (count.known + count.doubtful >= mostAlone) return [];
    let best: Waiting | undefined;
    for (const waiting of apart) {
      if (!names.isFree(waiting)) continue;
      if (!isKnown(waiting)) {
        best = waiting;
        break;
      }
      if (count.known < mostKnown && (best === undefined || waiting.blocks < best.blocks)) {
        best = waiting;
      }
    }
    return best === undefined ? [] : apart.splice(apart.indexOf(best), 1);
  };

  return {
    queue,
    apart,
    hold: names.hold,
    release: names.release,
    /** Whether another of the same organization is under way, or waits to be tried again. */
    isBusy: ({ names: [organization = ""] }: Waiting): boolean =>
      names.busy.has(organization) || apart.some(({ names: [other] }) => other === organization),
    takeQueued: (fits: (waiting: Waiting) => boolean) => takeFrom(queue, fits),
    takeApart: (fits: (waiting: Waiting) => boolean) => takeFrom(apart, fits),
    next: (): readonly Waiting[] => {
      if (count.batches + count.known + count.doubtful >= most) return [];
      const batch = nextBatch();
      return batch.length > 0 ? batch : nextAlone();
    },
  };
};
