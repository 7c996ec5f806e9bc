/** Talkturo's calls for those who write clients. */
import type { Operations } from "../openapi/operation.ts";
import { Assigned, Counted, Found, One, Purchased, Said } from "./answers.ts";
import { AssignmentSchema, PurchaseSchema, SearchSchema, TeamQuerySchema } from "./schemas.ts";

const NUMBER = {
  id: "pn_01kg9qxg80k62fnz31851ccj7y",
  phone_number: "+14155550101",
  provider: "sandbox",
  status: "active",
  is_trial: false,
  trial_expires_at: null,
  assistant_id: "asst_1",
  assistant_name: null,
  created_by_email: "alice@example.com",
  created_by_name: "Alice Johnson",
  created_at: "2026-01-31T10:00:00Z",
};

const PURCHASE = {
  success: true,
  phoneNumber: {
    id: NUMBER.id,
    phone_number: NUMBER.phone_number,
    provider_number_id: "sandbox_14155550101_1",
    status: "active",
    is_trial: false,
    trial_expires_at: null,
    message: "Phone number purchased successfully",
  },
  eligibility: { currentCount: 1, maxAllowed: 10, hasSubscription: true, planName: "Growth" },
};

const PENDING = {
  ...PURCHASE,
  phoneNumber: {
    ...PURCHASE.phoneNumber,
    provider_number_id: null,
    status: "purchasing",
    message: "Phone number purchase in progress",
  },
};

const ASSIGNED = "/api/assistants/{id}/telephony/phone-numbers";
const NUMBER_ID = { id: "The number's id." };
const ASSISTANT_ID = { id: "The assistant's id." };

/** Talkturo's calls, each with what it reads and answers. */
export const operations: Operations = {
  "POST /api/phone-numbers/search": {
    id: "searchPhoneNumbers",
    summary: "Search the carrier's numbers; nothing is bought.",
    body: SearchSchema,
    bodyExample: { filters: { countryCode: "US", areaCode: "415", limit: 2 } },
    answers: {
      200: {
        says: "The numbers on offer.",
        schema: Found,
        example: {
          success: true,
          numbers: [{
            phoneNumber: "+14155550101",
            monthlyPrice: "1.00",
            setupPrice: "1.00",
            features: ["voice", "sms"],
          }],
          provider: "sandbox",
          count: 1,
        },
      },
    },
    refusals: [403, 422, 502],
  },
  "POST /api/phone-numbers/purchase": {
    id: "purchasePhoneNumber",
    summary: "Buy a number.",
    body: PurchaseSchema,
    bodyExample: { phoneNumber: "+14155550101", teamId: "acme" },
    answers: {
      200: { says: "The number has been bought.", schema: Purchased, example: PURCHASE },
      202: {
        says: "The carrier has not confirmed yet; the number becomes active, or fails.",
        schema: Purchased,
        example: PENDING,
      },
    },
    refusals: [402, 403, 409, 422, 502],
  },
  "GET /api/phone-numbers/purchase": {
    id: "listPhoneNumbers",
    summary: "List the team's numbers, the oldest first.",
    query: TeamQuerySchema,
    answers: {
      200: {
        says: "All numbers of the team.",
        schema: Counted,
        example: { success: true, numbers: [NUMBER], count: 1 },
      },
    },
    refusals: [403],
  },
  "GET /api/phone-numbers/{id}": {
    id: "getPhoneNumber",
    summary: "Read one number.",
    path: NUMBER_ID,
    answers: {
      200: {
        says: "The number.",
        schema: One,
        example: { success: true, phoneNumber: NUMBER },
      },
    },
  },
  "DELETE /api/phone-numbers/{id}": {
    id: "releasePhoneNumber",
    summary: "Release a number.",
    path: NUMBER_ID,
    answers: {
      200: {
        says: "The number has been released.",
        schema: Said,
        example: { success: true, message: "Phone number released" },
      },
      202: {
        says: "The carrier has not confirmed yet; the release goes on.",
        schema: Said,
        example: { success: true, message: "Phone number release started" },
      },
    },
    refusals: [402, 409, 502],
  },
  [`GET ${ASSIGNED}`]: {
    id: "listAssistantPhoneNumbers",
    summary: "List an assistant's numbers.",
    path: ASSISTANT_ID,
    answers: {
      200: {
        says: "The assistant's numbers.",
        schema: Assigned,
        example: { success: true, numbers: [NUMBER] },
      },
    },
  },
  [`PATCH ${ASSIGNED}`]: {
    id: "assignPhoneNumbers",
    summary: "Give an assistant these numbers, and no others.",
    path: ASSISTANT_ID,
    body: AssignmentSchema,
    bodyExample: { phoneNumberIds: [NUMBER.id] },
    answers: {
      200: {
        says: "The assistant's numbers.",
        schema: Assigned,
        example: { success: true, numbers: [NUMBER] },
      },
    },
    refusals: [409],
  },
};
