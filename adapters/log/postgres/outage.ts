/**
 * What is known of a database that does not answer, so that each caller need not find it out. It is
 * plain data, which may outlive the connections that it came from: on workerd each event has its
 * own, and an isolate remembers one outage.
 */
import { Unavailable } from "../../../core/log/unavailable.ts";
import type { Milliseconds } from "../../../core/values/calendar.ts";
import { tag } from "../../../core/values/tag.ts";

/**
 * How long nothing must be answered before the outage counts as known: the first callers have
 * waited so long, since it may have been a failover.
 */
export const FAILOVER_MS: Milliseconds = 5_000;

/** A known outage is tried again after this by the next event that has been answered. */
const REST_MS: Milliseconds = 1_000;

/**
 * An outage that was not tried for so long is no longer known: the next statement tries the
 * database.
 */
const STALE_MS: Milliseconds = 30_000;

/**
 * The database is known to be away; nothing was sent, and another attempt now would fail the same
 * way.
 */
export class KnownAway extends Unavailable {
  static {
    tag(this, "KnownAway");
  }
  readonly isFinal = true;
}

/** The outage of a database, if there is one. */
export type Outage = {
  /** Notes that a statement had an answer, which ends an outage. */
  readonly answered: () => void;
  /** A statement that was begun then had no answer. Gives whether that made the outage known. */
  readonly failed: (begun: number, why: string) => boolean;
  /** What a statement is refused with before it is sent; null where it is to be sent. */
  readonly refusal: () => Unavailable | null;
  /** Whether it is known. */
  readonly isKnown: () => boolean;
  /**
   * Takes the turn to try whether it is over, which one caller has at a time; null where it is not
   * due.
   */
  readonly enterTrial: () => (() => void) | null;
  /** A write was refused as by a standby; gives for how long all of them have been. */
  readonly standby: () => Milliseconds;
  /** A write was taken. */
  readonly wrote: () => void;
};

/** Begins with a database that answers. */
export const openOutage = (now: () => number = () => performance.now()): Outage => {
  let answeredAt = -Infinity;
  /** Since when nothing was answered, and when the first statement failed since. */
  let since: number | null = null;
  let failedAt = 0;
  let known: { readonly why: string; triedAt: number } | null = null;
  let trialUntil = -Infinity;
  let standbySince: number | null = null;
  // Either way: where there is no monotonic clock, this one may have been set back.
  const isPast = (then: number, ms: Milliseconds): boolean => Math.abs(now() - then) >= ms;
  return {
    answered: () => {
      answeredAt = now();
      [since, known] = [null, null];
    },
    failed: (begun, why) => {
      const at = now();
      if (since === null) [since, failedAt] = [Math.max(begun, answeredAt), at];
      const wasKnown = known !== null;
      if (wasKnown || isPast(since, FAILOVER_MS)) known = { why, triedAt: at };
      return known !== null && !wasKnown;
    },
    refusal: () => {
      if (known === null) return null;
      if (isPast(known.triedAt, STALE_MS)) {
        known.triedAt = now();
        return null;
      }
      // Callers that saw it begin try again, as long as they would without this.
      return isPast(failedAt, FAILOVER_MS) ? new KnownAway(known.why) : new Unavailable(known.why);
    },
    isKnown: () => known !== null,
    enterTrial: () => {
      const isDue = known !== null && isPast(known.triedAt, REST_MS) && now() >= trialUntil;
      if (!isDue) return null;
      const until = trialUntil = now() + STALE_MS;
      return () => {
        if (trialUntil === until) trialUntil = -Infinity;
      };
    },
    standby: () => now() - (standbySince ??= now()),
    wrote: () => {
      standbySince = null;
    },
  };
};
