/** The operator's calls for those who write clients. */
import type { Operations } from "../openapi/operation.ts";
import { Submission } from "../speko/answers.ts";
import { ReleaseRequestRecord } from "../talkover/answers.ts";
import {
  ConnectionRecord,
  Connections,
  Credited,
  Heads,
  HoldersRecord,
  Named,
  Now,
  OrganizationRecord,
  ReconciliationRecord,
  Reconciliations,
  ReleaseRequests,
  RequirementGroup,
  RequirementGroups,
  SipConnectionRecord,
  TokenIssued,
  Verifications,
} from "./answers.ts";
import { inventoryOperations } from "./inventory-operations.ts";
import {
  AdvanceBody,
  AssistantBody,
  ConnectionBody,
  CreditsBody,
  HeadsQuery,
  HoldersQuery,
  OrganizationBody,
  ReasonBody,
  ReconciliationBody,
  ReconciliationsQuery,
  ReleaseRequestsQuery,
  RequirementGroupBody,
  SipConnectionBody,
  TokenBody,
  VerificationsQuery,
} from "./schemas.ts";

const ORGANIZATION = {
  id: "acme",
  name: "Acme",
  plan: "Growth",
  terms: {
    maxNumbers: 10,
    billing: "subscription",
    verification: "none",
    trialDays: 5,
    graceDays: 7,
    price: null,
    markup: 0,
    limits: {
      imports: 100,
      purchasesPerDay: 20,
      purchasesPer30Days: 60,
      highestSetup: "25.00",
      highestMonthly: "25.00",
      requestsPerMinute: 1000,
      searchesPerMinute: 100,
    },
  },
  credits: "25.00",
  verification: "missing",
};

const BASE = "/admin/organizations/{id}";
const ID = { id: "The organization's id." };
const REVIEW = { path: { id: "The submission's id." }, refusals: [409] };
const RESOLUTION = { path: { id: "The release request's id." }, refusals: [409, 502] };

/** Calls about one organization. */
const organizations: Operations = {
  [`PUT ${BASE}`]: {
    id: "openOrganization",
    summary: "Open an organization, or give it this name, and this plan by its terms of now.",
    path: ID,
    body: OrganizationBody,
    bodyExample: { name: "Acme", plan: "Growth" },
    answers: {
      200: { says: "The organization.", schema: OrganizationRecord, example: ORGANIZATION },
    },
    refusals: [422],
  },
  [`GET ${BASE}`]: {
    id: "getOrganization",
    summary: "Read an organization.",
    path: ID,
    answers: {
      200: { says: "The organization.", schema: OrganizationRecord, example: ORGANIZATION },
    },
  },
  [`POST ${BASE}/tokens`]: {
    id: "issueToken",
    summary: "Issue a bearer token for a user of the organization.",
    path: ID,
    body: TokenBody,
    bodyExample: { email: "alice@example.com", name: "Alice Johnson" },
    answers: {
      201: {
        says: "The token, which is shown this once: null in a repeat under the same key.",
        schema: TokenIssued,
      },
    },
    refusals: [409, 422],
  },
  "DELETE /admin/tokens/{id}": {
    id: "revokeToken",
    summary: "Revoke a token.",
    path: { id: "The token's id." },
    answers: { 204: { says: "The next request with it is refused.", schema: null } },
  },
  [`POST ${BASE}/credits`]: {
    id: "addCredits",
    summary: "Add prepaid credits.",
    path: ID,
    body: CreditsBody,
    bodyExample: { amount: "25.00" },
    answers: {
      200: {
        says: "The credits as they are now.",
        schema: Credited,
        example: { credits: "25.00" },
      },
    },
    refusals: [409, 422],
  },
  [`PUT ${BASE}/assistants/{assistantId}`]: {
    id: "nameAssistant",
    summary: "Name an assistant.",
    path: { ...ID, assistantId: "The assistant's id." },
    body: AssistantBody,
    bodyExample: { name: "Reception" },
    answers: { 200: { says: "The assistant.", schema: Named } },
    refusals: [409, 422],
  },
  [`PUT ${BASE}/sip-connections/{installationId}`]: {
    id: "installSipConnection",
    summary: "Record a SIP connection, or change it.",
    path: { ...ID, installationId: "The connection's id." },
    body: SipConnectionBody,
    bodyExample: { providerName: "Trunkline", trunkId: "trunk_1", ready: true },
    answers: { 200: { says: "The connection.", schema: SipConnectionRecord } },
    refusals: [409, 422],
  },
  [`GET ${BASE}/connections`]: {
    id: "listConnections",
    summary: "List the carrier's connections that the organization may use.",
    path: ID,
    answers: { 200: { says: "The connections, by id.", schema: Connections } },
  },
  [`PUT ${BASE}/connections/{connectionId}`]: {
    id: "registerConnection",
    summary: "Let the organization use a connection of the carrier, or relabel it.",
    path: { ...ID, connectionId: "The connection's id at the carrier." },
    body: ConnectionBody,
    bodyExample: { label: "Call centre" },
    answers: { 200: { says: "The connection.", schema: ConnectionRecord } },
    refusals: [409, 422],
  },
  [`DELETE ${BASE}/connections/{connectionId}`]: {
    id: "removeConnection",
    summary: "Let the organization put no further number on a connection.",
    path: { ...ID, connectionId: "The connection's id at the carrier." },
    answers: { 204: { says: "It is no longer registered.", schema: null } },
  },
  [`GET ${BASE}/requirements`]: {
    id: "listRequirementGroups",
    summary: "List the requirement groups that are filed for the organization's numbers.",
    path: ID,
    answers: { 200: { says: "The groups, by country and type.", schema: RequirementGroups } },
  },
  [`PUT ${BASE}/requirements`]: {
    id: "setRequirementGroup",
    summary: "File a requirement group for a kind of numbers, or remove it (null).",
    path: ID,
    body: RequirementGroupBody,
    bodyExample: { country: "DE", type: "local", requirementGroupId: "rg_1" },
    answers: { 200: { says: "The group.", schema: RequirementGroup } },
    refusals: [409, 422],
  },
};

