/**
 * The fields that the documentation of Talkturo (seeds 000, 001) and Talkover (002, 003) shows:
 * names, types, nesting, and their order. A number may have more, in an object of its own here.
 */
import type { Shape } from "./seed-fields-speko.ts";

export const TALKTURO_SEARCH = {
  success: "boolean",
  numbers: [
    { phoneNumber: "string", monthlyPrice: "string", setupPrice: "string", features: ["string"] },
  ],
  provider: "string",
  count: "number",
} as const satisfies Shape;

export const TALKTURO_PURCHASE = {
  success: "boolean",
  phoneNumber: {
    id: "string",
    phone_number: "string",
    provider_number_id: "string",
    status: "string",
    is_trial: "boolean",
    trial_expires_at: "string",
    message: "string",
  },
  eligibility: {
    currentCount: "number",
    maxAllowed: "number",
    hasSubscription: "boolean",
    planName: "string",
  },
} as const satisfies Shape;

/** A number as the documentation shows it. */
const DOCUMENTED_TALKTURO_NUMBER = {
  id: "string",
  phone_number: "string",
  provider: "string",
  status: "string",
  is_trial: "boolean",
  trial_expires_at: "string",
  assistant_id: "string",
  assistant_name: "string",
  created_by_email: "string",
  created_by_name: "string",
  created_at: "string",
} as const satisfies Shape;

/** A number as it is answered: fields that the documentation does not have come last. */
export const TALKTURO_NUMBER = { ...DOCUMENTED_TALKTURO_NUMBER } as const satisfies Shape;

const listOf = (number: Shape): Shape => ({
  success: "boolean",
  numbers: [number],
  count: "number",
});

export const TALKTURO_LIST = listOf(TALKTURO_NUMBER);

/** The answers of Talkturo's documentation, in its order. */
export const SEED_000: readonly Shape[] = [
  TALKTURO_SEARCH,
  TALKTURO_PURCHASE,
  listOf(DOCUMENTED_TALKTURO_NUMBER),
];

export const TALKTURO_FAILURE = {
  success: "boolean",
  error: "string",
  code: "string",
} as const satisfies Shape;

/**
 * A number as the documentation shows it: the older page ends before `environment`, the later one
 * shows it as null, and the contract what is in it.
 */
export const DOCUMENTED_TALKOVER_NUMBER = {
  id: "string",
  number: "string",
  country_code: "string",
  formatted_number: "string",
  international_number: "string",
  type: "string",
  has_voice: "boolean",
  has_sms: "boolean",
  has_mms: "boolean",
  has_fax: "boolean",
  has_whatsapp: "boolean",
  current_status: "string",
  is_sandbox: "boolean",
  current_price: "number",
  currency: "string",
  renewal_date: "string",
  auto_renewal: "boolean",
  created_at: "string",
  updated_at: "string",
  monthly_renewal_cost: "number",
  days_until_monthly_renewal: "number",
  is_due_for_monthly_renewal: "boolean",
  environment: { id: "string", name: "string" },
  agents: [{ id: "string", name: "string" }],
} as const satisfies Shape;

/** A number as it is answered: fields that the documentation does not have come last. */
export const TALKOVER_NUMBER = { ...DOCUMENTED_TALKOVER_NUMBER } as const satisfies Shape;

export const TALKOVER_LIST = {
  success: "boolean",
  data: [TALKOVER_NUMBER],
} as const satisfies Shape;

export const TALKOVER_PAGE = {
  ...TALKOVER_LIST,
  meta: { current_page: "number", per_page: "number", total: "number", last_page: "number" },
} as const satisfies Shape;

/** The failures of the documentation, word for word. */
export const TALKOVER_UNAUTHORIZED = { success: false, message: "Unauthorized" };
export const TALKOVER_INVALID_TYPE = {
  success: false,
  message: "The given data was invalid.",
  errors: { type: ["The selected type is invalid."] },
};
export const TALKOVER_BROKEN = { success: false, message: "Internal server error." };

/** The answers to a release request, as the contract has them. */
export const TALKOVER_RELEASE_REQUEST = {
  id: "string",
  phone_number_id: "string",
  phone_number: "string",
  reason: "string",
  status: "string",
  requested_at: "string",
} as const satisfies Shape;

/** The answer to an agent's calling, as http/README.md has it. */
export const TALKOVER_CALLING = {
  success: "boolean",
  message: "string",
  data: {
    id: "string",
    name: "string",
    direction: "string",
    current_status: "string",
    phone_numbers: [
      {
        id: "string",
        number: "string",
        country_code: "string",
        formatted_number: "string",
        current_status: "string",
      },
    ],
    updated_at: "string",
  },
} as const satisfies Shape;

const TALKOVER_DID = {
  id: "string",
  number: "string",
  country_code: "string",
  formatted_number: "string",
} as const satisfies Shape;

/** A trunk's DIDs, and a new one of them. */
export const TALKOVER_DIDS = { success: "boolean", data: [TALKOVER_DID] } as const satisfies Shape;
export const TALKOVER_NEW_DID = {
  success: "boolean",
  data: { ...TALKOVER_DID, trunk_id: "string" },
} as const satisfies Shape;
