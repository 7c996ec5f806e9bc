/** What the calls about prepaid credits answer. */
import type { CreditEntry } from "../../../core/organization/credits.ts";
import type { Caller } from "./caller.ts";

/**
 * Entries, the latest first; `next` is what to ask for `before`, null on the last page. A page may
 * hold fewer entries than were asked for, or none, and still not be the last one.
 */
export type CreditPage = {
  readonly entries: readonly CreditEntry[];
  readonly next: number | null;
};

/**
 * Which page of entries: those before this position, which is the `next` of an earlier page, and
 * nothing else (`InvalidArgument`); fifty by default.
 */
export type CreditPageOptions = {
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
};

/** Prepaid credits. */
export interface Credits {
  /**
   * What moved the balance; the sum of the entries of all pages is the balance at the first one.
   *
   * @example
   * ```ts
   * const { entries, next } = await ledger.credits.entries(alice, { limit: 20 });
   * for (const { reason, amount } of entries) console.log(reason, amount.micros);
   * ```
   */
  entries(caller: Caller, page?: CreditPageOptions): Promise<CreditPage>;
}
