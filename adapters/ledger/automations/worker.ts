import * as Effect from "effect/Effect";
import * as Latch from "effect/Latch";
import { isRunning, renewalDueOf } from "../../../core/number/stage.ts";
import { numbers } from "../../../core/number/state.ts";
import type { LeaseKey, WorkItem } from "../../../core/ports/mod.ts";
import { HOUR_MS, type Instant, type Milliseconds } from "../../../core/values/calendar.ts";
import type { WorkTried } from "../api/work-list.ts";
import { doItem, endsByTime, inOrder } from "./table.ts";
import type { Crew, Task } from "./crew.ts";
import { elapsed } from "../engine/elapsed.ts";
import { whileLeased } from "../engine/leases.ts";
import { read } from "../engine/reading.ts";
import { scheduleAll } from "./reconciliation/mod.ts";
import { openRests, type Rests, timeOf } from "./rests.ts";
import { itemKey } from "./step.ts";
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

/** Why an item waits while the clock is doubted. */
export const DOUBTED = "The clock is doubted.";

/** Whether the clock is doubted, as far as it can tell. */
export const isInDoubt = (clock: Ports["Service"]["clock"]): boolean =>
  (clock.doubt?.() ?? null) !== null;

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

/** Reports what a part of the work throws, and goes on with `instead`. */
const reporting = <Value, Failure, Needs>(
  what: string,
  work: Effect.Effect<Value, Failure, Needs>,
  instead: Value,
) =>
  Effect.catchDefect(work, (defect) =>
    Effect.map(Ports, ({ report }) => {
      report(what, defect);
      return instead;
    }));

/** Does one item, and notes its outcome. */
const step = Effect.fnUntraced(function* (
  item: WorkItem,
  { tried, rests }: Pick<Look, "tried" | "rests">,
): Effect.fn.Return<WorkTried, never, Ports> {
  const { clock } = yield* Ports;
  // It may have waited for its turn, and the clock is checked before it is trusted.
  if (isInDoubt(clock) && endsByTime(item)) return { outcome: "open", reason: DOUBTED };
  let reason: string | null = null;
  const work = doItem(item, (why) => void (reason = why));
  const progress = yield* reporting("looking for work", work, "open");
  if (tried !== null) tried[progress === "done" ? "done" : "open"]++;
  // What another server is doing is looked at again immediately: this one may have to take it over.
  if (progress !== "elsewhere") rests.note(item, progress, yield* elapsed, reason);
  return { outcome: progress, reason };
});

/** Does one item that is asked for, unless what goes in order with it is being done elsewhere. */
export const tryItem = (item: WorkItem, rests: Rests): Effect.Effect<WorkTried, never, Ports> => {
  const work = step(item, { rests, tried: null });
  return inOrder(item)
    ? whileLeased<WorkTried, never, Ports>(orderKey(item), work, {
      outcome: "elsewhere",
      reason: null,
    })
    : work;
};

/**
 * Items of one organization in the order of their deadlines. What fell due within the last hour is
 * in that order already; before that a number may have fallen due for a notice whose deadline has
 * passed too, and behind that of another.
 */
const inDeadlineOrder = Effect.fnUntraced(function* (
  items: readonly [WorkItem, ...WorkItem[]],
) {
  const { clock } = yield* Ports;
  const [{ due, organization }] = items;
  if (items.length === 1 || clock.now() - due < HOUR_MS) return items;
  const { state } = yield* read(organization, { rows: items });
  const deadline = (item: WorkItem): Instant => {
    const number = state.get(numbers, item.key);
    return number?.source === "managed" && isRunning(number.stage)
      ? renewalDueOf(number.stage)
      : item.due;
  };
  return items.toSorted((a, b) => deadline(a) - deadline(b));
});

/**
 * The task that an item is, or the charges of one organization are, which go in the order of their
 * deadlines. Each automation has its own places, so that a carrier that hangs delays no charge.
 */
const taskOf = (items: readonly [WorkItem, ...WorkItem[]], look: Look): Task => {
  const [first] = items;
  const { automation: lane, organization: party } = first;
  const doAll = (ordered: readonly WorkItem[]) =>
    Effect.forEach(ordered, (item) => step(item, look), { discard: true });
  if (!inOrder(first)) return { lane, party, name: itemKey(first), work: doAll(items) };
  const leased = reporting(
    "looking for work",
    whileLeased(orderKey(first), Effect.flatMap(inDeadlineOrder(items), doAll), undefined),
    undefined,
  );
  return { lane, party, name: itemKey(orderKey(first)), work: leased };
};

