/** A cache of released numbers, which never change again. */
import type { NumberView } from "../../../core/number/view.ts";
import { openRecent } from "../../../core/values/recent.ts";
import { approximateBytes } from "../../validation/size.ts";

/** How much is remembered in all; callers choose how large a view is. */
const MAX_VIEWS = 10_000;
const MAX_BYTES = 8 * 1_048_576;
/** The overhead of keeping one. */
const KEEPING_BYTES = 256;

/** Views of released numbers, by a key. */
export type ReleasedViews = {
  readonly get: (key: string) => NumberView | undefined;
  readonly keep: (key: string, view: NumberView) => void;
};

/** Starts empty; the entry that was kept longest is dropped first. */
export const openReleasedViews = (): ReleasedViews => {
  const kept = openRecent<NumberView>({
    limit: MAX_VIEWS,
    space: { most: MAX_BYTES, of: (view) => KEEPING_BYTES + approximateBytes(view) },
  });
  return {
    // Each caller has its own view, which it may change.
    get: (key) => structuredClone(kept.get(key)),
    keep: (key, view) => kept.set(key, structuredClone(view)),
  };
};
