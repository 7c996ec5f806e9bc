import * as Effect from "effect/Effect";
import * as Latch from "effect/Latch";
import type { LeaseKey, WorkItem } from "../../../core/ports/mod.ts";
import {
  HOUR_MS,
  type Instant,
  type Milliseconds,
  SECOND_MS,
} from "../../../core/values/calendar.ts";
import { doItem, endsByTime, inOrder } from "./table.ts";
import type { Crew, Task } from "./crew.ts";
import { elapsed } from "../engine/elapsed.ts";
import { whileLeased } from "../engine/leases.ts";
import { scheduleAll } from "./reconciliation/mod.ts";
import { itemKey, type Progress } from "./step.ts";
import { ask, Ports } from "../engine/services.ts";

const PAGE = 1_000;
/** While a test clock is not advanced, a carrier that fails is asked this often. */
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

/** Whether the clock is doubted, as far as it can tell. */
const isInDoubt = (clock: Ports["Service"]["clock"]): boolean => (clock.doubt?.() ?? null) !== null;

/** One look through the lists, and the crew for what it finds. */
type Look = {
  readonly crew: Crew;
  readonly rests: Rests;
  /** Null where what stays open is tried at every look. */
  readonly tried: Tried | null;
};

/** What servers lease to go through the charges of an organization in order. */
const orderKey = ({ organization }: WorkItem): LeaseKey => ({
  organization,
  kind: "in order",
  key: "",
});

/** Does one item, and notes its outcome. */
const step = Effect.fnUntraced(function* (item: WorkItem, { tried, rests }: Look) {
  const { clock, report } = yield* Ports;
  // It may have waited for its turn, and the clock is checked before it is trusted.
  if (isInDoubt(clock) && endsByTime(item)) return;
  const progress = yield* doItem(item).pipe(
    Effect.catchDefect((defect) =>
      Effect.sync(() => {
        report("looking for work", defect);
        return "open" as const;
      })
    ),
  );
  if (tried !== null) tried[progress === "done" ? "done" : "open"]++;
  // What another server is doing is looked at again immediately: this one may have to take it over.
  if (progress !== "elsewhere") noteRest(rests, item, progress, yield* elapsed);
});

/**
 * The task that an item is, or the charges of one organization are, which go in the order in which
 * they fell due. Each automation has its own places, so that a carrier that hangs delays no charge.
 */
const taskOf = (items: readonly [WorkItem, ...WorkItem[]], look: Look): Task => {
  const [first] = items;
  const { automation: lane, organization: party } = first;
  const work = Effect.forEach(items, (item) => step(item, look), { discard: true });
  if (!inOrder(first)) return { lane, party, name: itemKey(first), work };
  const leased = whileLeased(orderKey(first), work, undefined).pipe(
    Effect.catchDefect((defect) =>
      Effect.map(Ports, ({ report }) => report("looking for work", defect))
    ),
  );
  return { lane, party, name: itemKey(orderKey(first)), work: leased };
};

/** Begins those of these items that are to be tried; says how many. */
const begin = Effect.fnUntraced(function* (page: readonly WorkItem[], look: Look) {
  const { clock, pursued } = yield* Ports;
  const { crew, tried, rests } = look;
  const now = yield* elapsed;
  const isDoubted = isInDoubt(clock);
  const due = page.filter((item) =>
    !(isDoubted && endsByTime(item)) && tried?.items.has(timeOf(item)) !== true &&
    (rests.get(timeOf(item))?.until ?? now) <= now &&
    // Automatic work leaves to callers what they wait for; a call to run it wants all of it done.
    (tried !== null || !pursued.has(itemKey(item)))
  );
  const queues = groupByOrganization(due.filter(inOrder));
  const alone = due.filter((item) => !inOrder(item)).map((item) => [item]);
  let begun = 0;
  for (const [first, ...others] of [...queues, ...alone]) {
    if (first === undefined || !crew.begin(taskOf([first, ...others], look))) continue;
    for (const item of [first, ...others]) tried?.items.add(timeOf(item));
    begun += 1 + others.length;
  }
  return begun;
});

/**
 * Looks at everything due, a page at a time, and waits for none of it, so that many items that
 * cannot be done now, or not soon, do not hold up those that can. Returns how many were begun.
 */