/** Begins those of these items that are to be tried; says whether there were any. */
const begin = Effect.fnUntraced(function* (page: readonly WorkItem[], look: Look) {
  const { clock, callerItems } = yield* Ports;
  const { crew, tried, rests } = look;
  const now = yield* elapsed;
  const isDoubted = isInDoubt(clock);
  const due = page.filter((item) =>
    !(isDoubted && endsByTime(item)) && tried?.items.has(timeOf(item)) !== true &&
    !rests.isResting(item, now) &&
    // Automatic work leaves to callers what they wait for; a call to run it wants all of it done.
    (tried !== null || !callerItems.has(itemKey(item)))
  );
  const queues = groupByOrganization(due.filter(inOrder));
  const alone = due.filter((item) => !inOrder(item)).map((item) => [item]);
  let isAnyBegun = false;
  for (const [first, ...others] of [...queues, ...alone]) {
    if (first === undefined || !crew.begin(taskOf([first, ...others], look))) continue;
    for (const item of [first, ...others]) tried?.items.add(timeOf(item));
    isAnyBegun = true;
  }
  return isAnyBegun;
});

/**
 * Looks at everything due, a page at a time, and waits for none of it, so that many items that
 * cannot be done now, or not soon, do not hold up those that can. Returns whether any were begun.
 */
const lookThrough = Effect.fnUntraced(function* (look: Look) {
  const { log, clock } = yield* Ports;
  yield* scheduleAll;
  const at = clock.now();
  let isAnyBegun = false;
  let page: readonly WorkItem[] = [];
  do {
    const last = page[page.length - 1];
    page = yield* ask(() => log.due(at, PAGE, last));
    if (yield* begin(page, look)) isAnyBegun = true;
  } while (page.length === PAGE);
  return isAnyBegun;
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
  const look: Look = { crew, rests: openRests(), tried };
  for (;;) {
    const wasIdle = crew.isIdle();
    const isAnyBegun = yield* lookThrough(look);
    if (!isAnyBegun && wasIdle) return tried;
    yield* Effect.raceFirst(crew.idle, Effect.sleep(recoveryMs));
  }
});

/**
 * Does what is due beside the lists, at times of its own (the delivery of webhooks), and gives the
 * next of these times; null where there is none.
 */
export type Beside = () => Promise<Instant | null>;

const settle = Effect.fnUntraced(function* (crew: Crew, beside: Beside) {
  for (let tried = 0; tried < TRIES_AT_ONE_MOMENT; tried++) {
    const { open } = yield* runDue(crew);
    if (open === 0) break;
  }
  return yield* ask(beside);
});

/**
 * Moves a test clock by `milliseconds`, stopping at every due time on the way to do that work
 * then, in order.
 */
export const advance = Effect.fnUntraced(function* (
  crew: Crew,
  beside: Beside,
  set: (at: Instant) => void,
  milliseconds: number,
) {
  const { log, clock } = yield* Ports;
  const target = clock.now() + milliseconds;
  for (;;) {
    const own = yield* settle(crew, beside);
    const due = yield* ask(() => log.nextDue(clock.now()));
    const next = Math.min(own ?? target, due ?? target, target);
    set(next);
    if (next === target) break;
  }
  yield* settle(crew, beside);
  return target;
});

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
  const { log, clock } = yield* Ports;
  const notified = Latch.makeUnsafe();
  const watch = Effect.sync((): (() => void) | undefined =>
    log.watch(({ due }) => {
      if (due !== null && due <= clock.now()) notified.openUnsafe();
    })
  );
  yield* Effect.acquireRelease(
    reporting("watching the log", watch, undefined),
    (unwatch) => Effect.sync(() => unwatch?.()),
  );
  return Effect.andThen(notified.await, notified.close);
});

/**
 * Runs forever, every `recoveryMs` and on each notification. What a look throws is reported, and
 * the next one comes all the same.
 */
export const workForEver = Effect.fnUntraced(function* (crew: Crew, rests: Rests) {
  const { recoveryMs, items, clock } = yield* Ports;
  const look = Effect.asVoid(items.inTurn(WORKER, lookThrough({ crew, rests, tried: null })));
  const woken = Effect.andThen(yield* wakeUp, Effect.sleep(WAKE_MS));
  let wasInDoubt = false;
  for (;;) {
    // 1. Look at what is due, and have the crew begin it.
    yield* reporting("looking for work", look, undefined);
    // 2. Wait until there is more, or what stayed open may be tried again.
    yield* Effect.raceFirst(woken, Effect.sleep(recoveryMs));
    // 3. Items that waited only for the clock need no further rest.
    if (wasInDoubt && !isInDoubt(clock)) rests.clear();
    wasInDoubt = isInDoubt(clock);
    rests.forget(yield* elapsed);
  }
}, Effect.scoped);

/** The key under which one worker at a time looks through the lists. */
export const WORKER = "worker";
