/** What Talkover's clients are told when the ledger refuses (contract, Talkover). */
import type { ArgumentInvalid, CommandIdReused } from "../../adapters/ledger/api.ts";
import type { RefusalOf } from "../../core/commands.ts";
import type { RequestRelease, ResolveReleaseRequest } from "../../core/number/decisions/release.ts";
import { failed } from "../../core/values/result.ts";
import type { Milliseconds } from "../../core/values/calendar.ts";
import type { Failure, Language } from "../dialect.ts";
import { retryHeaders } from "../retry.ts";
import { faultSentence, type Sentence, sentence, sentenceOf } from "./messages.ts";

type Refusal =
  | RefusalOf<RequestRelease>
  | RefusalOf<ResolveReleaseRequest>
  | CommandIdReused
  | ArgumentInvalid;

type Wire = {
  readonly status: Failure["status"];
  readonly code: string;
  readonly says: Sentence;
};

const WIRE: Readonly<Record<Exclude<Refusal["code"], ArgumentInvalid["code"]>, Wire>> = {
  NUMBER_UNKNOWN: { status: 404, code: "NOT_FOUND", says: "PHONE_NUMBER_NOT_FOUND" },
  PURCHASE_IN_PROGRESS: {
    status: 409,
    code: "PURCHASE_IN_PROGRESS",
    says: "PURCHASE_IN_PROGRESS",
  },
  RELEASE_ALREADY_PENDING: {
    status: 409,
    code: "RELEASE_ALREADY_PENDING",
    says: "RELEASE_ALREADY_PENDING",
  },
  NUMBER_IN_USE: { status: 422, code: "PHONE_NUMBER_IN_USE", says: "PHONE_NUMBER_IN_USE" },
  DAILY_LIMIT_REACHED: { status: 429, code: "RATE_LIMITED", says: "DAILY_LIMIT_REACHED" },
  RELEASE_REQUEST_UNKNOWN: { status: 404, code: "NOT_FOUND", says: "RELEASE_REQUEST_NOT_FOUND" },
  RELEASE_REQUEST_RESOLVED: {
    status: 409,
    code: "RELEASE_ALREADY_RESOLVED",
    says: "RELEASE_ALREADY_RESOLVED",
  },
  COMMAND_ID_REUSED: {
    status: 422,
    code: "IDEMPOTENCY_KEY_REUSED",
    says: "IDEMPOTENCY_KEY_REUSED",
  },
};

/** The failure for a refusal, in the caller's language; `waitMs`: when the call may go through. */
export const refused = (
  refusal: Pick<Refusal, "code"> & {
    readonly waitMs?: Milliseconds | null;
    readonly path?: string;
  },
  language: Language,
): { readonly ok: false; readonly error: Failure } => {
  if (refusal.code === "INVALID_ARGUMENT") {
    const field = refusal.path?.split(".").at(-1) ?? "body";
    return failed(invalid({ [field]: ["invalid"] }, language));
  }
  const { status, code, says } = WIRE[refusal.code];
  const message = sentence(says, language);
  return failed({ status, code, message, isTranslated: true, ...retryHeaders(refusal) });
};

/** Input that does not fit: 422, with sentences for each field as Laravel writes them. */
export const invalid = (
  fields: Readonly<Record<string, readonly string[]>>,
  language: Language,
): Failure => ({
  status: 422,
  code: "VALIDATION_ERROR",
  message: sentence("GIVEN_DATA_INVALID", language),
  fields: Object.fromEntries(
    Object.entries(fields).map(([field, faults]) => [
      field,
      faults.map((fault) => faultSentence(fault, field, language)),
    ]),
  ),
});

/**
 * The body of a failure, in the caller's language. The documentation shows 401, 500 and invalid
 * input without a code; all else has one.
 */
export const encodeFailure = (failure: Failure, language: Language) => {
  const { status, code, fields } = failure;
  if (fields !== undefined) {
    return { body: { success: false, message: failure.message, errors: fields } };
  }
  const message = sentenceOf(failure, language);
  return {
    body: status === 401 || status === 500
      ? { success: false, message }
      : { success: false, message, code },
  };
};
