/** What is remembered of numbers that are gone, which never changes again. */
import type { NumberView } from "../../core/number/view.ts";
import { approximateBytes } from "../../core/values/size.ts";

/** How much is remembered in all; callers choose how large a view is. */
const MAX_VIEWS = 10_000;
const MAX_BYTES = 8 * 1_048_576;
/** What keeping one takes by itself. */
const KEEPING_BYTES = 256;

/** What gone numbers were, by a key. */
export type GoneViews = {
  readonly get: (key: string) => NumberView | undefined;
  readonly keep: (key: string, view: NumberView) => void;
};

/** None is remembered yet; the longest remembered is forgotten first. */
export const openGoneViews = (): GoneViews => {
  const kept = new Map<string, { readonly view: NumberView; readonly bytes: number }>();
  let size = 0;
  const forget = (key: string): void => {
    size -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return {
    // Each caller has a view of its own, which it may change.
    get: (key) => structuredClone(kept.get(key)?.view),
    keep: (key, view) => {
      forget(key);
      const bytes = KEEPING_BYTES + approximateBytes(view);
      kept.set(key, { view: structuredClone(view), bytes });
      size += bytes;
      for (const oldest of kept.keys()) {
        if (size <= MAX_BYTES && kept.size <= MAX_VIEWS) break;
        forget(oldest);
      }
    },
  };
};
