import type { Instant, Milliseconds } from "../../core/values/calendar.ts";

/** Remembers received values for a while. */
export type Memory = {
  /** Whether `what` was not received recently; it is remembered from now on. */
  readonly isNew: (what: string, now: Instant) => boolean;
  /** From now on `what` is new again. */
  readonly forget: (what: string) => void;
};

/** Remembers each for `lastsMs`, at most `limit` of them: beyond that the oldest are removed. */
export const openMemory = (
  { limit, lastsMs }: { readonly limit: number; readonly lastsMs: Milliseconds },
): Memory => {
  // In the order of their arrival, and so of their removal.
  const cameAt = new Map<string, Instant>();
  const forgetWhile = (isOver: (at: Instant) => boolean): void => {
    for (const [earlier, at] of cameAt) {
      if (!isOver(at)) break;
      cameAt.delete(earlier);
    }
  };
  return {
    isNew: (what, now) => {
      forgetWhile((at) => now - at > lastsMs);
      if (cameAt.has(what)) return false;
      forgetWhile(() => cameAt.size >= limit);
      cameAt.set(what, now);
      return true;
    },
    forget: (what) => void cameAt.delete(what),
  };
};
