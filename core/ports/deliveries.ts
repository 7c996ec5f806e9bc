/** The port to what is kept of the deliveries to webhook endpoints; part of `mod.ts`. */
import type { Instant, Milliseconds } from "../values/calendar.ts";

/** Names the progress of an endpoint through the log of one organization. */
export type DeliveryKey = { readonly endpoint: string; readonly organization: string };

/** An event that an endpoint has not accepted yet, and that is tried again. */
export type PendingDelivery = {
  readonly position: number;
  /** What the event is about, whose events are delivered in order. */
  readonly subject: string;
  /** How often it was tried. */
  readonly attempts: number;
  /** When it is tried next. */
  readonly dueAt: Instant;
  /** When it was tried first. */
  readonly firstAt: Instant;
};

/**
 * How far an endpoint has come in the log of one organization: each event up to `position` was
 * delivered, is not of its types, or is pending.
 */
export type DeliveryProgress = DeliveryKey & {
  readonly position: number;
  /** Of the event at that position; "" at 0. */
  readonly hash: string;
  /** At most 1,000, in any order. */
  readonly pending: readonly PendingDelivery[];
  /** Until when nothing is sent to the endpoint; null where that does not wait. */
  readonly blockedUntil: Instant | null;
  /** How many attempts in a row have failed. */
  readonly failures: number;
  /** Counts the writes of this progress, from 1 on. */
  readonly version: number;
};

/** One request to an endpoint. It was delivered where `failure` is null. */
export type DeliveryAttempt = DeliveryKey & {
  /** Chosen by the caller: an attempt that is known is not kept again. */
  readonly id: string;
  readonly position: number;
  /** The id of the published event. */
  readonly event: string;
  /** 1 for the first of this event. */
  readonly attempt: number;
  readonly at: Instant;
  /** The status of the answer; null where there was none. */
  readonly status: number | null;
  /** A code that says why it was not delivered. */
  readonly failure: string | null;
  /** How long it took. */
  readonly ms: Milliseconds;
  /**
   * How the answer's body begins: its first 500 characters (UTF-16 code units) are kept, with
   * U+FFFD for each NUL and each half of a surrogate pair.
   */
  readonly answer: string;
};

/** What is written together: the progress, and the attempts that have led to it. */
export type DeliveryChange = {
  /**
   * With the version that it replaces, and that it was read with; 0 for the first. Null where the
   * attempts change none, as those of a test do.
   */
  readonly progress: DeliveryProgress | null;
  readonly attempts: readonly DeliveryAttempt[];
};

/** Progress that waits for a time. */
export type DueDelivery = DeliveryKey & { readonly due: Instant };

/** The place of an attempt in its endpoint's list. */
export type AttemptPlace = { readonly at: Instant; readonly id: string };

/** Which attempts a list has: those that fit all of this. */
export type AttemptFilter = {
  readonly event?: string | undefined;
  readonly isDelivered?: boolean | undefined;
};

/**
 * What is kept of deliveries, beside the log: rebuilds, exports and checks leave it alone. Progress
 * is written by comparing its version, so that a server which was stopped for a while, and lost its
 * lease, moves nothing back.
 *
 * Progress waits for the earliest `dueAt` of what is pending, and not before `blockedUntil`; where
 * nothing is pending, for `blockedUntil`, if that is not null.
 */
export interface Deliveries {
  /**
   * The key that the secrets of all endpoints are derived from: 32 random bytes in base64, made by
   * the first call and never changed.
   */
  key(): Promise<string>;
  /** The progress of these, as far as there is any, in any order. */
  load(keys: readonly DeliveryKey[]): Promise<readonly DeliveryProgress[]>;
  /**
   * The progress of an endpoint, by organization in code point order, after `after`, at most
   * `limit`.
   */
  progress(endpoint: string, after: string, limit: number): Promise<readonly DeliveryProgress[]>;
  /**
   * Progress that waits for `until` or an earlier time: the longest due first, then by endpoint and
   * organization, at most `limit`; after `after` in that order, where it is given.
   */
  due(until: Instant, limit: number, after?: DueDelivery): Promise<readonly DueDelivery[]>;
  /** The earliest time later than `after` that progress waits for, or null. */
  nextDue(after: Instant): Promise<Instant | null>;
  /**
   * Writes each change whole or not at all, and returns whether each was written, in their order.
   * One is not written whose progress has another version by now. Nor may it seem to be where its
   * answer was lost: read the progress again then. Each progress may be given once. Refuses with a
   * RangeError what does not keep to the bounds; nothing is written then.
   */
  record(changes: readonly DeliveryChange[]): Promise<readonly boolean[]>;
  /**
   * The attempts of an endpoint that fit, the latest first (then by id, the last first), behind
   * `after` in that order, at most `limit`. Those of an endpoint that was removed are among them.
   */
  attempts(
    endpoint: string,
    filter: AttemptFilter,
    limit: number,
    after?: AttemptPlace,
  ): Promise<readonly DeliveryAttempt[]>;
  /**
   * Drops progress of an endpoint that was removed, at most `limit`; returns how much it dropped,
   * which is less than `limit` at the end. Its attempts stay.
   */
  remove(endpoint: string, limit: number): Promise<number>;
  /** Drops attempts from before a time, at most `limit`; returns how many it dropped. */
  forget(before: Instant, limit: number): Promise<number>;
}