/** Calls about what waits for the operator. */
const reviews: Operations = {
  "GET /admin/verifications": {
    id: "listVerifications",
    summary: "List submissions over all organizations, the newest first.",
    query: VerificationsQuery,
    answers: { 200: { says: "A page of submissions.", schema: Verifications } },
  },
  "POST /admin/verifications/{id}/approve": {
    id: "approveVerification",
    summary: "Approve a submission.",
    answers: { 200: { says: "The submission.", schema: Submission } },
    ...REVIEW,
  },
  "POST /admin/verifications/{id}/reject": {
    id: "rejectVerification",
    summary: "Reject a submission.",
    body: ReasonBody,
    bodyExample: { reason: "The register extract is too old." },
    answers: { 200: { says: "The submission.", schema: Submission } },
    ...REVIEW,
  },
  "POST /admin/verifications/{id}/revoke": {
    id: "revokeVerification",
    summary: "Revoke an approved submission; the organization's numbers are suspended.",
    body: ReasonBody,
    bodyExample: { reason: "The business was dissolved." },
    answers: { 200: { says: "The submission.", schema: Submission } },
    ...REVIEW,
  },
  "GET /admin/release-requests": {
    id: "listReleaseRequests",
    summary: "List release requests over all organizations, the newest first.",
    query: ReleaseRequestsQuery,
    answers: { 200: { says: "A page of release requests.", schema: ReleaseRequests } },
  },
  "POST /admin/release-requests/{id}/approve": {
    id: "approveReleaseRequest",
    summary: "Approve a release request; the number is released.",
    answers: { 200: { says: "The release request.", schema: ReleaseRequestRecord } },
    ...RESOLUTION,
  },
  "POST /admin/release-requests/{id}/reject": {
    id: "rejectReleaseRequest",
    summary: "Reject a release request.",
    body: ReasonBody,
    bodyExample: { reason: "The number is still in use." },
    answers: { 200: { says: "The release request.", schema: ReleaseRequestRecord } },
    ...RESOLUTION,
  },
};

/** Calls about the server and its carriers. */
const upkeep: Operations = {
  "POST /admin/reconciliations": {
    id: "reconcile",
    summary: "Compare a carrier's inventory with the numbers that are held, and repair.",
    body: ReconciliationBody,
    isBodyOptional: true,
    answers: { 200: { says: "What was found and done.", schema: ReconciliationRecord } },
    refusals: [409, 422, 502],
  },
  "GET /admin/reconciliations": {
    id: "listReconciliations",
    summary: "List reconciliations, the latest first.",
    query: ReconciliationsQuery,
    answers: { 200: { says: "A page of reconciliations.", schema: Reconciliations } },
  },
  "GET /admin/heads": {
    id: "listHeads",
    summary: "List the ends of the organizations' logs.",
    query: HeadsQuery,
    answers: { 200: { says: "A page of heads, by organization.", schema: Heads } },
  },
  "POST /admin/clock/advance": {
    id: "advanceClock",
    summary: "Move a test clock, and do what falls due on the way.",
    body: AdvanceBody,
    bodyExample: { seconds: 86_400 },
    answers: { 200: { says: "The time it is now.", schema: Now } },
    refusals: [409],
  },
  "POST /admin/clock/confirm": {
    id: "confirmClock",
    summary: "Trust the machine's clock as it is now.",
    answers: { 200: { says: "The time it is now.", schema: Now } },
  },
  "GET /ledger/holders/{e164}": {
    id: "listHolders",
    summary: "List who held a number at a time, over all organizations.",
    path: { e164: "The number in E.164 form." },
    query: HoldersQuery,
    answers: { 200: { says: "The holders.", schema: HoldersRecord } },
  },
};

/** The operator's calls, each with what it reads and answers. */
export const operations: Operations = {
  ...organizations,
  ...inventoryOperations,
  ...reviews,
  ...upkeep,
};
