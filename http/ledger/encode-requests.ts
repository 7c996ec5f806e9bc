/** What the operator decides of, in the ledger's own words: release requests, a verification. */
import type { ReleaseRequest } from "../../core/number/release-requests.ts";
import { isoTime, isoTimeOrNull } from "../../core/values/calendar.ts";
import type { Actor } from "../../core/values/identity.ts";
import type { Verification } from "../../core/verification/state.ts";
import type { VerificationView } from "../../core/verification/view.ts";
import { encodeProfile, encodeRepresentative } from "../speko/encode.ts";
import type { Answer } from "../answer.ts";
import type {
  ReleaseRequestRecord,
  SubmissionRecord,
  VerificationRecord,
} from "./organization-answers.ts";

/**
 * A release request: `status` is pending, approved, rejected or cancelled; `resolvedAt` is null
 * while it is pending, and `rejection` says why it was rejected, else null.
 */
export const encodeReleaseRequest = (
  { id, holding, e164, reason, requestedAt, outcome }: ReleaseRequest,
): Answer<typeof ReleaseRequestRecord> => ({
  id,
  number: holding,
  e164,
  reason,
  status: outcome.status,
  requestedAt: isoTime(requestedAt),
  resolvedAt: outcome.status === "pending" ? null : isoTime(outcome.at),
  rejection: outcome.status === "rejected" ? outcome.reason : null,
});

/** Who submitted it: a user by their e-mail address, null for the operator. */
const emailOf = (actor: Actor | undefined): string | null =>
  actor?.kind === "user" ? actor.email : null;

/**
 * A submission: `status` is draft, submitted, approved, rejected or revoked; `reason` says why it
 * was rejected or revoked; times are null where they have not come.
 */
export const encodeSubmission = (
  submission: Verification,
): Answer<typeof SubmissionRecord> => ({
  id: submission.id,
  status: submission.status,
  businessProfile: encodeProfile(submission.businessProfile),
  authorizedRepresentative: encodeRepresentative(submission.authorizedRepresentative),
  attestationAccepted: submission.attestationAccepted,
  attestedAt: isoTimeOrNull(submission.attestedAt),
  submittedAt: isoTimeOrNull(submission.submitted?.at ?? null),
  submittedBy: emailOf(submission.submitted?.by),
  reviewedAt: isoTimeOrNull(submission.reviewed?.at ?? null),
  reason: submission.reason,
  createdAt: isoTime(submission.createdAt),
  updatedAt: isoTime(submission.updatedAt),
});

/**
 * The status of the verification, missing where nothing was drafted; its last submission, or null;
 * and what a new one would begin with, null where there is nothing, or one is open.
 */
export const encodeVerification = (
  { status, submission, prefill }: VerificationView,
): Answer<typeof VerificationRecord> => ({
  status,
  submission: submission === null ? null : encodeSubmission(submission),
  prefill: prefill === null ? null : {
    businessProfile: encodeProfile(prefill.businessProfile),
    authorizedRepresentative: encodeRepresentative(prefill.authorizedRepresentative),
  },
});
