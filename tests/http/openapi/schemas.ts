/**
 * The schemas of Speko's OpenAPI document, as far as its phone-number API goes, and what each call
 * takes and answers. Written down here, so that answers are checked against them wherever the tests
 * run; where the document is beside the project, `tests/http/speko-document.test.ts` compares them.
 */

/** A schema as this file writes it: JSON Schema, with `nullable` as the document has it. */
export type Schema = {
  readonly type?: "string" | "number" | "boolean" | "object" | "array";
  readonly nullable?: true;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly enum?: readonly (string | boolean)[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
};

const to = <Name extends string>(name: Name) => ({ $ref: `#/components/schemas/${name}` }) as const;

const text: Schema = { type: "string" };
const noText: Schema = { type: "string", nullable: true };
const time: Schema = { type: "string", format: "date-time" };
const noTime: Schema = { type: "string", format: "date-time", nullable: true };
const flag: Schema = { type: "boolean" };
const noObject: Schema = { type: "object", nullable: true };
const label: Schema = { type: "string", maxLength: 120 };
const texts: Schema = { type: "array", items: text };
const oneOf = (...values: readonly string[]): Schema => ({ type: "string", enum: values });

const STATUSES = ["draft", "submitted", "approved", "rejected", "revoked"];

const wishes = {
  direction: to("PhoneNumberDirection"),
  dispatchMetadataTemplate: to("JsonObject"),
  label,
  agentId: text,
};

const business = {
  businessProfile: to("PhoneNumberKybBusinessProfile"),
  authorizedRepresentative: to("PhoneNumberKybAuthorizedRepresentative"),
};

/** Every schema of the document, by its name. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  JsonObject: { type: "object" },
  E164: { type: "string", pattern: "^\\+[1-9]\\d{6,14}$" },
  Error: { type: "object", required: ["error", "code"], properties: { error: text, code: text } },
  PhoneNumberDirection: oneOf("inbound", "outbound", "both"),
  PhoneNumberSetupStatus: {
    type: "object",
    required: [
      "status",
      "inboundReady",
      "outboundReady",
      "agentReady",
      "forwardingRequired",
      "sipConnectionReady",
      "issues",
    ],
    properties: {
      status: oneOf("ready", "action_required", "suspended"),
      inboundReady: flag,
      outboundReady: flag,
      agentReady: flag,
      forwardingRequired: flag,
      sipConnectionReady: flag,
      issues: texts,
    },
  },
  PhoneNumber: {
    type: "object",
    required: [
      "id",
      "organizationId",
      "e164",
      "source",
      "direction",
      "setupStatus",
      "createdAt",
      "updatedAt",
    ],
    properties: {
      id: text,
      organizationId: text,
      e164: to("E164"),
      source: oneOf("managed", "sip_trunk"),
      providerResourceId: noText,
      telnyxPhoneNumberId: noText,
      sipTrunkId: noText,
      sipConnectionInstallationId: noText,
      sipProviderName: noText,
      direction: to("PhoneNumberDirection"),
      dispatchMetadataTemplate: noObject,
      agentId: noText,
      label: noText,
      sms10dlcProfileId: noText,
      smsCampaignId: noText,
      smsAssignmentStatus: noText,
      smsAssignmentUpdatedAt: noTime,
      setupStatus: to("PhoneNumberSetupStatus"),
      nextChargeAt: time,
      lastChargedAt: noTime,
      suspendedAt: noTime,
      createdAt: time,
      updatedAt: time,
    },
  },
  AvailablePhoneNumber: {
    type: "object",
    required: [
      "e164",
      "friendlyName",
      "monthlyCostUsd",
      "upfrontCostUsd",
      "features",
      "region",
    ],
    properties: {
      e164: to("E164"),
      friendlyName: text,
      monthlyCostUsd: { type: "number" },
      upfrontCostUsd: { type: "number" },
      features: texts,
      region: to("JsonObject"),
    },
  },
  PhoneNumberCreateRequest: {
    type: "object",
    required: ["e164"],
    properties: { e164: to("E164"), ...wishes },
  },
  PhoneNumberImportRequest: {
    type: "object",
    required: ["e164"],
    properties: {
      e164: to("E164"),
      sipConnectionInstallationId: text,
      sipTrunkId: text,
      sipProviderName: text,
      ...wishes,
    },
  },
  PhoneNumberUpdateRequest: {
    type: "object",
    properties: {
      direction: to("PhoneNumberDirection"),
      dispatchMetadataTemplate: noObject,
      label: { ...label, nullable: true },
      agentId: noText,
    },
  },
  PhoneNumberKybBusinessProfile: {
    type: "object",
    required: [
      "legalName",
      "displayName",
      "entityType",
      "country",
      "website",
      "address",
      "useCase",
      "expectedUsage",
    ],
    properties: {
      legalName: text,
      displayName: text,
      entityType: text,
      country: text,
      registrationId: text,
      website: { type: "string", format: "uri" },
      address: to("JsonObject"),
      useCase: text,
      expectedUsage: text,
    },
  },
  PhoneNumberKybAuthorizedRepresentative: {
    type: "object",
    required: ["name", "title", "email"],
    properties: {
      name: text,
      title: text,
      email: { type: "string", format: "email" },
      phone: to("E164"),
    },
  },
  PhoneNumberKybDraftRequest: {
    type: "object",
    required: ["businessProfile", "authorizedRepresentative"],
    properties: { ...business, attestationAccepted: flag },
  },
  PhoneNumberKybSubmitRequest: {
    allOf: [to("PhoneNumberKybDraftRequest"), {
      type: "object",
      required: ["attestationAccepted"],
      properties: { attestationAccepted: { type: "boolean", enum: [true] } },
    }],
  },
  PhoneNumberKybSubmission: {
    type: "object",
    required: ["id", "organizationId", "status", "attestationAccepted", "createdAt", "updatedAt"],
    properties: {
      id: text,
      organizationId: text,
      status: oneOf(...STATUSES),
      ...business,
      attestationAccepted: flag,
      attestedAt: noTime,
      submittedAt: noTime,
      rejectionReason: noText,
      slackNotificationStatus: oneOf("not_queued", "queued", "enqueue_failed"),
      slackNotificationJobId: noText,
      slackNotificationError: noText,
      createdAt: time,
      updatedAt: time,
    },
  },
  PhoneNumberKybOverview: {
    type: "object",
    required: ["status", "submission", "prefill"],
    properties: {
      status: oneOf("missing", ...STATUSES),
      submission: to("PhoneNumberKybSubmission"),
      prefill: { type: "object", nullable: true, properties: business },
    },
  },
};

/** What a call takes and returns: the body, and the answer on success. */
export type DocumentedCall = { readonly body: Schema | null; readonly answer: Schema };

const call = (answer: Schema, body: Schema | null = null): DocumentedCall => ({ body, answer });
const listOf = (items: Schema): Schema => ({ type: "array", items });
const number = to("PhoneNumber");
const submission = to("PhoneNumberKybSubmission");
const released: Schema = {
  type: "object",
  required: ["released"],
  properties: { released: flag },
};

/** Every call of the document; the path with an id comes after those without. */
export const CALLS: Readonly<Record<string, DocumentedCall>> = {
  "GET /v1/phone-numbers": call(listOf(number)),
  "POST /v1/phone-numbers": call(number, to("PhoneNumberCreateRequest")),
  "GET /v1/phone-numbers/available": call(listOf(to("AvailablePhoneNumber"))),
  "POST /v1/phone-numbers/import": call(number, to("PhoneNumberImportRequest")),
  "GET /v1/phone-numbers/kyb": call(to("PhoneNumberKybOverview")),
  "PUT /v1/phone-numbers/kyb/draft": call(submission, to("PhoneNumberKybDraftRequest")),
  "POST /v1/phone-numbers/kyb/submit": call(submission, to("PhoneNumberKybSubmitRequest")),
  "GET /v1/phone-numbers/{id}": call(number),
  "PATCH /v1/phone-numbers/{id}": call(number, to("PhoneNumberUpdateRequest")),
  "DELETE /v1/phone-numbers/{id}": call(released),
};

const dollars: Schema = { type: "number" };
const entry: Schema = {
  type: "object",
  required: ["id", "kind", "amountMicroUsd", "metric", "provider", "sessionId", "createdAt"],
  properties: {
    id: text,
    kind: oneOf("grant", "debit", "topup", "refund", "adjustment"),
    amountMicroUsd: { type: "string", pattern: "^-?[1-9]\\d*$" },
    metric: noText,
    provider: noText,
    sessionId: noText,
    createdAt: time,
  },
};

/** Calls that the document leaves out, as Speko's client libraries read their answers. */
export const CREDIT_CALLS: Readonly<Record<string, DocumentedCall>> = {
  "GET /v1/credits/balance": call({
    type: "object",
    required: ["balanceUsd", "currency", "updatedAt"],
    properties: { balanceUsd: dollars, currency: oneOf("USD"), updatedAt: time },
  }),
  "GET /v1/credits/ledger": call({
    type: "object",
    required: ["entries", "nextCursor"],
    properties: { entries: listOf(entry), nextCursor: noText },
  }),
};
