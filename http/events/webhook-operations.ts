/** Webhooks for those who write clients. */
import type { Operations } from "../openapi/operation.ts";
import {
  Accepted,
  Delivery,
  DeliveryPage,
  NewWebhook,
  WebhookList,
  WebhookRecord,
} from "./webhook-answers.ts";
import {
  DeliveriesQuery,
  ReplayBody,
  RotationBody,
  WebhookBody,
  WebhookChangeBody,
} from "./webhook-schemas.ts";

const ID = "wh_01kg9qxg80k62fnz31851ccj7y";
const EVENT = `ev_${"5f".repeat(16)}`;

const WEBHOOK = {
  id: ID,
  url: "https://example.com/hook",
  types: ["number.purchased"],
  description: "Our billing.",
  metadata: { team: "billing" },
  scheme: "hmac",
  status: "enabled",
  disabledWhy: null,
  createdAt: "2026-01-31T10:00:00Z",
};

const NEW = {
  ...WEBHOOK,
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  publicKey: null,
};

const DELIVERY = {
  id: `${EVENT}.0b91ff3c2a7d`,
  event: EVENT,
  organization: "acme",
  attempt: 1,
  at: "2026-01-31T10:00:00Z",
  status: 503,
  failure: "STATUS",
  ms: 120,
  answer: "try later",
};

const OF_ONE = { id: "The webhook's id." };
const ACCEPTED = { schema: Accepted, example: { accepted: true } };

/** The calls of endpoints. */
const endpoints: Operations = {
  "POST /ledger/webhooks": {
    id: "addWebhook",
    summary: "Have events sent to a URL, signed as Standard Webhooks specifies.",
    body: WebhookBody,
    bodyExample: { url: WEBHOOK.url, types: WEBHOOK.types, description: WEBHOOK.description },
    answers: {
      201: {
        says: "The endpoint, with its secret, which is shown once.",
        schema: NewWebhook,
        example: NEW,
        hasLocation: true,
      },
    },
    refusals: [403, 409],
  },
  "GET /ledger/webhooks": {
    id: "listWebhooks",
    summary: "List the endpoints, the earliest first.",
    answers: {
      200: { says: "All of them.", schema: WebhookList, example: { webhooks: [WEBHOOK] } },
    },
  },
  "GET /ledger/webhooks/{id}": {
    id: "getWebhook",
    summary: "Read one endpoint.",
    path: OF_ONE,
    answers: { 200: { says: "The endpoint.", schema: WebhookRecord, example: WEBHOOK } },
  },
  "PATCH /ledger/webhooks/{id}": {
    id: "changeWebhook",
    summary: "Change an endpoint, or disable or enable it.",
    path: OF_ONE,
    body: WebhookChangeBody,
    bodyExample: { status: "disabled" },
    answers: {
      200: {
        says: "The endpoint as it is then.",
        schema: WebhookRecord,
        example: { ...WEBHOOK, status: "disabled", disabledWhy: "byOwner" },
      },
    },
  },
  "DELETE /ledger/webhooks/{id}": {
    id: "removeWebhook",
    summary: "Remove an endpoint, its secrets and what waits for it.",
    path: OF_ONE,
    answers: { 204: { says: "It is removed.", schema: null } },
  },
  "POST /ledger/webhooks/{id}/rotate": {
    id: "rotateWebhook",
    summary: "Give an endpoint its next secret; for a day both sign.",
    path: OF_ONE,
    body: RotationBody,
    bodyExample: { overlapSeconds: 3_600 },
    isBodyOptional: true,
    answers: {
      200: { says: "The endpoint, with its new secret.", schema: NewWebhook, example: NEW },
    },
  },
};

/** The calls of what endpoints are sent. */
const deliveries: Operations = {
  "POST /ledger/webhooks/{id}/test": {
    id: "testWebhook",
    summary: "Try an endpoint with an event of the type webhook.test.",
    path: OF_ONE,
    answers: {
      200: { says: "What came of it, whatever it was.", schema: Delivery, example: DELIVERY },
    },
  },
  "POST /ledger/webhooks/{id}/replay": {
    id: "replayWebhook",
    summary: "Repeat what happened after a place, or was not taken since a time.",
    path: OF_ONE,
    body: ReplayBody,
    bodyExample: { after: "0" },
    answers: { 202: { says: "It is sent again.", ...ACCEPTED } },
    refusals: [409],
  },
  "GET /ledger/webhooks/{id}/deliveries": {
    id: "listDeliveries",
    summary: "List what an endpoint was sent in the last 30 days, the latest attempt first.",
    path: OF_ONE,
    query: DeliveriesQuery,
    answers: {
      200: {
        says: "A page of attempts.",
        schema: DeliveryPage,
        example: { deliveries: [DELIVERY], next: null },
      },
    },
  },
  "POST /ledger/webhooks/{id}/deliveries/{deliveryId}/redeliver": {
    id: "redeliver",
    summary: "Deliver the event of an attempt again.",
    path: { ...OF_ONE, deliveryId: "The attempt's id." },
    answers: { 202: { says: "It is sent again.", ...ACCEPTED } },
    refusals: [409],
  },
};

/** The calls of webhooks. */
export const webhookOperations: Operations = { ...endpoints, ...deliveries };
