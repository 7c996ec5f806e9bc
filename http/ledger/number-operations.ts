/** The ledger's own calls about numbers, for those who write clients. */
import type { Operations } from "../openapi/operation.ts";
import {
  Assigned,
  Found,
  History,
  Numbers,
  Released,
  SipConnections,
  WholeNumber,
} from "./answers.ts";
import {
  AssignmentBody,
  CallingBody,
  ChangeBody,
  HistoryQuery,
  ImportBody,
  ListQuery,
  PurchaseBody,
  SearchBody,
  WhenQuery,
} from "./schemas.ts";

/** A number of the ledger's lists. */
export const NUMBER = {
  id: "pn_01kg9qxg80k62fnz31851ccj7y",
  e164: "+14155550101",
  source: "managed",
  carrier: "sandbox",
  status: "active",
  issues: [],
  waitsFor: null,
  direction: "both",
  label: "Reception",
  assistant: { id: "asst_1", name: null },
  monthlyUsd: "1.00",
  autoRenewal: true,
  trialEndsAt: null,
  renewsAt: "2026-02-28T10:00:00Z",
  suspendedAt: null,
  failure: null,
  createdAt: "2026-01-31T10:00:00Z",
  updatedAt: "2026-01-31T10:00:00Z",
};

const WHOLE = {
  ...NUMBER,
  features: ["voice", "sms"],
  sip: null,
  template: null,
  smsCampaign: null,
};

const PENDING = {
  ...WHOLE,
  status: "purchasing",
  issues: ["PURCHASE_PENDING"],
  assistant: null,
  renewsAt: null,
};

const IMPORTED = {
  ...WHOLE,
  e164: "+4922812345678",
  source: "imported",
  carrier: null,
  monthlyUsd: null,
  autoRenewal: false,
  renewsAt: null,
  features: ["voice"],
  sip: { connection: "sip_1", trunk: null, providerName: "Trunkline" },
};

/** An event as histories have it. */
export const EVENT = {
  position: 9,
  type: "RoutingChanged",
  version: 1,
  at: "2026-01-31T10:00:00Z",
  actor: {
    kind: "user",
    tokenId: "tk_01kg9qxg80k62fnz31851ccj7y",
    email: "alice@example.com",
    name: "Alice Johnson",
  },
  data: { holding: NUMBER.id, direction: "both", label: "Reception", template: null },
  hash: "82be33bf15b1ab69ec6b34a9b2b7a1e0c6b31e33d6a2b2b1c2a0f4a9d1e5c7f3",
};

const NUMBER_ID = { id: "The number's id." };
const ASSISTANT_ID = { id: "The assistant's id." };

/** Calls that find numbers, buy them and bring them in. */
const buying: Operations = {
  "POST /ledger/searches": {
    id: "searchNumbers",
    summary: "Search the carrier's numbers; nothing is bought.",
    body: SearchBody,
    bodyExample: { country: "US", type: "local", areaCode: "415", limit: 2 },
    answers: {
      200: {
        says: "What the carrier sells now.",
        schema: Found,
        example: {
          carrier: "sandbox",
          offers: [{
            e164: "+14155550101",
            type: "local",
            country: "US",
            setupUsd: "1.00",
            monthlyUsd: "1.00",
            features: ["voice", "sms"],
            region: { state: "CA", locality: "San Francisco", rateCenter: "SNFC CNTRL" },
          }],
          nearby: [],
        },
      },
    },
    refusals: [403, 422, 502],
  },
  "POST /ledger/numbers": {
    id: "purchaseNumber",
    summary: "Buy a number.",
    body: PurchaseBody,
    bodyExample: { e164: "+14155550101", label: "Reception" },
    answers: {
      201: {
        says: "The number has been bought.",
        schema: WholeNumber,
        example: WHOLE,
        hasLocation: true,
      },
      202: {
        says: "The carrier has not confirmed yet; the number becomes active, or fails.",
        schema: WholeNumber,
        example: PENDING,
        hasLocation: true,
      },
    },
    refusals: [402, 403, 409, 422, 502],
  },
  "POST /ledger/imports": {
    id: "importNumber",
    summary: "Bring in a number that the organization has with a SIP provider.",
    body: ImportBody,
    bodyExample: { e164: "+4922812345678", sipConnection: "sip_1" },
    answers: {
      201: {
        says: "The number is the organization's.",
        schema: WholeNumber,
        example: IMPORTED,
        hasLocation: true,
      },
      202: {
        says: "A number that is being bought has come first.",
        schema: WholeNumber,
        example: PENDING,
        hasLocation: true,
      },
    },
    refusals: [403, 409],
  },
  "DELETE /ledger/imports/{id}": {
    id: "removeImport",
    summary: "Give up an imported number.",
    path: NUMBER_ID,
    answers: { 200: { says: "It was removed.", schema: Released, example: { released: true } } },
    refusals: [409],
  },
  "GET /ledger/sip-connections": {
    id: "listSipConnections",
    summary: "List the SIP connections over which numbers can be brought in.",
    answers: {
      200: {
        says: "The connections, by id.",
        schema: SipConnections,
        example: {
          sipConnections: [
            { id: "sip_1", providerName: "Trunkline", trunk: "trunk_1", ready: true },
          ],
        },
      },
    },
  },
};

