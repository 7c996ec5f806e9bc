import * as Effect from "effect/Effect";
import type { WorkItem } from "../../core/ports.ts";
import type { Instant } from "../../core/values/calendar.ts";
import { doItem, inOrder } from "./automations.ts";
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

/** Looks once at everything due: charges in the order they fell due, carriers side by side. */
const pass = Effect.fnUntraced(function* (at: Instant) {
  const { log } = yield* Ports;
  const due = yield* ask(() => log.due(at, PAGE));
  const queues = groupByOrganization(due.filter(inOrder));
  const alone = due.filter((item) => !inOrder(item)).map((item) => [item]);
  const progress = yield* Effect.forEach(
    [...queues, ...alone],
    (queue) => Effect.forEach(queue, doItem),
    { concurrency: CONCURRENCY },
  );
  const done = progress.flat().filter((outcome) => outcome === "done").length;
  return { done, open: due.length - done };
});

/**
 * Does everything that is due, also what falls due by doing it (a trial that expires is then
 * released; a month that was missed is followed by the next). Says how many items were done, and
 * how many stay open.
 */
export const runDue = Effect.gen(function* () {
  const { clock } = yield* Ports;
  let done = 0;
  for (;;) {
    const now = clock.now();
    const looked = yield* pass(now);
    done += looked.done;
    if (looked.done === 0) return { done, open: looked.open };
  }
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

/** Looks at what is due for ever, every `recoveryMs`; a pass that began is finished. */
export const workForEver = Effect.gen(function* () {
  const { recoveryMs, report, items } = yield* Ports;
  const round = items.inTurn(WORKER, runDue).pipe(
    Effect.catchDefect((defect) => Effect.sync(() => report("looking for work", defect))),
    Effect.uninterruptible,
  );
  for (;;) {
    yield* round;
    yield* Effect.sleep(recoveryMs);
  }
});

/** The key under which one worker at a time looks through the lists. */
export const WORKER = "worker";
