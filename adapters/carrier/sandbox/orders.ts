import type { Instant } from "../../../core/values/calendar.ts";
import type { E164 } from "../../../core/values/e164.ts";

/** An order that the sandbox carrier took. */
export type TakenOrder = {
  /** Unique among all orders of a book, later ones higher. */
  readonly sequence: number;
  readonly e164: E164;
  /** When it was taken, by the ledger's clock and by the machine's, which a test clock leaves. */
  readonly orderedAt: Instant;
  readonly machineOrderedAt: Instant;
};

/**
 * What the sandbox carrier remembers: its orders, and so which numbers are sold. Each call is one
 * atomic step however many are under way, and what it answered holds for ever.
 */
export interface OrderBook {
  /** Those of `numbers` that are sold. */
  sold(numbers: readonly E164[]): Promise<ReadonlySet<string>>;
  /** Takes an order, unless its number is sold: then null. A key may be used any number of times. */
  take(
    key: string,
    order: Omit<TakenOrder, "sequence">,
  ): Promise<TakenOrder | null>;
  /** The last order taken under a key, also after its number was released; null if none was. */
  last(key: string): Promise<TakenOrder | null>;
  /**
   * Counts one attempt to release an order's number and, when at least `failures` were counted
   * before it, sells the number no longer. `gone`: no such order, or released before.
   */
  release(
    order: { readonly sequence: number; readonly e164: E164 },
    failures: number,
  ): Promise<"released" | "failed" | "gone">;
}
