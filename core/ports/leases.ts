/** The work on automations' lists, and leases on it; part of `mod.ts`. */
import type { Milliseconds } from "../values/calendar.ts";
import type { RowKey, Work } from "./rows.ts";

/** An item on an automation's list. */
export type WorkItem = RowKey & Work & { readonly organization: string };

/** Names an item that a server is working on; also work that is not on any list. */
export type LeaseKey = RowKey & { readonly organization: string };

/**
 * Leases on work, where several servers share a log, so that they do not do the same work
 * concurrently. They only save effort: a lease may lapse while its holder is still at work, and
 * correctness does not depend on it.
 */
export interface Leases {
  /**
   * Takes leases for this time, or longer if they were held already, on the items that no other log
   * holds, and returns these items. This opened log holds them until they are ended or lapse.
   */
  take(keys: readonly LeaseKey[], for_ms: Milliseconds): Promise<readonly LeaseKey[]>;
  /** Ends those of these that are still held. */
  end(keys: readonly LeaseKey[]): Promise<void>;
}
