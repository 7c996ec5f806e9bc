/** The calls about the verification of an organization's business. */
import type { RefusalOf } from "../../../core/registry/commands.ts";
import type {
  DraftVerification,
  SubmitVerification,
} from "../../../core/verification/decisions.ts";
import type { VerificationDraft } from "../../../core/verification/draft.ts";
import type { Verification } from "../../../core/verification/state.ts";
import type { VerificationView } from "../../../core/verification/view.ts";
import type { Answer, Caller } from "./caller.ts";

/** The verification of the organization's business. */
export interface VerificationCalls {
  /**
   * The last submission with its status, and what a new one would begin with.
   *
   * @example
   * ```ts
   * const { status, prefill } = await ledger.verification.get(alice);
   * ```
   */
  get(caller: Caller): Promise<VerificationView>;
  /**
   * What is left out stays as it was in the draft or the last submission; null and "" clear it.
   *
   * @example
   * ```ts
   * const drafted = await ledger.verification.draft(alice, {
   *   businessProfile: { legalName: "Acme Inc.", country: "US" },
   *   authorizedRepresentative: { name: "Alice Johnson" },
   *   attestationAccepted: false,
   * });
   * ```
   */
  draft(
    caller: Caller,
    content: VerificationDraft,
  ): Answer<Verification, RefusalOf<DraftVerification>>;
  /**
   * Submits the verification for review. Refused while something is missing that a review needs,
   * and once one is submitted or approved.
   *
   * @example
   * ```ts
   * const { submission } = await ledger.verification.get(alice);
   * if (submission !== null) {
   *   const content = { ...submission, attestationAccepted: true } as const;
   *   await ledger.verification.submit(alice, content);
   * }
   * ```
   */
  submit(
    caller: Caller,
    content: SubmitVerification["content"],
  ): Answer<Verification, RefusalOf<SubmitVerification>>;
}
