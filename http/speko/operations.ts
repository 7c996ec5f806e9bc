/** Speko's calls for those who write clients. */
import * as v from "valibot";
import { BUSINESS } from "../business-examples.ts";
import type { Operations } from "../openapi/operation.ts";
import {
  AvailableNumber,
  Balance,
  Entries,
  PhoneNumber,
  Released,
  Submission,
  VerificationOverview,
} from "./answers.ts";
import { DraftSchema, SubmissionSchema } from "./kyb-schemas.ts";
import {
  AvailableSchema,
  ImportSchema,
  LedgerSchema,
  PurchaseSchema,
  RoutingSchema,
} from "./schemas.ts";

const NUMBER = {
  id: "pn_01kg9qxg80k62fnz31851ccj7y",
  organizationId: "acme",
  e164: "+14155550101",
  source: "managed",
  providerResourceId: "sandbox_14155550101_1",
  telnyxPhoneNumberId: null,
  sipTrunkId: null,
  sipConnectionInstallationId: null,
  sipProviderName: null,
  direction: "both",
  dispatchMetadataTemplate: null,
  agentId: "agent_1",
  label: "Reception",
  sms10dlcProfileId: null,
  smsCampaignId: null,
  smsAssignmentStatus: null,
  smsAssignmentUpdatedAt: null,
  setupStatus: {
    status: "ready",
    inboundReady: true,
    outboundReady: true,
    agentReady: true,
    forwardingRequired: false,
    sipConnectionReady: true,
    issues: [],
  },
  nextChargeAt: "2026-02-28T10:00:00Z",
  lastChargedAt: "2026-01-31T10:00:00Z",
  suspendedAt: null,
  createdAt: "2026-01-31T10:00:00Z",
  updatedAt: "2026-01-31T10:00:00Z",
};

const OFFER = {
  e164: "+14155550101",
  friendlyName: "+1 (415) 555-0101",
  monthlyCostUsd: 1,
  upfrontCostUsd: 1,
  features: ["voice", "sms"],
  region: { state: "CA", locality: "San Francisco", rateCenter: "SNFC CNTRL" },
};

const IMPORTED = {
  ...NUMBER,
  e164: "+4922812345678",
  source: "sip_trunk",
  providerResourceId: null,
  sipConnectionInstallationId: "sip_1",
  sipProviderName: "Trunkline",
  nextChargeAt: null,
  lastChargedAt: null,
};

/** A submission that waits for a review. */
export const SUBMISSION = {
  id: "vs_01kg9qxg80k62fnz31851ccj7y",
  organizationId: "acme",
  status: "submitted",
  ...BUSINESS,
  attestationAccepted: true,
  attestedAt: "2026-01-31T10:00:00Z",
  submittedAt: "2026-01-31T10:00:00Z",
  rejectionReason: null,
  slackNotificationStatus: "not_queued",
  slackNotificationJobId: null,
  slackNotificationError: null,
  createdAt: "2026-01-31T10:00:00Z",
  updatedAt: "2026-01-31T10:00:00Z",
  submittedByUserId: null,
  submittedByEmail: "alice@example.com",
  submittedByApiKeyId: "tk_01kg9qxg80k62fnz31851ccj7y",
  reviewerUserId: null,
  reviewerEmail: null,
  reviewedAt: null,
};

const DRAFT = {
  ...SUBMISSION,
  status: "draft",
  attestationAccepted: false,
  attestedAt: null,
  submittedAt: null,
  submittedByEmail: null,
  submittedByApiKeyId: null,
};

const BASE = "/v1/phone-numbers";
const NUMBER_ID = { id: "The number's id." };

