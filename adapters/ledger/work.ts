import * as Effect from "effect/Effect";
import * as Latch from "effect/Latch";
import type * as Scope from "effect/Scope";
import * as Semaphore from "effect/Semaphore";
import type { LeaseKey, WorkItem } from "../../core/ports.ts";
import { HOUR_MS, type Instant, type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";
import { doItem, endsByTime, inOrder } from "./automations.ts";
import { elapsed } from "./elapsed.ts";
import type { Progress } from "./execute.ts";
import { whileLeased } from "./leasing.ts";
import { itemKey } from "./pursuit.ts";
import { scheduleAll } from "./reconciling/mod.ts";
import { ask, Ports } from "./services.ts";

const PAGE = 1_000;
const CONCURRENCY = 8;
/** While a test clock stands at one moment, a carrier that fails is asked this often. */
const TRIES_AT_ONE_MOMENT = 4;

const groupByOrganization = (items: readonly WorkItem[]): readonly WorkItem[][] => {
  const groups = new Map<string, WorkItem[]>();
  for (const item of items) {
    const group = groups.get(item.organization);
    if (group === undefined) groups.set(item.organization, [item]);
    else group.push(item);
  }
  return [...groups.values()];
};

/** What a run of work has tried so far: each item once for each time it falls due. */
type Tried = { readonly items: Set<string>; done: number; open: number };

const timeOf = (item: WorkItem): string =>
  JSON.stringify([itemKey(item), item.automation, item.due]);

/** Since when an item has stayed open, and until when it is left alone. */
type Rest = { readonly since: Milliseconds; readonly until: Milliseconds };

/** Items that stayed open, by `timeOf`; empty where everything is to be tried. */
type Rests = Map<string, Rest>;

/** In its first hour, which is more than any purchase has, an open item rests no longer than this. */
const FIRST_REST_MS = 30 * SECOND_MS;
const LONGEST_REST_MS = HOUR_MS;
/** What stays open rests for this part of the time for which it has been open. */
const REST_SHARE = 1 / 4;

/** How long an item is left alone that has been open for `age`. */
const restOf = (age: Milliseconds): Milliseconds =>
  Math.min(age * REST_SHARE, age < HOUR_MS ? FIRST_REST_MS : LONGEST_REST_MS);

/** Notes that an item was tried: the longer it stays open, the longer it is left alone. */
const noteRest = (rests: Rests, item: WorkItem, progress: Progress, now: Milliseconds): void => {
  const name = timeOf(item);
  if (progress === "done") {
    rests.delete(name);
    return;
  }
  const since = rests.get(name)?.since ?? now;
  rests.set(name, { since, until: now + restOf(now - since) });
};

/** Where what may take long goes on by itself, and how much of it at once. */
type Aside = { readonly scope: Scope.Scope; readonly places: Semaphore.Semaphore };

/** Whether the clock is doubted, as far as it can tell. */
const isInDoubt = (clock: Ports["Service"]["clock"]): boolean => (clock.doubt?.() ?? null) !== null;

/** One run through the lists. */
type Round = {
  readonly tried: Tried;
  /** Whether the clock is doubted, so that nothing is ended or charged by it. */
  readonly isDoubted: boolean;
  readonly rests: Rests;
  /** Null where everything is waited for. */
  readonly aside: Aside | null;
};

/**
 * What else than the item itself must not go on twice at once, where it goes on aside, as nobody
 * else's work can wait for it: an inventory that is read and repaired, and the charges of one
 * organization, one after the other. Null for all other items.
 */
const asideKey = (item: WorkItem): string | null => {
  if (inOrder(item)) return JSON.stringify(["in order", item.organization]);
  return item.automation === "reconciling" ? JSON.stringify(["aside", itemKey(item)]) : null;
};

/** What servers lease to go through the charges of an organization in order. */
const orderKey = ({ organization }: WorkItem): LeaseKey => ({
  organization,
  kind: "in order",
  key: "",
});

/** Works at these items: charges in the order they fell due, carriers side by side. */
const workAt = Effect.fnUntraced(function* (
  page: readonly WorkItem[],
  { tried, rests, aside, isDoubted }: Round,
) {
  const { items, pursued } = yield* Ports;
  const now = yield* elapsed;
  const due = page.filter((item) =>
    !(isDoubted && endsByTime(item)) && !tried.items.has(timeOf(item)) &&
    (rests.get(timeOf(item))?.until ?? now) <= now &&
    // By itself, work leaves to callers what they wait for, and who runs it wants all of it done.
    (aside === null || !pursued.has(itemKey(item)))
  );
  const queues = groupByOrganization(due.filter(inOrder));
  const alone = due.filter((item) => !inOrder(item)).map((item) => [item]);
  const step = (item: WorkItem) =>
    Effect.gen(function* () {
      const progress = yield* doItem(item);
      tried[progress === "done" ? "done" : "open"]++;
      // What another server is at is looked at again at once: this one may have to take it over.
      if (progress !== "elsewhere") {
        noteRest(rests, item, progress, yield* elapsed);
      }
    });
  const begin = (queue: readonly WorkItem[]) => {
    const [first] = queue;
    const key = aside === null || first === undefined ? null : asideKey(first);
    const steps = Effect.forEach(queue, step, { discard: true });
    const work = first === undefined || !inOrder(first)
      ? steps
      : whileLeased(orderKey(first), steps, undefined);
    if (aside === null || key === null) return work;
    const alone = items.ifFree(key, aside.places.withPermits(1)(work), undefined);
    return Effect.asVoid(Effect.forkIn(alone, aside.scope));
  };
  for (const item of due) tried.items.add(timeOf(item));
  yield* Effect.forEach([...queues, ...alone], begin, { concurrency: CONCURRENCY, discard: true });
  return due.length;
});

/**
 * Looks at everything due, a page at a time, so that no crowd of items that cannot be done now
 * stands before those that can. Says how many it had not tried before.
 */
const pass = Effect.fnUntraced(function* (at: Instant, round: Round) {
  const { log } = yield* Ports;
  let fresh = 0;
  let page: readonly WorkItem[] = [];
  do {
    const last = page[page.length - 1];
    page = yield* ask(() => log.due(at, PAGE, last));
    fresh += yield* workAt(page, round);
  } while (page.length === PAGE);
  return fresh;
});

/** `runDue`, but for items that are resting; what goes on aside is not waited for. */
const runAwake = Effect.fnUntraced(function* (rests: Rests, aside: Aside | null) {
  const { clock } = yield* Ports;
  const tried: Tried = { items: new Set(), done: 0, open: 0 };
  yield* scheduleAll;
  for (;;) {
    // Asked each time, since a run may be long: a clock is read before what it tells is believed.
    const now = clock.now();
    const isDoubted = isInDoubt(clock);
    if ((yield* pass(now, { tried, rests, aside, isDoubted })) === 0) return tried;
  }
});

/**
 * Does everything that is due, also what falls due by doing it (a trial that expires is then
 * released; a month that was missed is followed by the next). Says how many items were done, and
 * how many stay open.
 */
export const runDue = Effect.suspend(() => runAwake(new Map(), null));

const settle = Effect.gen(function* () {
  for (let tried = 0; tried < TRIES_AT_ONE_MOMENT; tried++) {
    const { open } = yield* runDue;
    if (open === 0) return;
  }
});

/**
 * Moves a test clock by `milliseconds`, stopping at every due time on the way to do that work
 * then, in order.
 */
export const advance = Effect.fnUntraced(function* (
  set: (at: Instant) => void,
  milliseconds: number,
) {
  const { log, clock } = yield* Ports;
  const target = clock.now() + milliseconds;
  yield* settle;
  for (;;) {
    const next = yield* ask(() => log.nextDue(clock.now()));
    if (next === null || next > target) break;
    set(next);
    yield* settle;
  }
  set(target);
  yield* settle;
  return target;
});

/** Forgets items that were not tried again when their rest was over: they are off their lists. */
const forget = (rests: Rests, now: Milliseconds): void => {
  for (const [name, { until }] of rests) if (until + LONGEST_REST_MS < now) rests.delete(name);
};

/** Word of new work is gathered for so long, and what somebody waits for may be done meanwhile. */
const WAKE_MS: Milliseconds = 200;

/**
 * Waits until something was appended, since it was last waited for, that is due by now. Word of it
 * is a hint, so a log that cannot be watched is looked at all the same.
 */
const wakeUp = Effect.gen(function* () {
  const { log, clock, report } = yield* Ports;
  const bell = Latch.makeUnsafe();
  const watching = Effect.sync(() =>
    log.watch(({ due }) => {
      if (due !== null && due <= clock.now()) bell.openUnsafe();
    })
  ).pipe(
    Effect.catchDefect((defect) => Effect.sync(() => report("watching the log", defect))),
  );
  yield* Effect.acquireRelease(watching, (unwatch) => Effect.sync(() => unwatch?.()));
  return Effect.andThen(bell.await, bell.close);
});

/**
 * Looks at what is due for ever: every `recoveryMs`, and when there is word of it. A step that began
 * is finished. What stays open is tried less often, the longer it does, so that no carrier that is
 * slow or says no is hammered.
 */
export const workForEver = Effect.gen(function* () {
  const { recoveryMs, report, items, clock } = yield* Ports;
  const rests: Rests = new Map();
  const aside = { scope: yield* Effect.scope, places: yield* Semaphore.make(CONCURRENCY) };
  const round = items.inTurn(WORKER, runAwake(rests, aside)).pipe(
    Effect.catchDefect((defect) => Effect.sync(() => report("looking for work", defect))),
  );
  const woken = Effect.andThen(yield* wakeUp, Effect.sleep(WAKE_MS));
  let wasInDoubt = false;
  for (;;) {
    yield* round;
    yield* Effect.raceFirst(woken, Effect.sleep(recoveryMs));
    // What waited for the clock alone has rested enough.
    if (wasInDoubt && !isInDoubt(clock)) rests.clear();
    wasInDoubt = isInDoubt(clock);
    forget(rests, yield* elapsed);
  }
}).pipe(Effect.scoped);

/** The key under which one worker at a time looks through the lists. */
export const WORKER = "worker";
