/** The calls about release requests. */
import type {
  RequestRelease,
  ResolveReleaseRequest,
} from "../../../core/number/decisions/release.ts";
import type { ReleaseRequest } from "../../../core/number/release-requests.ts";
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type { Answer, Caller, CommandOptions, RepeatableAnswer } from "./caller.ts";

/** Release requests, which the operator approves or rejects. */
export interface ReleaseRequests {
  /**
   * The newest first.
   *
   * @example
   * ```ts
   * const [newest] = await ledger.releaseRequests.list(alice);
   * console.log(newest?.outcome.status);
   * ```
   */
  list(caller: Caller): Promise<readonly ReleaseRequest[]>;
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
