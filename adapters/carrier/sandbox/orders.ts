import type { Instant } from "../../../core/values/calendar.ts";
import type { E164 } from "../../../core/values/e164.ts";

/** An order that the sandbox carrier accepted. */
export type TakenOrder = {
  /** Unique among all orders of a book, later ones higher. */
  readonly sequence: number;
  readonly e164: E164;
  /**
   * When it was accepted, by the ledger's clock and by the machine's, which a test clock does not
   * move.
   */
  readonly orderedAt: Instant;
  readonly machineOrderedAt: Instant;
  /** The connection it is for, if any. */
  readonly connectionId: string | null;
  /** Whether it was cancelled since. */
  readonly cancelled?: boolean | undefined;
};

/** A sold number with the order that holds it. */
export type Sale = TakenOrder & { readonly key: string };

/**
 * What the sandbox carrier remembers: its orders, and so which numbers are sold. Each call is one
 * atomic step however many run concurrently, and its result is final.
 */
export interface OrderBook {
  /** Those of `numbers` that are sold. */
  sold(numbers: readonly E164[]): Promise<ReadonlySet<string>>;
  /** Accepts an order; null where its number is sold. A key may be used any number of times. */
  take(
    key: string,
    order: Omit<TakenOrder, "sequence" | "cancelled">,
  ): Promise<TakenOrder | null>;
  /**
   * The last order accepted under a key, also after its number was released; null if there was
   * none.
   */
  last(key: string): Promise<TakenOrder | null>;
  /** The sale of this number; null when it is not sold. */
  sale(e164: E164): Promise<Sale | null>;
  /** Sales with a higher sequence than `after`, in its order, at most `limit`. */
  sales(after: number, limit: number): Promise<readonly Sale[]>;
  /** Records another connection for a sale, or null; false when the sale no longer exists. */
  connect(
    order: { readonly sequence: number; readonly e164: E164 },
    connectionId: string | null,
  ): Promise<boolean>;
  /**
   * Cancels an order and ends the sale of its number; changes nothing where the order no longer
   * holds the number. True when it is cancelled, now or before.
   */
  cancel(order: { readonly sequence: number; readonly e164: E164 }): Promise<boolean>;
  /**
   * Counts one attempt to release an order's number and, when at least `failures` were counted
   * before it, ends the sale. `gone`: no such order, or released before.
   */
  release(
    order: { readonly sequence: number; readonly e164: E164 },
    failures: number,
  ): Promise<"released" | "failed" | "gone">;
}
