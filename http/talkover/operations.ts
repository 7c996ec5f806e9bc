/** Talkover's calls for those who write clients. */
import type { Operations } from "../openapi/operation.ts";
import {
  Balance,
  CallingUpdated,
  DidCreated,
  Dids,
  PhoneNumbers,
  ReleaseRequested,
  ReleaseRequests,
  Said,
} from "./answers.ts";
import {
  CallingSchema,
  DidSchema,
  ListQuerySchema,
  PageQuerySchema,
  ReleaseRequestSchema,
} from "./schemas.ts";

const ID = "pn_01kg9qxg80k62fnz31851ccj7y";

const NUMBER = {
  id: ID,
  number: "+14155550101",
  country_code: "US",
  formatted_number: "(415) 555-0101",
  international_number: "+1 415 555 0101",
  type: "voice",
  has_voice: true,
  has_sms: true,
  has_mms: false,
  has_fax: false,
  has_whatsapp: false,
  current_status: "active",
  is_sandbox: true,
  current_price: 1,
  currency: "USD",
  renewal_date: "2026-02-28",
  auto_renewal: true,
  created_at: "2026-01-31T10:00:00Z",
  updated_at: "2026-01-31T10:00:00Z",
  monthly_renewal_cost: 1,
  days_until_monthly_renewal: 28,
  is_due_for_monthly_renewal: false,
  environment: { id: "acme", name: "Acme" },
  agents: [{ id: "asst_1", name: null }],
};

/** A release request that waits for the operator. */
export const REQUEST = {
  id: "rr_01kg9qxg80k62fnz31851ccj7y",
  phone_number_id: ID,
  phone_number: "+14155550101",
  reason: "We no longer need this number.",
  status: "pending",
  requested_at: "2026-01-31T10:00:00Z",
} as const;

const DID = {
  id: ID,
  number: "+4922812345678",
  country_code: "DE",
  formatted_number: "0228 12345678",
};

const BASE = "/api/v1/phone-numbers";
const DIDS = "/api/v1/sip-trunks/{trunkId}/dids";
const TRUNK_ID = "The trunk: the id of an installed SIP connection, or its trunk's id.";

/** Talkover's calls, each with what it reads and answers. */
export const operations: Operations = {
  [`GET ${BASE}`]: {
    id: "listPhoneNumbers",
    summary: "List the environment's numbers, the oldest first.",
    query: ListQuerySchema,
    answers: {
      200: {
        says: "The numbers that fit all filters.",
        schema: PhoneNumbers,
        example: {
          success: true,
          data: [NUMBER],
          meta: { current_page: 1, per_page: 20, total: 1, last_page: 1 },
        },
      },
    },
  },
  [`GET ${BASE}/release-requests`]: {
    id: "listReleaseRequests",
    summary: "List requests to release numbers, the newest first.",
    query: PageQuerySchema,
    answers: {
      200: {
        says: "The release requests.",
        schema: ReleaseRequests,
        example: { success: true, data: [REQUEST] },
      },
    },
  },
  [`DELETE ${BASE}/release-requests/{id}`]: {
    id: "cancelReleaseRequest",
    summary: "Cancel a pending release request.",
    path: { id: "The release request's id." },
    answers: {
      200: {
        says: "The request is cancelled.",
        schema: Said,
        example: { success: true, message: "Release request cancelled" },
      },
    },
    refusals: [409],
  },
  [`POST ${BASE}/{id}/request-release`]: {
    id: "requestRelease",
    summary: "Ask the operator to release a number.",
    path: { id: "The number's id." },
    body: ReleaseRequestSchema,
    bodyExample: { reason: REQUEST.reason },
    answers: {
      201: {
        says: "The request waits for the operator.",
        schema: ReleaseRequested,
        example: { success: true, data: REQUEST },
      },
    },
    refusals: [409, 422],
  },
  "GET /api/v1/credits/balance": {
    id: "getCreditBalance",
    summary: "Read the remaining prepaid credits.",
    answers: {
      200: {
        says: "The balance.",
        schema: Balance,
        example: {
          success: true,
          data: {
            balance: 25,
            currency: "USD",
            auto_topup_enabled: false,
            as_of: "2026-01-31T10:00:00Z",
          },
        },
      },
    },
  },
  "PUT /api/v1/agents/{agentId}/calling": {
    id: "setCalling",
    summary: "Set which calls an agent takes part in, and over which numbers.",
    path: { agentId: "The agent's id." },
    body: CallingSchema,
    bodyExample: { direction: "inbound", phone_number_ids: [ID] },
    answers: {
      200: {
        says: "The agent's calling as it is now.",
        schema: CallingUpdated,
        example: {
          success: true,
          message: "Calling settings updated",
          data: {
            id: "agent_1",
            name: null,
            direction: "inbound",
            current_status: "active",
            phone_numbers: [{ ...DID, current_status: "active" }],
            updated_at: "2026-01-31T10:00:00Z",
          },
        },
      },
    },
    refusals: [409],
  },
  [`GET ${DIDS}`]: {
    id: "listDids",
    summary: "List the numbers that come in over a SIP trunk.",
    path: { trunkId: TRUNK_ID },
    answers: {
      200: {
        says: "The trunk's numbers.",
        schema: Dids,
        example: { success: true, data: [DID] },
      },
    },
  },
  [`POST ${DIDS}`]: {
    id: "createDid",
    summary: "Bring in a number over a SIP trunk.",
    path: { trunkId: TRUNK_ID },
    body: DidSchema,
    bodyExample: { country_code: "DE", number: "0228 12345678" },
    answers: {
      201: {
        says: "The number is the environment's.",
        schema: DidCreated,
        example: { success: true, data: { ...DID, trunk_id: "sip_1" } },
      },
    },
    refusals: [403, 409],
  },
  [`DELETE ${DIDS}/{id}`]: {
    id: "deleteDid",
    summary: "Give up a number that comes in over a SIP trunk.",
    path: { trunkId: TRUNK_ID, id: "The number's id." },
    answers: {
      200: {
        says: "The number was removed.",
        schema: Said,
        example: { success: true, message: "DID deleted" },
      },
    },
    refusals: [409],
  },
};
