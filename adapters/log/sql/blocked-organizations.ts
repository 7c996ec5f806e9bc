/** Organizations to whose logs nothing can be written now, and how long a statement may take. */
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { Waiting } from "./pending-append.ts";

/** How long a blocked append is tried again before it fails. */
const GIVE_UP_MS: Milliseconds = 5_000;

/** How long an append waits for a lane when its organization was given up. */
const WAIT_MS: Milliseconds = 1_000;

/**
 * After it was blocked, an organization's appends are sent alone, for so long or until one
 * succeeds.
 */
const REMEMBERED_MS: Milliseconds = 600_000;

/** No more than these are remembered. */
const MANY = 1_000;

/** The error for the callers of a blocked organization. */
export const blockedError = (organization: string, cause?: unknown): Unavailable =>
  new Unavailable(
    `what the log of ${JSON.stringify(organization)} has to write is held by another session of ` +
      "the database, or its commit does not end",
    cause,
  );

/** Which organizations were blocked of late. */
export const openBlocked = () => {
  const known = new Map<string, { readonly since: number; readonly until: number }>();
  const current = (organization: string) => {
    const found = known.get(organization);
    return found !== undefined && found.until > performance.now() ? found : undefined;
  };
  /** Whether it has been blocked for so long that its callers are to wait no longer. */
  const isOver = (organization: string): boolean => {
    const found = known.size > 0 ? current(organization) : undefined;
    return found !== undefined && performance.now() - found.since > GIVE_UP_MS;
  };
  return {
    has: (organization: string): boolean => known.size > 0 && current(organization) !== undefined,
    /**
     * Notes that an append was blocked now; the one that was blocked longest ago may be forgotten.
     */
    note: ({ append: { organization }, begun }: Waiting): void => {
      const now = performance.now();
      const since = Math.min(current(organization)?.since ?? now, begun ?? now);
      known.delete(organization);
      known.set(organization, { since, until: now + REMEMBERED_MS });
      const [first] = known.keys();
      if (known.size > MANY && first !== undefined) known.delete(first);
    },
    isOver,
    /** Whether an append has been tried, or has waited to be tried alone, for too long. */
    isLate: ({ append, begun }: Waiting): boolean => {
      const limit = isOver(append.organization) ? WAIT_MS : GIVE_UP_MS;
      return begun !== null && performance.now() - begun > limit;
    },
    /** Notes that it is blocked no more. */
    clear: (organization: string): void => void known.delete(organization),
  };
};

/**
 * A statement for several appends is called off after this, or ten times what they take of late.
 */
const LEAST_MS: Milliseconds = 400;
const MOST_MS: Milliseconds = 5_000;
const TIMES = 10;
/** The weight of the last one. */
const WEIGHT = 0.1;

/**
 * One append alone has so long, or five times what a batch takes, where others that may not be
 * blocked wait for the same lanes; if it was blocked once, longer; and then long enough for a slow
 * commit to finish.
 */
const DOUBTFUL_MS: Milliseconds = 150;
const DOUBTFUL_TIMES = 5;
const SECOND_MS: Milliseconds = 500;
const ALONE_MS: Milliseconds = 2_000;

/**
 * How long a statement may take: a database that is slow for all must not be made slower by
 * cancelling.
 */
export const openPace = () => {
  let usual_ms = 0;
  const limit = (least: Milliseconds, times: number): Milliseconds =>
    Math.min(MOST_MS, Math.max(least, times * usual_ms));
  return {
    note: (taken_ms: Milliseconds): void => {
      usual_ms += WEIGHT * (taken_ms - usual_ms);
    },
    limit: (): Milliseconds => limit(LEAST_MS, TIMES),
    limitAlone: ({ blocks }: Waiting, kind: "known" | "doubtful"): Milliseconds => {
      if (kind === "doubtful") return limit(DOUBTFUL_MS, DOUBTFUL_TIMES);
      return blocks > 1 ? ALONE_MS : limit(SECOND_MS, DOUBTFUL_TIMES);
    },
  };
};
