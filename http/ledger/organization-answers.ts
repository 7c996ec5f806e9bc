/** What the ledger's own calls answer about the organization, and what its operator decides of. */
import * as v from "valibot";
import { REQUEST_STATUSES } from "../../core/number/release-requests.ts";
import { SUBMISSION_STATUSES } from "../../core/verification/state.ts";
import { Dollars, Id, Number164, orNull, Time } from "../answer.ts";
import { BusinessProfileRecord, PrefillRecord, RepresentativeRecord } from "../business-answers.ts";

/** A limit; null where nothing reaches it. */
const Limit = orNull(v.number());
const LimitUsd = orNull(Dollars);

/** The caller's organization, and what its plan allows. */
export const OrganizationRecord = v.strictObject({
  id: Id,
  name: v.string(),
  plan: v.string(),
  creditsUsd: Dollars,
  verification: v.picklist(["missing", ...SUBMISSION_STATUSES]),
  limits: v.strictObject({
    imports: Limit,
    purchasesPerDay: Limit,
    purchasesPer30Days: Limit,
    highestSetupUsd: LimitUsd,
    highestMonthlyUsd: LimitUsd,
    requestsPerMinute: Limit,
    searchesPerMinute: Limit,
  }),
  openedAt: Time,
});

/** The organization's place within its plan. */
export const EligibilityRecord = v.strictObject({
  plan: v.string(),
  numbers: v.number(),
  maxNumbers: Limit,
  hasSubscription: v.boolean(),
});

/** The balance of the prepaid credits. */
export const CreditsRecord = v.strictObject({ balanceUsd: Dollars, changedAt: Time });

/** What moved the balance; what was taken is negative. */
export const EntryRecord = v.strictObject({
  id: v.union([v.string(), v.number()]),
  at: Time,
  reason: v.picklist(["added", "purchase", "renewal", "refund"]),
  amountUsd: Dollars,
  number: orNull(Id),
});

/** A page of entries, the latest first; `next` is null on the last. */
export const Entries = v.strictObject({
  entries: v.array(EntryRecord),
  next: orNull(v.number()),
});

/** A request to release a number. */
export const ReleaseRequestRecord = v.strictObject({
  id: Id,
  number: Id,
  e164: Number164,
  reason: v.string(),
  status: v.picklist(REQUEST_STATUSES),
  requestedAt: Time,
  resolvedAt: orNull(Time),
  rejection: orNull(v.string()),
});

/** A page of release requests, the newest first; `next` is null on the last. */
export const ReleaseRequests = v.strictObject({
  releaseRequests: v.array(ReleaseRequestRecord),
  next: orNull(Id),
});

/** A submission to verify the business. */
export const SubmissionRecord = v.strictObject({
  id: Id,
  status: v.picklist(SUBMISSION_STATUSES),
  businessProfile: BusinessProfileRecord,
  authorizedRepresentative: RepresentativeRecord,
  attestationAccepted: v.boolean(),
  attestedAt: orNull(Time),
  submittedAt: orNull(Time),
  submittedBy: orNull(v.string()),
  reviewedAt: orNull(Time),
  reason: orNull(v.string()),
  createdAt: Time,
  updatedAt: Time,
});

/** The status of the verification, and what a new submission would begin with. */
export const VerificationRecord = v.strictObject({
  status: v.picklist(["missing", ...SUBMISSION_STATUSES]),
  submission: orNull(SubmissionRecord),
  prefill: orNull(PrefillRecord),
});
