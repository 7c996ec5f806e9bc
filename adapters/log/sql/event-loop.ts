/** Waiting, and turns of the event loop, with what every runtime has among its globals. */
import type { Milliseconds } from "../../../core/values/calendar.ts";

/** How long, at most, appends may follow one another before the event loop has its turn. */
const LOOP_MS = 2;

/** Resolves after so long. */
export const pause = (limit_ms: Milliseconds): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, limit_ms));

/** Node and most other runtimes have it. */
const { setImmediate: afterLoop = setTimeout, process } = globalThis as {
  readonly setImmediate?: (then: () => void) => unknown;
  readonly process?: { readonly nextTick?: (then: () => void) => void };
};
const afterTasks = process?.nextTick?.bind(process) ?? queueMicrotask;

/**
 * Lets others run before the next batch is taken. `rest`: resolves when all callers that had their
 * outcomes have gone on, so that their next appends join in; now and then it lets the event loop
 * turn, as `turn` always does: new requests can then join in as well. `isHeldFor`: whether the last
 * turn that was let was longer ago.
 */
export const openTurns = () => {
  let turned = 0;
  const turn = (): Promise<void> =>
    new Promise((resolve) =>
      void afterLoop(() => {
        turned = performance.now();
        resolve();
      })
    );
  const isHeldFor = (ms: Milliseconds): boolean => performance.now() - turned > ms;
  const rest = (): Promise<void> =>
    isHeldFor(LOOP_MS) ? turn() : new Promise((resolve) => afterTasks(resolve));
  return { turn, rest, isHeldFor };
};
