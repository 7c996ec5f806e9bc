/** Organizations to whose logs nothing can be written now, and how long a statement may take. */
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { Waiting } from "./waiting.ts";

/** For so long an append that is blocked is tried again; then its caller is told. */
const GIVE_UP_MS: Milliseconds = 5_000;

/** After it was blocked, an organization's appends are sent alone for so long. */
const REMEMBERED_MS: Milliseconds = 3_000;

/** More than these are looked through for those that can be forgotten. */
const MANY = 1_000;

/** Which organizations were blocked of late. */
export const openBlocked = () => {
  const known = new Map<string, { readonly since: number; readonly until: number }>();
  const current = (organization: string) => {
    const found = known.get(organization);
    return found !== undefined && found.until > performance.now() ? found : undefined;
  };
  return {
    has: (organization: string): boolean => known.size > 0 && current(organization) !== undefined,
    /** Notes that an append was blocked now; gives whether its caller is to wait no longer. */
    isOver: ({ append: { organization }, begun }: Waiting): boolean => {
      const now = performance.now();
      if (known.size > MANY) {
        for (const [id, { until }] of known) if (until <= now) known.delete(id);
      }
      const since = current(organization)?.since ?? now;
      known.set(organization, { since, until: now + REMEMBERED_MS });
      return now - Math.min(since, begun ?? now) > GIVE_UP_MS;
    },
    /** Notes that it is blocked no more. */
    clear: (organization: string): void => void known.delete(organization),
  };
};

/** A statement for several appends is called off after this, or ten times what they take of late. */
const LEAST_MS: Milliseconds = 500;
const MOST_MS: Milliseconds = 5_000;
const TIMES = 10;
/** How much the last one counts. */
const WEIGHT = 0.1;

/** One append alone keeps nobody from anything, so it has more time. */
export const ALONE_MS: Milliseconds = 2_000;

/** How long a batch may take: a database that is slow for all is not made slower by calling off. */
export const openPace = () => {
  let usual_ms = 0;
  return {
    note: (taken_ms: Milliseconds): void => {
      usual_ms += WEIGHT * (taken_ms - usual_ms);
    },
    limit: (): Milliseconds => Math.min(MOST_MS, Math.max(LEAST_MS, TIMES * usual_ms)),
  };
};
