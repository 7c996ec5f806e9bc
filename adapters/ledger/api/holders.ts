/** The call that finds who held a number. */
import type { Holding } from "../../../core/number/state.ts";
import type { NumberStatus } from "../../../core/number/view.ts";
import type { E164 } from "../../../core/values/e164.ts";
import type { Instant } from "../../../core/values/calendar.ts";

/** A number as an organization held it at a time. */
export type Holder = {
  readonly organization: string;
  readonly holding: Holding;
  readonly status: NumberStatus;
};

/** What the operator may ask of a number, whichever organization has it. */
export interface Holders {
  /**
   * The organizations that held a number, or were buying it, at a past time or now, by id. One at
   * most bought it, unless another did in the sandbox; others may have imported it. Rejects with an
   * `InvalidArgument` for a time in the future.
   *
   * @example
   * ```ts
   * const at = Date.parse("2026-03-15");
   * for (const { organization } of await ledger.operator.holders("+14155550101", { at })) {
   *   console.log(organization);
   * }
   * ```
   */
  holders(
    e164: E164,
    options?: { readonly at?: Instant | undefined },
  ): Promise<readonly Holder[]>;
}
