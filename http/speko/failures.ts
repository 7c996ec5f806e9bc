/** Speko's failures: `{"error":"<sentence>","code":"<CODE>"}`. */
import { messageOf } from "../errors.ts";
import type {
  ArgumentInvalid,
  CommandIdReused,
  PurchaseFailure,
  SearchRefusal,
  TooManySearches,
} from "../../adapters/ledger/api/mod.ts";
import type { RefusalOf } from "../../core/registry/commands.ts";
import type { RequirementsMissing } from "../../core/number/requirements.ts";
import type { ImportNumber } from "../../core/number/decisions/imports.ts";
import type { StartRelease } from "../../core/number/decisions/release.ts";
import type { ChangeRouting } from "../../core/number/decisions/routing.ts";
import { NEW_ID_RULE } from "../../core/values/identity.ts";
import { unknownNumber } from "../../core/number/refusals.ts";
import type { DraftVerification, SubmitVerification } from "../../core/verification/decisions.ts";
import { VERIFICATION_SIZE_RULE } from "../../core/verification/size.ts";
import type { VerificationIncomplete } from "../../core/verification/completeness.ts";
import type { Milliseconds } from "../../core/values/calendar.ts";
import type { Dialect, Failure } from "../dialect.ts";
import { ownNumber } from "../own-number.ts";
import { encodeMissing } from "../requirements.ts";
import { retryHeaders } from "../retry.ts";

type Refusals =
  | PurchaseFailure
  | TooManySearches
  | SearchRefusal
  | CommandIdReused
  | ArgumentInvalid
  | RefusalOf<ImportNumber | ChangeRouting | StartRelease | DraftVerification>
  // What a submission lacks is reported per member of the body, like all other invalid input.
  | Exclude<RefusalOf<SubmitVerification>, VerificationIncomplete>;

/** The part of a ledger's refusal that is shown. */
export type Refusal = Pick<Refusals, "code" | "message"> & {
  readonly waitMs?: Milliseconds | null;
  /** The number of the organization's own that the refusal is about, by its id. */
  readonly holding?: string;
} & Partial<Pick<RequirementsMissing, "country" | "type" | "missing">>;

type Answer = Pick<Failure, "status" | "code" | "headers">;

const NOT_FOUND: Answer = { status: 404, code: "NOT_FOUND" };

/**
 * Every refusal that the ledger can give to these calls (http/README.md, Speko). The codes for a
 * number that could not be bought and for an `Idempotency-Key` that was used for something else are
 * ours: Speko's documentation lacks them.
 */
const ANSWERS: Readonly<Record<Refusal["code"], Answer>> = {
  ORGANIZATION_UNKNOWN: { status: 403, code: "FORBIDDEN" },
  NUMBER_UNKNOWN: NOT_FOUND,
  NUMBER_NOT_AVAILABLE: { status: 404, code: "NUMBER_NOT_AVAILABLE" },
  NUMBER_ALREADY_OWNED: { status: 409, code: "NUMBER_ALREADY_OWNED" },
  NUMBER_ALREADY_YOURS: { status: 409, code: "NUMBER_ALREADY_YOURS" },
  NUMBER_BEING_RELEASED: { status: 409, code: "NUMBER_BEING_RELEASED" },
  PURCHASE_IN_PROGRESS: { status: 409, code: "PHONE_NUMBER_PROVISIONING_IN_PROGRESS" },
  PLAN_LIMIT_REACHED: { status: 403, code: "PLAN_LIMIT_REACHED" },
  PRICE_LIMIT_EXCEEDED: { status: 403, code: "PRICE_LIMIT_EXCEEDED" },
  PURCHASE_QUOTA_REACHED: { status: 403, code: "PURCHASE_QUOTA_REACHED" },
  CONNECTION_UNKNOWN: { status: 403, code: "CONNECTION_UNKNOWN" },
  IMPORT_LIMIT_REACHED: { status: 403, code: "IMPORT_LIMIT_REACHED" },
  // The caller can fix it: the request names a connection that does not exist.
  SIP_CONNECTION_UNKNOWN: { status: 400, code: "VALIDATION_ERROR" },
  // Speko's documentation has no 422.
  REQUIREMENTS_MISSING: { status: 409, code: "REQUIREMENTS_MISSING" },
  ID_UNFIT: { status: 400, code: "VALIDATION_ERROR" },
  DAILY_LIMIT_REACHED: { status: 429, code: "RATE_LIMITED" },
  VERIFICATION_REQUIRED: { status: 403, code: "PHONE_NUMBER_KYB_REQUIRED" },
  VERIFICATION_LOCKED: { status: 409, code: "VERIFICATION_LOCKED" },
  VERIFICATION_TOO_LARGE: { status: 400, code: "VALIDATION_ERROR" },
  INSUFFICIENT_CREDITS: { status: 402, code: "INSUFFICIENT_CREDITS" },
  PAYMENT_DECLINED: { status: 402, code: "INSUFFICIENT_CREDITS" },
  PURCHASE_CANCELLED: { status: 409, code: "PURCHASE_CANCELLED" },
  RATE_LIMITED: { status: 429, code: "RATE_LIMITED", headers: { "Retry-After": "1" } },
  CARRIER_FAILED: { status: 502, code: "CARRIER_ERROR" },
  // Speko's documentation has no 503, nor a code for a payment with an unknown outcome; the header
  // still says that a later try may go through.
  CARRIER_UNREACHABLE: { status: 502, code: "CARRIER_ERROR", headers: { "Retry-After": "5" } },
  PAYMENT_UNKNOWN: { status: 502, code: "CARRIER_ERROR", headers: { "Retry-After": "5" } },
  NUMBER_NOT_IN_SERVICE: { status: 409, code: "PHONE_NUMBER_NOT_IN_SERVICE" },
  COMMAND_ID_REUSED: { status: 422, code: "IDEMPOTENCY_KEY_REUSED" },
  // Speko has no code for what a carrier cannot search by; the message names the parameter.
  SEARCH_NOT_SUPPORTED: { status: 400, code: "VALIDATION_ERROR" },
  INVALID_ARGUMENT: { status: 400, code: "VALIDATION_ERROR" },
};

