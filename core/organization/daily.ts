/** Limits within 24 hours for what an organization does, except purchases. */
import type { State, Subject } from "../log/state.ts";
import { DAY_MS, type Instant } from "../values/calendar.ts";
import {
  type Exhausted,
  exhausted,
  MAX_DRAFTS_PER_DAY,
  MAX_RELEASE_REQUESTS_PER_DAY,
} from "./quotas.ts";
import { added, countWithin, EMPTY_TALLY, freesAt, type Tally } from "./tally.ts";

/** What is counted, with how often it may be done within 24 hours and how a sentence names it. */
const COUNTED = {
  drafts: { most: MAX_DRAFTS_PER_DAY, name: "drafts of a verification" },
  releaseRequests: { most: MAX_RELEASE_REQUESTS_PER_DAY, name: "release requests" },
} as const;

type Counted = keyof typeof COUNTED;

const counting = (what: Counted) => () => [what];

/** A tally for each; the window rolls as that of purchases does. */
export const dailyTallies: Subject<Tally, "VerificationDrafted" | "ReleaseRequested"> = {
  kind: "dailyTally",
  keys: {
    VerificationDrafted: counting("drafts"),
    ReleaseRequested: counting("releaseRequests"),
  },
  // They are never taken back one by one, so they need no keys.
  evolve: (row = EMPTY_TALLY, event) => added(row, "", event.at),
};

/** The row of a tally, for `needs`. */
export const dailyRow = (what: Counted) => ({ kind: dailyTallies.kind, key: what });

/** The limit within 24 hours is reached. */
export type DailyLimitReached = Exhausted<"DAILY_LIMIT_REACHED">;

/** The refusal of one more, where the last 24 hours have reached the limit; otherwise null. */
export const dailyLimit = (state: State, what: Counted, now: Instant) => {
  const tally = state.get(dailyTallies, what) ?? EMPTY_TALLY;
  const { most, name } = COUNTED[what];
  if (countWithin(tally, now, DAY_MS) < most) return null;
  const free = freesAt(tally, now, DAY_MS, most);
  return exhausted("DAILY_LIMIT_REACHED", `There were ${most} ${name} within 24 hours`, free, now);
};
