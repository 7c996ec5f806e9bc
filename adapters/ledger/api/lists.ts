/**
 * Lists over all organizations, for the operator: what waits for a decision, and what was decided.
 */
import type { ReleaseRequest } from "../../../core/number/release-requests.ts";
import type { Verification } from "../../../core/verification/state.ts";

/**
 * `after` is the `next` of an earlier page, and nothing else (`InvalidArgument`); fifty rows by
 * default.
 */
export type ListOptions<Status> = {
  readonly status?: Status | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
};

/**
 * Rows, the newest first, with the organizations that they belong to. `next` is what to ask for
 * `after`, null on the last page. A page looks at so many rows only: it may hold few of the status
 * that was asked for, or none, and still have a next one.
 */
export type Listed<Row> = {
  readonly rows: readonly { readonly organization: string; readonly row: Row }[];
  readonly next: string | null;
};

export type VerificationList = ListOptions<Verification["status"]>;
export type ReleaseRequestList = ListOptions<ReleaseRequest["outcome"]["status"]>;

/** Calls that list what all organizations have. */
export interface Lists {
  /**
   * Verifications of all organizations, of one status if one is named.
   *
   * @example
   * ```ts
   * const { rows } = await ledger.operator.verifications({ status: "submitted" });
   * for (const { organization, row } of rows) console.log(organization, row.id);
   * ```
   */
  verifications(list?: VerificationList): Promise<Listed<Verification>>;
  /**
   * Release requests of all organizations, of one status if one is named.
   *
   * @example
   * ```ts
   * const { rows } = await ledger.operator.releaseRequests({ status: "pending" });
   * ```
   */
  releaseRequests(list?: ReleaseRequestList): Promise<Listed<ReleaseRequest>>;
}
