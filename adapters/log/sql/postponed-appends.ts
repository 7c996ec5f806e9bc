/** Handles appends that wait apart from the others, since they are blocked or may be. */
import { blockedError, type openBlocked } from "./blocked-organizations.ts";
import type { openLists } from "./append-lanes.ts";
import type { Waiting } from "./pending-append.ts";

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** How often appends that have waited for too long are looked for. */
const SWEEP_MS = 250;

/** Waits longer, the more often it was blocked. */
const pauseFor = ({ blocks }: Waiting): Promise<void> => {
  const pause_ms = Math.min(FIRST_PAUSE_MS * 2 ** (blocks - 1), LONGEST_PAUSE_MS);
  return new Promise((resolve) => setTimeout(resolve, pause_ms));
};

/** Calls `sweep` now and then, until there is nothing to sweep. */
const openSweeping = (sweep: () => boolean) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (sweep()) begin();
    }, SWEEP_MS);
  };
  return { begin };
};

/** What is to be handled: `begin` begins a lane, of which there are `most` at most. */
type Postponing = {
  readonly lists: ReturnType<typeof openLists>;
  readonly blocked: ReturnType<typeof openBlocked>;
  readonly most: number;
  readonly begin: () => void;
};

/**
 * Handles the appends that are sent alone. None of them waits for its outcome much longer than a
 * blocked one is tried, however many others there are: one that got no lane until then fails as
 * well.
 */
export const openPostponing = ({ lists, blocked, most, begin }: Postponing) => {
  const { apart, release } = lists;
  const pauses = new Set<Promise<void>>();

  /** Begins as many lanes as allowed: each takes one append that is sent alone. */
  const beginAll = (): void => {
    for (let lane = 0; lane < Math.min(apart.length, most); lane++) begin();
  };
  const putApart = (waiting: readonly Waiting[]): void => {
    if (waiting.length === 0) return;
    for (const each of waiting) {
      each.begun ??= performance.now();
      apart.push(each);
    }
    beginAll();
    sweeping.begin();
  };
  const fail = (waiting: Waiting): void => {
    release(waiting);
    waiting.fail(waiting.lost ?? blockedError(waiting.append.organization));
  };
  const sweeping = openSweeping(() => {
    for (const waiting of lists.takeApart((each) => blocked.isLate(each))) fail(waiting);
    // Appends that name the same numbers may go now.
    begin();
    return apart.length > 0;
  });

  /**
   * Tries a blocked append again a little later, without a lane; or fails it and those behind it.
   */
  const postpone = (waiting: Waiting): void => {
    const { organization } = waiting.append;
    const isSame = ({ append }: Waiting): boolean => append.organization === organization;
    blocked.note(waiting);
    if (blocked.isOver(organization)) {
      for (const each of [waiting, ...lists.takeApart(isSame), ...lists.takeQueued(isSame)]) {
        fail(each);
      }
      return;
    }
    const behind = lists.takeQueued(isSame);
    for (const each of behind) each.isApart = true;
    putApart(behind);
    if (blocked.isLate(waiting)) return fail(waiting);
    const pause: Promise<void> = pauseFor(waiting).then(() => {
      pauses.delete(pause);
      putApart([waiting]);
    });
    pauses.add(pause);
  };

  /** Waits for the pauses; gives whether there were any. */
  const drained = async (): Promise<boolean> => {
    const wasAny = pauses.size > 0;
    await Promise.all(pauses);
    return wasAny;
  };
  return { putApart, postpone, fail, drained };
};