/** Calls about numbers that there are, and assistants that have them. */
const numbers: Operations = {
  "GET /ledger/numbers": {
    id: "listNumbers",
    summary: "List the organization's numbers, the oldest first, as they are or as they were.",
    query: ListQuery,
    answers: {
      200: {
        says: "All numbers that fit, or a page of them where one is asked for.",
        schema: Numbers,
        example: { numbers: [NUMBER], next: null },
      },
    },
  },
  "GET /ledger/numbers/{id}": {
    id: "getNumber",
    summary: "Read one number, as it is or as it was.",
    path: NUMBER_ID,
    query: WhenQuery,
    answers: { 200: { says: "The number.", schema: WholeNumber, example: WHOLE } },
  },
  "PATCH /ledger/numbers/{id}": {
    id: "changeNumber",
    summary: "Change a number; what is left out stays.",
    path: NUMBER_ID,
    body: ChangeBody,
    bodyExample: { label: "Reception", autoRenewal: false },
    answers: {
      200: {
        says: "The number as it is now.",
        schema: WholeNumber,
        example: { ...WHOLE, autoRenewal: false },
      },
    },
    refusals: [403, 409],
  },
  "DELETE /ledger/numbers/{id}": {
    id: "releaseNumber",
    summary: "Release a number, or cancel its purchase.",
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
  "GET /ledger/numbers/{id}/history": {
    id: "listNumberHistory",
    summary: "List what happened to a number, the oldest first, also after its release.",
    path: NUMBER_ID,
    query: HistoryQuery,
    answers: {
      200: { says: "A page of events.", schema: History, example: { events: [EVENT], next: null } },
    },
  },
  "GET /ledger/assistants/{id}/numbers": {
    id: "listAssistantNumbers",
    summary: "List the numbers that an assistant has.",
    path: ASSISTANT_ID,
    answers: {
      200: { says: "The numbers.", schema: Assigned, example: { numbers: [NUMBER] } },
    },
  },
  "PUT /ledger/assistants/{id}/numbers": {
    id: "assignNumbers",
    summary: "Give an assistant these numbers, and no others.",
    path: ASSISTANT_ID,
    body: AssignmentBody,
    bodyExample: { numbers: [NUMBER.id] },
    answers: {
      200: { says: "The assistant's numbers.", schema: Assigned, example: { numbers: [NUMBER] } },
    },
    refusals: [409],
  },
  "PATCH /ledger/assistants/{id}/numbers": {
    id: "directNumbers",
    summary: "Set the direction of all numbers that an assistant has.",
    path: ASSISTANT_ID,
    body: CallingBody,
    bodyExample: { direction: "inbound" },
    answers: {
      200: {
        says: "The assistant's numbers.",
        schema: Assigned,
        example: { numbers: [{ ...NUMBER, direction: "inbound" }] },
      },
    },
    refusals: [409],
  },
};

/** The ledger's own calls about numbers, each with what it reads and answers. */
export const numberOperations: Operations = { ...buying, ...numbers };
