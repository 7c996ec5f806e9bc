/** How tests wait for what comes in time: ask again, within one generous limit. */
import { Unavailable } from "../../core/log/unavailable.ts";

/** Many times what anything takes: the machine may be busy with other tests. */
export const LIMIT_MS = 120_000;
/** The pause between two looks. */
const PAUSE_MS = 20;

/**
 * Asks until the answer is what is waited for, and returns that answer. Throws with the last one
 * when it has not come within `LIMIT_MS`; what `ask` throws is thrown.
 */
export const eventually = async <Answer>(
  ask: () => Answer | Promise<Answer>,
  isIt: (answer: Answer) => boolean,
): Promise<Answer> => {
  const end_ms = performance.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    if (performance.now() > end_ms) throw new Error(`still: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
};

/** Asks until it holds. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  await eventually(holds, (does) => does);
};

/**
 * Gives a command, or reads, until the log answers, and returns the answer. A log that is
 * `Unavailable` may have committed it all the same, so it must be one that can be given twice, such
 * as a command with an id. On a busy machine, a log says so of what others hold for some seconds.
 */
export const untilReached = async <Value>(ask: () => Promise<Value>): Promise<Value> => {
  const { value } = await eventually(
    () =>
      ask().then((value) => ({ value }), (error: unknown) => {
        if (error instanceof Unavailable) return { error };
        throw error;
      }),
    (answer) => "value" in answer,
  ) as { readonly value: Value };
  return value;
};