const lookThrough = Effect.fnUntraced(function* (look: Look) {
  const { log, clock } = yield* Ports;
  yield* scheduleAll;
  const at = clock.now();
  let begun = 0;
  let page: readonly WorkItem[] = [];
  do {
    const last = page[page.length - 1];
    page = yield* ask(() => log.due(at, PAGE, last));
    begun += yield* begin(page, look);
  } while (page.length === PAGE);
  return begun;
});

/**
 * Does everything that is due, including what falls due as a result (a trial that expires is then
 * released; a month that was missed is followed by the next), and each item only once. Returns how
 * many items were done, and how many stay open. While some take long it looks for what else fell
 * due.
 */
export const runDue = Effect.fnUntraced(function* (crew: Crew) {
  const { recoveryMs } = yield* Ports;
  const tried: Tried = { items: new Set(), done: 0, open: 0 };
  const look: Look = { crew, rests: new Map(), tried };
  for (;;) {
    const wasIdle = crew.isIdle();
    const begun = yield* lookThrough(look);
    if (begun === 0 && wasIdle) return tried;
    yield* Effect.raceFirst(crew.idle, Effect.sleep(recoveryMs));
  }
});

const settle = Effect.fnUntraced(function* (crew: Crew) {
  for (let tried = 0; tried < TRIES_AT_ONE_MOMENT; tried++) {
    const { open } = yield* runDue(crew);
    if (open === 0) return;
  }
});

/**
 * Moves a test clock by `milliseconds`, stopping at every due time on the way to do that work
 * then, in order.
 */
export const advance = Effect.fnUntraced(function* (
  crew: Crew,
  set: (at: Instant) => void,
  milliseconds: number,
) {
  const { log, clock } = yield* Ports;
  const target = clock.now() + milliseconds;
  yield* settle(crew);
  for (;;) {
    const next = yield* ask(() => log.nextDue(clock.now()));
    if (next === null || next > target) break;
    set(next);
    yield* settle(crew);
  }
  set(target);
  yield* settle(crew);
  return target;
});

/** Forgets items that were not tried again when their rest was over: they are off their lists. */
const forget = (rests: Rests, now: Milliseconds): void => {
  for (const [name, { until }] of rests) if (until + LONGEST_REST_MS < now) rests.delete(name);
};

/**
 * Notifications of new work are gathered for so long; work that a caller waits for may be done
 * meanwhile.
 */
const WAKE_MS: Milliseconds = 200;

/**
 * Waits until something that is due by now has been appended since the last wait. A notification is
 * a hint, so a log that cannot be watched is read anyway.
 */
const wakeUp = Effect.gen(function* () {
  const { log, clock, report } = yield* Ports;
  const wakeUp = Latch.makeUnsafe();
  const watching = Effect.sync(() =>
    log.watch(({ due }) => {
      if (due !== null && due <= clock.now()) wakeUp.openUnsafe();
    })
  ).pipe(
    Effect.catchDefect((defect) => Effect.sync(() => report("watching the log", defect))),
  );
  yield* Effect.acquireRelease(watching, (unwatch) => Effect.sync(() => unwatch?.()));
  return Effect.andThen(wakeUp.await, wakeUp.close);
});

/**
 * Runs forever: looks at what is due and has the crew do it, every `recoveryMs` and on each
 * notification. The longer something stays open, the less often it is tried, so that no carrier
 * that is slow or refuses is hammered.
 */
export const workForEver = Effect.fnUntraced(function* (crew: Crew) {
  const { recoveryMs, report, items, clock } = yield* Ports;
  const rests: Rests = new Map();
  const look = items.inTurn(WORKER, lookThrough({ crew, rests, tried: null })).pipe(
    Effect.catchDefect((defect) => Effect.sync(() => report("looking for work", defect))),
  );
  const woken = Effect.andThen(yield* wakeUp, Effect.sleep(WAKE_MS));
  let wasInDoubt = false;
  for (;;) {
    yield* look;
    yield* Effect.raceFirst(woken, Effect.sleep(recoveryMs));
    // Items that waited only for the clock need no further rest.
    if (wasInDoubt && !isInDoubt(clock)) rests.clear();
    wasInDoubt = isInDoubt(clock);
    forget(rests, yield* elapsed);
  }
}, Effect.scoped);

/** The key under which one worker at a time looks through the lists. */
export const WORKER = "worker";
