/** What is shown of a verification, from its state (`state.ts`) alone. */
import type { State } from "../log/state.ts";
import { self, SELF_ROW } from "../organization/refusals.ts";
import type { VerificationStatus } from "../organization/state.ts";
import type { Needs } from "../ports/mod.ts";
import type { VerificationContent } from "../events/verification.ts";
import { type Verification, verifications } from "./state.ts";

/** The status of the verification of an organization's business. */
export type VerificationView = {
  readonly status: VerificationStatus;
  /** The last submission; null when there never was one. */
  readonly submission: Verification | null;
  /** What a new submission would begin with; null when there is nothing, or one is open. */
  readonly prefill:
    | Pick<VerificationContent, "businessProfile" | "authorizedRepresentative">
    | null;
};

/** What the view reads. */
export const VERIFICATION_NEEDS: Needs = { rows: [SELF_ROW], kinds: [verifications.kind] };

/**
 * The view of the last submission, and what the next can take from it (http/README.md, Speko).
 *
 * @example
 * ```ts
 * import { State, verificationView } from "ledgerline/core";
 *
 * console.log(verificationView(State.empty()).status); // missing
 * ```
 */
export const verificationView = (state: State): VerificationView => {
  const id = self(state)?.verification.id ?? null;
  const submission = id === null ? undefined : state.get(verifications, id);
  if (submission === undefined) return { status: "missing", submission: null, prefill: null };
  const { status, businessProfile, authorizedRepresentative } = submission;
  const over = status === "rejected" || status === "revoked";
  return {
    status,
    submission,
    prefill: over ? { businessProfile, authorizedRepresentative } : null,
  };
};
