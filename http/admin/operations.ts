/** The operator's calls for those who write clients. */
import { EVENT, NUMBER } from "../ledger/number-operations.ts";
import type { Operations } from "../openapi/operation.ts";
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
  RequirementGroup,
  RequirementGroups,
  SipConnectionRecord,
  TokenIssued,
} from "./answers.ts";
import { ORGANIZATION, TOKEN } from "./examples.ts";
import { inventoryOperations } from "./inventory-operations.ts";
import { reviewOperations } from "./review-operations.ts";
import {
  AdvanceBody,
  AssistantBody,
  ConnectionBody,
  CreditsBody,
  HeadsQuery,
  HoldersQuery,
  OrganizationBody,
  ReconciliationBody,
  ReconciliationsQuery,
  RequirementGroupBody,
  SipConnectionBody,
  TokenBody,
} from "./schemas.ts";

const CONNECTION = { id: "c_1", label: "Call centre" };
const GROUP = { country: "DE", type: "local", requirementGroupId: "rg_1" };

const RECONCILIATION = {
  id: "rc_01kg9qxg80k62fnz31851ccj7y",
  carrier: "sandbox",
  startedAt: "2026-01-31T10:00:00Z",
  finishedAt: "2026-01-31T10:00:00Z",
  status: "complete",
  broken: null,
  seen: { ours: 1, theirs: 1, agreed: 1, inFlight: 0, foreign: 0 },
  drifted: { orphan: 0, ghost: 0, stuck: 0, mismatch: 0 },
  drifts: [],
};

const HOLDER = {
  organization: "acme",
  id: NUMBER.id,
  source: NUMBER.source,
  carrier: NUMBER.carrier,
  sandbox: true,
  status: NUMBER.status,
  createdAt: NUMBER.createdAt,
};

const BASE = "/admin/organizations/{id}";
const ID = { id: "The organization's id." };

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
        example: {
          id: TOKEN,
          token: `${TOKEN}.shown-this-once`,
        },
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
    answers: {
      200: { says: "The assistant.", schema: Named, example: { id: "asst_1", name: "Reception" } },
    },
    refusals: [409, 422],
  },
  [`PUT ${BASE}/sip-connections/{installationId}`]: {
    id: "installSipConnection",
    summary: "Record a SIP connection, or change it.",
    path: { ...ID, installationId: "The connection's id." },
    body: SipConnectionBody,
    bodyExample: { providerName: "Trunkline", trunkId: "trunk_1", ready: true },
    answers: {
      200: {
        says: "The connection.",
        schema: SipConnectionRecord,
        example: { id: "sip_1", providerName: "Trunkline", trunkId: "trunk_1", ready: true },
      },
    },
    refusals: [409, 422],
  },
  [`GET ${BASE}/connections`]: {
    id: "listConnections",
    summary: "List the carrier's connections that the organization may use.",
    path: ID,
    answers: {
      200: {
        says: "The connections, by id.",
        schema: Connections,
        example: { connections: [CONNECTION] },
      },
    },
  },
  [`PUT ${BASE}/connections/{connectionId}`]: {
    id: "registerConnection",
    summary: "Let the organization use a connection of the carrier, or relabel it.",
    path: { ...ID, connectionId: "The connection's id at the carrier." },
    body: ConnectionBody,
    bodyExample: { label: "Call centre" },
    answers: { 200: { says: "The connection.", schema: ConnectionRecord, example: CONNECTION } },
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
    answers: {
      200: {
        says: "The groups, by country and type.",
        schema: RequirementGroups,
        example: { requirements: [GROUP] },
      },
    },
  },
  [`PUT ${BASE}/requirements`]: {
    id: "setRequirementGroup",
    summary: "File a requirement group for a kind of numbers, or remove it (null).",
    path: ID,
    body: RequirementGroupBody,
    bodyExample: { country: "DE", type: "local", requirementGroupId: "rg_1" },
    answers: { 200: { says: "The group.", schema: RequirementGroup, example: GROUP } },
    refusals: [409, 422],
  },
};

/** Calls about the server and its carriers. */
const upkeep: Operations = {
  "POST /admin/reconciliations": {
    id: "reconcile",
    summary: "Compare a carrier's inventory with the numbers that are held, and repair.",
    body: ReconciliationBody,
    bodyExample: { carrier: "sandbox" },
    isBodyOptional: true,
    answers: {
      200: {
        says: "What was found and done.",
        schema: ReconciliationRecord,
        example: RECONCILIATION,
      },
    },
    refusals: [409, 422, 502],
  },
  "GET /admin/reconciliations": {
    id: "listReconciliations",
    summary: "List reconciliations, the latest first.",
    query: ReconciliationsQuery,
    answers: {
      200: {
        says: "A page of reconciliations.",
        schema: Reconciliations,
        example: { reconciliations: [RECONCILIATION], next: null },
      },
    },
  },
  "GET /admin/heads": {
    id: "listHeads",
    summary: "List the ends of the organizations' logs.",
    query: HeadsQuery,
    answers: {
      200: {
        says: "A page of heads, by organization.",
        schema: Heads,
        example: { heads: [{ organization: "acme", position: 11, hash: EVENT.hash }], next: null },
      },
    },
  },
  "POST /admin/clock/advance": {
    id: "advanceClock",
    summary: "Move a test clock, and do what falls due on the way.",
    body: AdvanceBody,
    bodyExample: { seconds: 86_400 },
    answers: {
      200: { says: "The time it is now.", schema: Now, example: { now: "2026-01-31T10:00:00Z" } },
    },
    refusals: [409],
  },
  "POST /admin/clock/confirm": {
    id: "confirmClock",
    summary: "Trust the machine's clock as it is now.",
    answers: {
      200: { says: "The time it is now.", schema: Now, example: { now: "2026-01-31T10:00:00Z" } },
    },
  },
  "GET /ledger/holders/{e164}": {
    id: "listHolders",
    summary: "List who held a number at a time, over all organizations.",
    path: { e164: "The number in E.164 form." },
    query: HoldersQuery,
    answers: {
      200: {
        says: "The holders.",
        schema: HoldersRecord,
        example: { e164: NUMBER.e164, at: "2026-01-31T10:00:00Z", holders: [HOLDER] },
      },
    },
  },
};

/** The operator's calls, each with what it reads and answers. */
export const operations: Operations = {
  ...organizations,
  ...inventoryOperations,
  ...reviewOperations,
  ...upkeep,
};
