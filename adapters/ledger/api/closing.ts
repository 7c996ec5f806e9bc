/** The call that closes an organization. */
import type { OrganizationUnknown } from "../../../core/organization/refusals.ts";
import type { Answer } from "./caller.ts";
import type { OrganizationView } from "./organization.ts";

/** How far a closing has come. */
export type ClosingProgress = {
  readonly organization: OrganizationView;
  /** How many of its numbers are not released yet. */
  readonly numbers: number;
};

/** Closing an organization. */
export interface ClosingCalls {
  /**
   * Closes an organization: it buys and imports nothing more and is charged nothing more, its
   * tokens are revoked, and its numbers are released; its log stays. A call begins the release of
   * 200 numbers at most, and a purchase that cannot be cancelled is released once it has ended:
   * call again until no number is left. A closing that is broken off goes on with the next call.
   * `open` with a plan opens the organization again.
   *
   * @example
   * ```ts
   * const closed = await ledger.operator.close("acme");
   * if (closed.ok) console.log(closed.value.numbers);
   * ```
   */
  close(organization: string): Answer<ClosingProgress, OrganizationUnknown>;
}