/** Speko's calls, each with what it reads and answers. */
export const operations: Operations = {
  [`GET ${BASE}`]: {
    id: "listPhoneNumbers",
    summary: "List the organization's numbers, the oldest first.",
    answers: {
      200: { says: "All numbers.", schema: v.array(PhoneNumber), example: [NUMBER] },
    },
  },
  [`POST ${BASE}`]: {
    id: "purchasePhoneNumber",
    summary: "Buy a number.",
    body: PurchaseSchema,
    bodyExample: { e164: "+14155550101", direction: "both", label: "Reception" },
    answers: {
      200: {
        says: "The number; its issues have PURCHASE_PENDING while the carrier has not confirmed.",
        schema: PhoneNumber,
        example: NUMBER,
      },
    },
    refusals: [402, 403, 409, 502],
  },
  [`GET ${BASE}/available`]: {
    id: "listAvailablePhoneNumbers",
    summary: "Search local numbers of the US; nothing is bought.",
    query: AvailableSchema,
    answers: {
      200: { says: "The numbers on offer.", schema: v.array(AvailableNumber), example: [OFFER] },
    },
    refusals: [403, 502],
  },
  [`POST ${BASE}/import`]: {
    id: "importPhoneNumber",
    summary: "Bring in a number that the organization has with a SIP provider.",
    body: ImportSchema,
    bodyExample: { e164: "+4922812345678", sipConnectionInstallationId: "sip_1" },
    answers: { 200: { says: "The number.", schema: PhoneNumber, example: IMPORTED } },
    refusals: [403, 409],
  },
  [`GET ${BASE}/kyb`]: {
    id: "getVerification",
    summary: "Read the status of the business's verification.",
    answers: {
      200: {
        says: "The status, and what a new submission would begin with.",
        schema: VerificationOverview,
        example: { status: "missing", submission: null, prefill: null },
      },
    },
  },
  [`PUT ${BASE}/kyb/draft`]: {
    id: "draftVerification",
    summary: "Keep a draft of a submission.",
    body: DraftSchema,
    bodyExample: {
      businessProfile: { legalName: "Acme Inc.", country: "US" },
      authorizedRepresentative: { name: "Alice Johnson" },
    },
    answers: { 200: { says: "The draft.", schema: Submission, example: DRAFT } },
    refusals: [403, 409],
  },
  [`POST ${BASE}/kyb/submit`]: {
    id: "submitVerification",
    summary: "Submit the business for verification.",
    body: SubmissionSchema,
    bodyExample: { ...BUSINESS, attestationAccepted: true },
    answers: {
      200: {
        says: "The submission, which waits for a review.",
        schema: Submission,
        example: SUBMISSION,
      },
    },
    refusals: [403, 409],
  },
  [`GET ${BASE}/{id}`]: {
    id: "getPhoneNumber",
    summary: "Read one number.",
    path: NUMBER_ID,
    answers: { 200: { says: "The number.", schema: PhoneNumber, example: NUMBER } },
  },
  [`PATCH ${BASE}/{id}`]: {
    id: "updatePhoneNumber",
    summary: "Change a number's direction, label, agent or template.",
    path: NUMBER_ID,
    body: RoutingSchema,
    bodyExample: { direction: "inbound", label: null },
    answers: {
      200: {
        says: "The number as it is now.",
        schema: PhoneNumber,
        example: { ...NUMBER, direction: "inbound", label: null },
      },
    },
    refusals: [409],
  },
  [`DELETE ${BASE}/{id}`]: {
    id: "releasePhoneNumber",
    summary: "Release a number.",
    path: NUMBER_ID,
    answers: {
      200: { says: "It has been released.", schema: Released, example: { released: true } },
      202: {
        says: "The carrier has not confirmed yet; the release goes on.",
        schema: Released,
        example: { released: false },
      },
    },
    refusals: [402, 409, 502],
  },
  "GET /v1/credits/balance": {
    id: "getCreditBalance",
    summary: "Read the remaining prepaid credits.",
    answers: {
      200: {
        says: "The balance.",
        schema: Balance,
        example: { balanceUsd: 25, currency: "USD", updatedAt: "2026-01-31T10:00:00Z" },
      },
    },
  },
  "GET /v1/credits/ledger": {
    id: "listCreditEntries",
    summary: "List what moved the credits, the latest first.",
    query: LedgerSchema,
    answers: {
      200: {
        says: "A page of entries; one without entries need not be the last.",
        schema: Entries,
        example: { entries: [], nextCursor: null },
      },
    },
  },
};
