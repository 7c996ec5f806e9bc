import type { Milliseconds } from "../../../core/values/calendar.ts";

/**
 * Waits for the work, but no longer than so long by the machine's own clock; gives whether it
 * ended. Rejects as the work does, while it is waited for.
 */
export const endsWithin = async (
  limit_ms: Milliseconds,
  work: Promise<unknown>,
): Promise<boolean> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limit_ms);
  });
  // A late result is not awaited.
  work.catch(() => {});
  try {
    return await Promise.race([work.then(() => true), over]);
  } finally {
    clearTimeout(timer);
  }
};