/** What a refusal lists as missing, for its body. */
const missingOf = ({ country, type, missing }: Refusal): Pick<Failure, "extra"> =>
  country === undefined || type === undefined || missing === undefined
    ? {}
    : { extra: encodeMissing({ country, type, missing }) };

/** What is wrong with the request itself begins as all such sentences do. */
const SENTENCES: { readonly [Code in Refusal["code"]]?: string } = {
  // Of all ids, only an assistant's can be new here.
  ID_UNFIT: `Invalid request: agentId ${NEW_ID_RULE}.`,
  VERIFICATION_TOO_LARGE: `Invalid request: the verification ${VERIFICATION_SIZE_RULE}.`,
};

/** The failure that a refusal of the ledger becomes. */
export const failureOf = (refusal: Refusal): Failure => ({
  ...retryHeaders(refusal),
  ...ownNumber(refusal, "phoneNumberId"),
  ...ANSWERS[refusal.code],
  message: SENTENCES[refusal.code] ?? messageOf(refusal),
  ...missingOf(refusal),
});

/** The failure of naming a number that the organization does not hold. */
export const NUMBER_NOT_FOUND: Failure = failureOf(unknownNumber.error);

/** 400; the sentence names the first field that does not fit. */
export const invalid: Dialect["invalid"] = (fields) => {
  const [path, reasons] = Object.entries(fields)[0] ?? [];
  const reason = reasons?.[0] ?? "it does not have the documented form";
  return {
    status: 400,
    code: "VALIDATION_ERROR",
    message: `Invalid request: ${path ? `${path} ${reason}` : reason}.`,
    fields,
  };
};

/** 400; the sentence names all of these fields, each with its first fault. */
export const incomplete = (fields: Readonly<Record<string, readonly string[]>>): Failure => {
  const faults = Object.entries(fields).map(([path, [fault = "is required"]]) =>
    `${path} ${fault}`
  );
  return {
    status: 400,
    code: "VALIDATION_ERROR",
    message: `Invalid request: ${faults.join("; ")}.`,
    fields,
  };
};

/** Codes that Speko has for a whole status, whatever the reason was. */
const BY_STATUS: Partial<Record<Failure["status"], string>> = {
  400: "VALIDATION_ERROR",
  401: "UNAUTHORIZED",
  429: "RATE_LIMITED",
  500: "INTERNAL_ERROR",
};

/** The body of a failure; a 401 has the very words of Speko's documentation. */
export const encodeFailure: Dialect["encodeFailure"] = ({ status, code, message, extra }) => ({
  body: {
    error: status === 401 ? "Unauthorized" : message,
    code: BY_STATUS[status] ?? code,
    ...extra,
  },
});
