/**
 * The fields that Speko's documentation shows: names, types, nesting, and their order.
 */

/** The shape of a JSON value: `{}` is an object of any content, `["string"]` a list of strings. */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  | readonly [Shape]
  | { readonly [name: string]: Shape };

const businessProfile = {
  legalName: "string",
  displayName: "string",
  entityType: "string",
  country: "string",
  registrationId: "string",
  website: "string",
  address: {},
  useCase: "string",
  expectedUsage: "string",
} as const;

const authorizedRepresentative = {
  name: "string",
  title: "string",
  email: "string",
  phone: "string",
} as const;

/** A number as the documentation shows it. */
const DOCUMENTED_NUMBER = {
  id: "string",
  organizationId: "string",
  e164: "string",
  source: "string",
  providerResourceId: "string",
  telnyxPhoneNumberId: "string",
  sipTrunkId: "string",
  sipConnectionInstallationId: "string",
  sipProviderName: "string",
  direction: "string",
  dispatchMetadataTemplate: {},
  agentId: "string",
  label: "string",
  sms10dlcProfileId: "string",
  smsCampaignId: "string",
  smsAssignmentStatus: "string",
  smsAssignmentUpdatedAt: "string",
  setupStatus: {
    status: "string",
    inboundReady: "boolean",
    outboundReady: "boolean",
    agentReady: "boolean",
    forwardingRequired: "boolean",
    sipConnectionReady: "boolean",
    issues: ["string"],
  },
  nextChargeAt: "string",
  lastChargedAt: "string",
  suspendedAt: "string",
  createdAt: "string",
  updatedAt: "string",
} as const satisfies Shape;

/** A number as it is answered: fields that the documentation does not have come last. */
export const PHONE_NUMBER = { ...DOCUMENTED_NUMBER } as const satisfies Shape;

export const OFFER = {
  e164: "string",
  friendlyName: "string",
  monthlyCostUsd: "number",
  upfrontCostUsd: "number",
  features: ["string"],
  region: {},
} as const satisfies Shape;

export const SUBMISSION = {
  id: "string",
  organizationId: "string",
  status: "string",
  businessProfile,
  authorizedRepresentative,
  attestationAccepted: "boolean",
  attestedAt: "string",
  submittedAt: "string",
  rejectionReason: "string",
  slackNotificationStatus: "string",
  slackNotificationJobId: "string",
  slackNotificationError: "string",
  createdAt: "string",
  updatedAt: "string",
} as const satisfies Shape;

/** What the contract adds to a submission. */
export const FULL_SUBMISSION = {
  ...SUBMISSION,
  submittedByUserId: "string",
  submittedByEmail: "string",
  submittedByApiKeyId: "string",
  reviewerUserId: "string",
  reviewerEmail: "string",
  reviewedAt: "string",
} as const satisfies Shape;

const prefill = { businessProfile, authorizedRepresentative };

export const VERIFICATION = {
  status: "string",
  submission: SUBMISSION,
  prefill,
} as const satisfies Shape;

export const FULL_VERIFICATION = {
  ...VERIFICATION,
  submission: FULL_SUBMISSION,
} as const satisfies Shape;

export const RELEASED = { released: "boolean" } as const satisfies Shape;

export const FAILURE = { error: "string", code: "string" } as const satisfies Shape;

const BY_CALL: Readonly<Record<string, readonly Shape[]>> = {
  "GET /v1/phone-numbers": [[DOCUMENTED_NUMBER], FAILURE],
  "POST /v1/phone-numbers": [DOCUMENTED_NUMBER, FAILURE, FAILURE],
  "GET /v1/phone-numbers/available": [[OFFER], FAILURE],
  "POST /v1/phone-numbers/import": [DOCUMENTED_NUMBER, FAILURE, FAILURE],
  "GET /v1/phone-numbers/kyb": [VERIFICATION, FAILURE],
  "PUT /v1/phone-numbers/kyb/draft": [SUBMISSION, FAILURE, FAILURE],
  "POST /v1/phone-numbers/kyb/submit": [SUBMISSION, FAILURE, FAILURE],
  "GET /v1/phone-numbers/{id}": [DOCUMENTED_NUMBER, FAILURE],
  "PATCH /v1/phone-numbers/{id}": [DOCUMENTED_NUMBER, FAILURE, FAILURE],
  "DELETE /v1/phone-numbers/{id}": [RELEASED, FAILURE],
};

/** The body of every answer that the seed shows, in its order. */
export const SEED_004: readonly Shape[] = Object.values(BY_CALL).flat();

/** The shape of an example, as its documentation would have written it. */
export const shapeOf = (example: unknown): Shape => {
  if (Array.isArray(example)) return [shapeOf(example[0])];
  if (typeof example === "object" && example !== null) {
    return Object.fromEntries(
      Object.entries(example).map(([name, value]) => [name, shapeOf(value)]),
    );
  }
  const type = typeof example;
  if (type === "string" || type === "number" || type === "boolean") return type;
  throw new Error(`an example holds ${String(example)}`);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Where a value is not of a shape, one line each: another type, a field that is missing,
 * additional, or in another order. Null fits anywhere, as the absence of a value.
 */
export const misfits = (value: unknown, shape: Shape, path = "answer"): readonly string[] => {
  if (value === null) return [];
  if (typeof shape === "string") return typeof value === shape ? [] : [`${path} is not a ${shape}`];
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${path} is not a list`];
    return value.flatMap((member, index) => misfits(member, shape[0], `${path}.${index}`));
  }
  if (!isObject(value)) return [`${path} is not an object`];
  const fields = Object.entries<Shape>(shape);
  if (fields.length === 0) return [];
  const names = fields.map(([name]) => name).join();
  if (Object.keys(value).join() !== names) {
    return [`${path} has ${Object.keys(value).join()} and not ${names}`];
  }
  return fields.flatMap(([name, inner]) => misfits(value[name], inner, `${path}.${name}`));
};
