import * as Effect from "effect/Effect";
import type { WorkItem } from "../../core/ports.ts";
import type { Instant } from "../../core/values/calendar.ts";
import { doItem, inOrder } from "./automations.ts";
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

/** Works at these items: charges in the order they fell due, carriers side by side. */
const workAt = Effect.fnUntraced(function* (page: readonly WorkItem[], tried: Tried) {
  const due = page.filter((item) => !tried.items.has(timeOf(item)));
  const queues = groupByOrganization(due.filter(inOrder));
  const alone = due.filter((item) => !inOrder(item)).map((item) => [item]);
  const step = (item: WorkItem) =>
    Effect.map(doItem(item), (progress) => {
      tried.items.add(timeOf(item));
      tried[progress]++;
    });
  yield* Effect.forEach(
    [...queues, ...alone],
    (queue) => Effect.forEach(queue, step, { discard: true }),
    { concurrency: CONCURRENCY, discard: true },
  );
  return due.length;
});

/**
 * Looks at everything due, a page at a time, so that no crowd of items that cannot be done now
 * stands before those that can. Says how many it had not tried before.
 */
const pass = Effect.fnUntraced(function* (at: Instant, tried: Tried) {
  const { log } = yield* Ports;
  let fresh = 0;
  let page: readonly WorkItem[] = [];
  do {
    const last = page[page.length - 1];
    page = yield* ask(() => log.due(at, PAGE, last));
    fresh += yield* workAt(page, tried);
  } while (page.length === PAGE);
  return fresh;
});

/**
 * Does everything that is due, also what falls due by doing it (a trial that expires is then
 * released; a month that was missed is followed by the next). Says how many items were done, and
 * how many stay open.
 */
export const runDue = Effect.gen(function* () {
  const { clock } = yield* Ports;
  const tried: Tried = { items: new Set(), done: 0, open: 0 };
  yield* scheduleAll;
  while ((yield* pass(clock.now(), tried)) > 0);
  return tried;
});

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

/** Looks at what is due for ever, every `recoveryMs`; a step that began is finished. */
export const workForEver = Effect.gen(function* () {
  const { recoveryMs, report, items } = yield* Ports;
  const round = items.inTurn(WORKER, runDue).pipe(
    Effect.catchDefect((defect) => Effect.sync(() => report("looking for work", defect))),
  );
  for (;;) {
    yield* round;
    yield* Effect.sleep(recoveryMs);
  }
});

/** The key under which one worker at a time looks through the lists. */
export const WORKER = "worker";
