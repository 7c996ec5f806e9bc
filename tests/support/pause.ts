/** A fixed wait, for the few cases in which there is no condition to wait for. */

/**
 * Resolves after so many milliseconds. `why` says what happens in them, or would if it were wrong;
 * where something can be looked at, `until` waits for it instead.
 */
export const pause = (ms: number, why: string): Promise<void> =>
  new Promise((resolve, reject) =>
    why.trim() === "" ? reject(new Error("a pause has a reason")) : setTimeout(resolve, ms)
  );
