/** The operator's calls about what waits for a decision, for those who write clients. */
import type { Operations } from "../openapi/operation.ts";
import { Submission } from "../speko/answers.ts";
import { SUBMISSION } from "../speko/operations.ts";
import { ReleaseRequestRecord } from "../talkover/answers.ts";
import { REQUEST } from "../talkover/operations.ts";
import { ReleaseRequests, Verifications } from "./answers.ts";
import { ReasonBody, ReleaseRequestsQuery, VerificationsQuery } from "./schemas.ts";

const REVIEW = { path: { id: "The submission's id." }, refusals: [409] };
const RESOLUTION = { path: { id: "The release request's id." }, refusals: [409, 502] };
const NOW = "2026-02-01T10:00:00Z";

const APPROVED = {
  ...SUBMISSION,
  status: "approved",
  updatedAt: NOW,
  reviewerUserId: "operator",
  reviewedAt: NOW,
};

/** These calls, each with what it reads and answers. */
export const reviewOperations: Operations = {
  "GET /admin/verifications": {
    id: "listVerifications",
    summary: "List submissions over all organizations, the newest first.",
    query: VerificationsQuery,
    answers: {
      200: {
        says: "A page of submissions.",
        schema: Verifications,
        example: { verifications: [SUBMISSION], next: null },
      },
    },
  },
  "POST /admin/verifications/{id}/approve": {
    id: "approveVerification",
    summary: "Approve a submission.",
    answers: { 200: { says: "The submission.", schema: Submission, example: APPROVED } },
    ...REVIEW,
  },
  "POST /admin/verifications/{id}/reject": {
    id: "rejectVerification",
    summary: "Reject a submission.",
    body: ReasonBody,
    bodyExample: { reason: "The register extract is too old." },
    answers: {
      200: {
        says: "The submission.",
        schema: Submission,
        example: {
          ...APPROVED,
          status: "rejected",
          rejectionReason: "The register extract is too old.",
        },
      },
    },
    ...REVIEW,
  },
  "POST /admin/verifications/{id}/revoke": {
    id: "revokeVerification",
    summary: "Revoke an approved submission; the organization's numbers are suspended.",
    body: ReasonBody,
    bodyExample: { reason: "The business was dissolved." },
    answers: {
      200: {
        says: "The submission.",
        schema: Submission,
        example: { ...APPROVED, status: "revoked", rejectionReason: "The business was dissolved." },
      },
    },
    ...REVIEW,
  },
  "GET /admin/release-requests": {
    id: "listReleaseRequests",
    summary: "List release requests over all organizations, the newest first.",
    query: ReleaseRequestsQuery,
    answers: {
      200: {
        says: "A page of release requests.",
        schema: ReleaseRequests,
        example: { releaseRequests: [{ organization: "acme", ...REQUEST }], next: null },
      },
    },
  },
  "POST /admin/release-requests/{id}/approve": {
    id: "approveReleaseRequest",
    summary: "Approve a release request; the number is released.",
    answers: {
      200: {
        says: "The release request.",
        schema: ReleaseRequestRecord,
        example: { ...REQUEST, status: "approved", resolved_at: NOW },
      },
    },
    ...RESOLUTION,
  },
  "POST /admin/release-requests/{id}/reject": {
    id: "rejectReleaseRequest",
    summary: "Reject a release request.",
    body: ReasonBody,
    bodyExample: { reason: "The number is still in use." },
    answers: {
      200: {
        says: "The release request.",
        schema: ReleaseRequestRecord,
        example: {
          ...REQUEST,
          status: "rejected",
          resolved_at: NOW,
          rejection_reason: "The number is still in use.",
        },
      },
    },
    ...RESOLUTION,
  },
};
