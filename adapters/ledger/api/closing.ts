/** The call that closes an organization. */
import type { OrganizationUnknown } from "../../../core/organization/refusals.ts";
import type { Answer } from "./caller.ts";
import type { OrganizationView } from "./organization.ts";

/** How far a closing has come. */
export type ClosingProgress = {
  /** Of whose `tokens` those are left that are not revoked yet. */
  readonly organization: OrganizationView;
  /** How many of its numbers are not released yet. */
  readonly numbers: number;
};

/** Closing an organization. */
export interface ClosingCalls {
  /**
   * Closes an organization: it buys and imports nothing more and is charged nothing more, its
   * tokens are revoked, and its numbers are released; its log stays. The call waits for that up to
   * the wait budget, and not for carriers; what is left then is done automatically, as after a
   * crash. A purchase that cannot be cancelled is released once it has ended. The same call again
   * says how much is left. `open` with a plan opens the organization again.
   *
   * @example
   * ```ts
   * const closed = await ledger.operator.close("acme");
   * if (closed.ok) console.log(closed.value.numbers);
   * ```
   */
  close(organization: string): Answer<ClosingProgress, OrganizationUnknown>;
}
