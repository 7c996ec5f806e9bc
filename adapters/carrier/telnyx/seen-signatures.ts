import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import { openRecent } from "../../../core/values/recent.ts";

/** The signatures that were verified recently: plain data, which may outlive an application. */
export type SeenSignatures = {
  /** Whether `signature` was not seen recently; it is remembered from now on. */
  readonly isNew: (signature: string, now: Instant) => boolean;
  /** From now on `signature` is new again. */
  readonly forget: (signature: string) => void;
};

/** Remembers each for `lastsMs`, at most `limit` of them: beyond that the oldest are removed. */
export const openSeenSignatures = (
  { limit, lastsMs }: { readonly limit: number; readonly lastsMs: Milliseconds },
): SeenSignatures => {
  const seen = openRecent<Instant>({ limit });
  return {
    isNew: (signature, now) => {
      const isOver = (at: Instant): boolean => now - at > lastsMs;
      const at = seen.get(signature);
      seen.forget(isOver);
      if (at !== undefined && !isOver(at)) return false;
      seen.set(signature, now);
      return true;
    },
    forget: seen.delete,
  };
};
