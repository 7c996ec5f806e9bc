/** The list of what automations have to do, for the operator. */
import type { Instant, Milliseconds } from "../../../core/values/calendar.ts";
import type { Refused } from "../../../core/log/decision.ts";
import type { Answer } from "./caller.ts";
import type { PageOptions } from "./inventory.ts";

/**
 * Which work is listed: what is due, or of that what has been for more than an hour (`stuck`), or
 * what this ledger tried and leaves alone for a while (`resting`). `until` lists what is due by
 * then, also in the future; by now where it is left out.
 */
export type WorkListOptions = PageOptions & {
  readonly state?: "due" | "stuck" | "resting" | undefined;
  readonly until?: Instant | undefined;
};

/** One item of an automation's list. */
export type WorkView = {
  /** Null for what belongs to no organization: the reconciliation of a carrier. */
  readonly organization: string | null;
  readonly automation: string;
  /** What kind of row waits, and its id: a number, a charge, a verification. */
  readonly kind: string;
  readonly id: string;
  readonly due: Instant;
  /** For how long it has been due; 0 for what is not yet. */
  readonly age: Milliseconds;
  readonly isStuck: boolean;
  /** For how long this ledger leaves it alone; null where it does not. */
  readonly restsFor: Milliseconds | null;
  /** Why the last try of this ledger went no further; null where it made none. */
  readonly reason: string | null;
};

/**
 * Work, the longest due first. A page looks at so many items only: it may hold few that are
 * resting, or none, and still have a next one.
 */
export type WorkPage = { readonly work: readonly WorkView[]; readonly next: string | null };

/** Names an item as the list of work does. */
export type WorkName = Pick<WorkView, "organization" | "kind" | "id">;

/**
 * What came of an item that was tried: it is `done`, or it stays `open`, for this `reason`, or
 * it is being done `elsewhere`, by another server.
 */
export type WorkTried = {
  readonly outcome: "done" | "open" | "elsewhere";
  readonly reason: string | null;
};

/** Nothing is due under this name. */
export type WorkUnknown = Refused<"WORK_UNKNOWN">;

/** The calls about single items of work. */
export interface WorkList {
  /**
   * What automations have to do, of all organizations. Which items rest, and why, is known of the
   * tries of this opened ledger, and of no other server's.
   *
   * @example
   * ```ts
   * const { work } = await ledger.operator.work({ state: "stuck" });
   * for (const { automation, id, age, reason } of work) console.log(automation, id, age, reason);
   * ```
   */
  work(list?: WorkListOptions): Promise<WorkPage>;
  /**
   * Has one item that is due tried now, though it rests, and alone: of what goes in order, before
   * what fell due earlier. Waits for it up to the wait budget. Safe at any time: a step asks again
   * under the same key, or finds that nothing is left to do. What waits for a trusted clock waits
   * on.
   *
   * @example
   * ```ts
   * const { work: [item] } = await ledger.operator.work({ state: "resting" });
   * if (item !== undefined) {
   *   const tried = await ledger.operator.runWork(item);
   *   if (tried.ok) console.log(tried.value.outcome, tried.value.reason);
   * }
   * ```
   */
  runWork(item: WorkName): Answer<WorkTried, WorkUnknown>;
}
