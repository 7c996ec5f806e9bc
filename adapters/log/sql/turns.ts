import process from "node:process";
import { setImmediate } from "node:timers";

/** For so long, at most, appends may follow upon another before the event loop has its turn. */
const LOOP_MS = 2;

/**
 * Lets others run before the next batch is taken. `rest`: resolves when all who had their outcomes
 * have gone on, so that their next appends join in; every now and then it lets the event loop turn,
 * as `turn` does always: whoever has just asked for something can then join in as well.
 */
export const openTurns = () => {
  let turned = 0;
  const turn = (): Promise<void> =>
    new Promise((resolve) =>
      setImmediate(() => {
        turned = performance.now();
        resolve();
      })
    );
  const rest = (): Promise<void> =>
    performance.now() - turned > LOOP_MS
      ? turn()
      : new Promise((resolve) => process.nextTick(resolve));
  return { turn, rest };
};
