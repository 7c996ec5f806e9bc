/** The calls about release requests. */
import type {
  RequestRelease,
  ResolveReleaseRequest,
} from "../../../core/number/decisions/release.ts";
import type { ReleaseRequest } from "../../../core/number/release-requests.ts";
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { ReleaseRequestList } from "./lists.ts";
import type { Answer, Caller, CommandOptions, RepeatableAnswer } from "./caller.ts";

/** A page of release requests; `next` is what to ask for `after`, null on the last page. */
export type ReleaseRequestPage = {
  readonly requests: readonly ReleaseRequest[];
  readonly next: string | null;
};

/** Release requests, which the operator approves or rejects. */
export interface ReleaseRequests {
  /**
   * All of them, the newest first.
   *
   * @example
   * ```ts
   * const [newest] = await ledger.releaseRequests.list(alice);
   * console.log(newest?.outcome.status);
   * ```
   */
  list(caller: Caller): Promise<readonly ReleaseRequest[]>;
  /**
   * A page of them, the newest first, of one status if one is named; fifty where no `limit` is
   * given. `after` is the `next` of an earlier page, and nothing else (`InvalidArgument`); `next`
   * is null on the last page. A page looks at 2,000 of them at most: it may be short, or empty,
   * and still have a next one.
   *
   * @example
   * ```ts
   * const { requests, next } = await ledger.releaseRequests.page(alice, { status: "pending" });
   * ```
   */
  page(caller: Caller, list?: ReleaseRequestList): Promise<ReleaseRequestPage>;
  /**
   * One of them by its id; null for one that the organization does not have.
   *
   * @example
   * ```ts
   * const request = await ledger.releaseRequests.get(alice, "rr_…");
   * ```
   */
  get(caller: Caller, id: string): Promise<ReleaseRequest | null>;
  /**
   * Asks the operator to release a number. For a failed purchase, or one in progress that its
   * carrier can cancel, the request is approved immediately and does what `release` does.
   *
   * @example
   * ```ts
   * const input = { holding: id, reason: "The office in Boston was closed." };
   * const requested = await ledger.releaseRequests.request(alice, input);
   * ```
   */
  request(
    caller: Caller,
    input: { readonly holding: string; readonly reason: string },
    options?: CommandOptions,
  ): RepeatableAnswer<ReleaseRequest, RefusalOf<RequestRelease>>;
  /**
   * Cancels a pending request; the number stays.
   *
   * @example
   * ```ts
   * const cancelled = await ledger.releaseRequests.cancel(alice, "rr_…");
   * ```
   */
  cancel(caller: Caller, id: string): Answer<ReleaseRequest, RefusalOf<ResolveReleaseRequest>>;
}
