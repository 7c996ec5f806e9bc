/** The ledger's own calls for those who write clients. */
import { BUSINESS } from "../business-examples.ts";
import type { Operations } from "../openapi/operation.ts";
import { DryRunRecord } from "./dry-run-answers.ts";
import { DryRunBody } from "./dry-run-schemas.ts";
import { numberOperations } from "./number-operations.ts";
import {
  CreditsRecord,
  EligibilityRecord,
  Entries,
  OrganizationRecord,
  ReleaseRequestRecord,
  ReleaseRequests,
  SubmissionRecord,
  VerificationRecord,
} from "./organization-answers.ts";
import { EntriesQuery, ReleaseRequestBody, ReleaseRequestsQuery } from "./schemas.ts";
import { DraftBody, SubmissionBody } from "./verification-schemas.ts";

const REQUEST = {
  id: "rr_01kg9qxg80k62fnz31851ccj7y",
  number: "pn_01kg9qxg80k62fnz31851ccj7y",
  e164: "+14155550101",
  reason: "We no longer need this number.",
  status: "pending",
  requestedAt: "2026-01-31T10:00:00Z",
  resolvedAt: null,
  rejection: null,
};

const SUBMISSION = {
  id: "vs_01kg9qxg80k62fnz31851ccj7y",
  status: "submitted",
  ...BUSINESS,
  attestationAccepted: true,
  attestedAt: "2026-01-31T10:00:00Z",
  submittedAt: "2026-01-31T10:00:00Z",
  submittedBy: "alice@example.com",
  reviewedAt: null,
  reason: null,
  createdAt: "2026-01-31T10:00:00Z",
  updatedAt: "2026-01-31T10:00:00Z",
};

const DRAFT = {
  ...SUBMISSION,
  status: "draft",
  attestationAccepted: false,
  attestedAt: null,
  submittedAt: null,
  submittedBy: null,
};

const REQUEST_ID = { id: "The release request's id." };

/** Calls about release requests and the verification, of which the operator decides. */
const requests: Operations = {
  "POST /ledger/release-requests": {
    id: "requestRelease",
    summary: "Ask the operator to release a number.",
    body: ReleaseRequestBody,
    bodyExample: { number: REQUEST.number, reason: REQUEST.reason },
    answers: {
      201: {
        says: "The request.",
        schema: ReleaseRequestRecord,
        example: REQUEST,
        hasLocation: true,
      },
    },
    refusals: [409],
  },
  "GET /ledger/release-requests": {
    id: "listReleaseRequests",
    summary: "List release requests, the newest first.",
    query: ReleaseRequestsQuery,
    answers: {
      200: {
        says: "A page of requests.",
        schema: ReleaseRequests,
        example: { releaseRequests: [REQUEST], next: null },
      },
    },
  },
  "GET /ledger/release-requests/{id}": {
    id: "getReleaseRequest",
    summary: "Read one release request.",
    path: REQUEST_ID,
    answers: {
      200: { says: "The request.", schema: ReleaseRequestRecord, example: REQUEST },
    },
  },
  "DELETE /ledger/release-requests/{id}": {
    id: "cancelReleaseRequest",
    summary: "Cancel a pending release request.",
    path: REQUEST_ID,
    answers: {
      200: {
        says: "The request, which is cancelled.",
        schema: ReleaseRequestRecord,
        example: { ...REQUEST, status: "cancelled", resolvedAt: "2026-01-31T11:00:00Z" },
      },
    },
    refusals: [409],
  },
  "GET /ledger/verification": {
    id: "getVerification",
    summary: "Read the status of the business's verification.",
    answers: {
      200: {
        says: "The status, and what a new submission would begin with.",
        schema: VerificationRecord,
        example: { status: "missing", submission: null, prefill: null },
      },
    },
  },
  "PUT /ledger/verification/draft": {
    id: "draftVerification",
    summary: "Keep a draft of a submission; what is left out stays.",
    body: DraftBody,
    bodyExample: { businessProfile: { legalName: "Acme Inc." } },
    answers: { 200: { says: "The draft.", schema: SubmissionRecord, example: DRAFT } },
    refusals: [403, 409],
  },
  "POST /ledger/verification/submit": {
    id: "submitVerification",
    summary: "Submit the business for verification.",
    body: SubmissionBody,
    bodyExample: { ...BUSINESS, attestationAccepted: true },
    answers: {
      200: {
        says: "The submission, which waits for a review.",
        schema: SubmissionRecord,
        example: SUBMISSION,
      },
    },
    refusals: [403, 409],
  },
};

/** Calls about the organization. */
const organization: Operations = {
  "GET /ledger/organization": {
    id: "getOrganization",
    summary: "Read the organization, and what its plan allows.",
    answers: {
      200: {
        says: "The organization.",
        schema: OrganizationRecord,
        example: {
          id: "acme",
          name: "Acme",
          plan: "Growth",
          creditsUsd: "25.00",
          verification: "missing",
          limits: {
            imports: 100,
            purchasesPerDay: 20,
            purchasesPer30Days: 60,
            highestSetupUsd: "25.00",
            highestMonthlyUsd: "25.00",
            requestsPerMinute: 1_000,
            searchesPerMinute: 100,
          },
          openedAt: "2026-01-31T10:00:00Z",
        },
      },
    },
  },
  "GET /ledger/eligibility": {
    id: "getEligibility",
    summary: "Read the organization's place within its plan.",
    answers: {
      200: {
        says: "How many numbers count, and how many may.",
        schema: EligibilityRecord,
        example: { plan: "Growth", numbers: 1, maxNumbers: 10, hasSubscription: true },
      },
    },
  },
  "GET /ledger/credits": {
    id: "getCredits",
    summary: "Read the balance of the prepaid credits.",
    answers: {
      200: {
        says: "The balance.",
        schema: CreditsRecord,
        example: { balanceUsd: "25.00", changedAt: "2026-01-31T10:00:00Z" },
      },
    },
  },
  "GET /ledger/credits/entries": {
    id: "listCreditEntries",
    summary: "List what moved the credits, the latest first.",
    query: EntriesQuery,
    answers: {
      200: {
        says: "A page of entries; one without entries need not be the last.",
        schema: Entries,
        example: { entries: [], next: null },
      },
    },
  },
};

const ZEROS = "pn_00000000000000000000000000";
const PLACE = { plan: "Growth", numbers: 0, maxNumbers: 10, hasSubscription: true };

/** The call that only tells. */
const telling: Operations = {
  "POST /ledger/dry-run": {
    id: "dryRun",
    summary: "Tell what a command would do, and do nothing.",
    body: DryRunBody,
    bodyExample: { command: { type: "purchase", e164: "+14155550101" } },
    answers: {
      200: {
        says: "The events that the command would add, or the problem by which it would be refused.",
        schema: DryRunRecord,
        example: {
          accepted: true,
          events: [{
            type: "PurchaseRequested",
            version: 1,
            data: { holding: ZEROS, e164: "+14155550101" },
          }],
          purchase: {
            setupUsd: "1.00",
            monthlyUsd: "1.00",
            paidFrom: "subscription",
            debitedUsd: "0.00",
            eligibility: { before: PLACE, after: { ...PLACE, numbers: 1 } },
          },
          refusal: null,
        },
      },
    },
  },
};

/** The ledger's own calls, each with what it reads and answers. */
export const operations: Operations = {
  ...numberOperations,
  ...requests,
  ...organization,
  ...telling,
};
