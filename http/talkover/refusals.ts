/** What Talkover's clients are answered when the ledger refuses (http/README.md, Talkover). */
import type { ArgumentInvalid, CommandIdReused } from "../../adapters/ledger/api/mod.ts";
import type { RefusalOf } from "../../core/registry/commands.ts";
import type { ImportNumber, RemoveImport } from "../../core/number/decisions/imports.ts";
import type { RequestRelease, ResolveReleaseRequest } from "../../core/number/decisions/release.ts";
import type { AssignNumbers } from "../../core/number/decisions/routing.ts";
import { failed } from "../../core/values/result.ts";
import type { Milliseconds } from "../../core/values/calendar.ts";
import type { Failure, Language } from "../dialect.ts";
import { ownNumber } from "../own-number.ts";
import { retryHeaders } from "../retry.ts";
import { faultSentence } from "./faults.ts";
import { type Sentence, sentence, sentenceOf } from "./messages.ts";

type Refusal =
  | RefusalOf<RequestRelease>
  | RefusalOf<ResolveReleaseRequest>
  | RefusalOf<AssignNumbers>
  | CommandIdReused
  | ArgumentInvalid;

type Wire = {
  readonly status: Failure["status"];
  readonly code: string;
  readonly says: Sentence;
};

/** Refusals about a field of the request, answered as invalid input. */
type OfField = ArgumentInvalid["code"] | "ID_UNFIT";

const WIRE: Readonly<Record<Exclude<Refusal["code"], OfField>, Wire>> = {
  NUMBER_UNKNOWN: { status: 404, code: "NOT_FOUND", says: "PHONE_NUMBER_NOT_FOUND" },
  PURCHASE_IN_PROGRESS: {
    status: 409,
    code: "PURCHASE_IN_PROGRESS",
    says: "PURCHASE_IN_PROGRESS",
  },
  NUMBER_NOT_IN_SERVICE: {
    status: 409,
    code: "PHONE_NUMBER_NOT_IN_SERVICE",
    says: "PHONE_NUMBER_NOT_IN_SERVICE",
  },
  NUMBER_BEING_RELEASED: {
    status: 409,
    code: "NUMBER_BEING_RELEASED",
    says: "NUMBER_BEING_RELEASED",
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

const failureOf = (
  { status, code, says }: Wire,
  language: Language,
  refusal: Parameters<typeof ownNumber>[0] = { code },
) =>
  failed<Failure>({
    status,
    code,
    message: sentence(says, language, refusal.holding),
    ...ownNumber(refusal, "phone_number_id"),
  });

/** Refusals whose way out is another one in some states. */
const wireOf = (
  code: keyof typeof WIRE,
  { request, outcome }: { readonly request?: string | null; readonly outcome?: string },
): Wire => {
  const wire = WIRE[code];
  if (code === "RELEASE_ALREADY_PENDING" && request === null) {
    return { ...wire, says: "RELEASE_UNDERWAY" };
  }
  return code === "RELEASE_REQUEST_RESOLVED" && outcome === "approved"
    ? { ...wire, says: "RELEASE_ALREADY_APPROVED" }
    : wire;
};

/** The failure for a refusal, in the caller's language; `waitMs`: when the call may go through. */
export const refused = (
  refusal: Pick<Refusal, "code"> & {
    readonly waitMs?: Milliseconds | null;
    readonly path?: string;
    /** The release request that is pending; null where the number already leaves. */
    readonly request?: string | null;
    /** How a release request was resolved. */
    readonly outcome?: string;
    /** The number of the environment's own that the refusal is about, by its id. */
    readonly holding?: string;
  },
  language: Language,
): { readonly ok: false; readonly error: Failure } => {
  if (refusal.code === "INVALID_ARGUMENT") {
    const field = refusal.path?.split(".").at(-1) ?? "body";
    return failed(invalid({ [field]: ["invalid"] }, language));
  }
  // Of all ids, only an agent's can be new here.
  if (refusal.code === "ID_UNFIT") return failed(invalid({ agent_id: ["newId"] }, language));
  const { error } = failureOf(wireOf(refusal.code, refusal), language, refusal);
  return failed({ ...error, ...retryHeaders(refusal) });
};

type DidRefusal = RefusalOf<ImportNumber | RemoveImport>;

const didExists = (says: Sentence): Wire => ({ status: 409, code: "DID_ALREADY_EXISTS", says });
const NO_TRUNK: Wire = { status: 404, code: "NOT_FOUND", says: "SIP_TRUNK_NOT_FOUND" };
const NO_DID: Wire = { status: 404, code: "NOT_FOUND", says: "DID_NOT_FOUND" };

/** The refusals of a DID; it has no agent when it is created, so no agent id is refused. */
const DIDS: Readonly<Record<Exclude<DidRefusal["code"], "ID_UNFIT">, Wire>> = {
  ORGANIZATION_UNKNOWN: { status: 404, code: "NOT_FOUND", says: "ENVIRONMENT_NOT_FOUND" },
  SIP_CONNECTION_UNKNOWN: NO_TRUNK,
  NUMBER_ALREADY_OWNED: didExists("DID_ALREADY_EXISTS"),
  NUMBER_ALREADY_YOURS: didExists("DID_ALREADY_YOURS"),
  NUMBER_BEING_RELEASED: didExists("DID_BEING_RELEASED"),
  PURCHASE_IN_PROGRESS: didExists("DID_ALREADY_YOURS"),
  IMPORT_LIMIT_REACHED: {
    status: 403,
    code: "IMPORT_LIMIT_REACHED",
    says: "IMPORT_LIMIT_REACHED",
  },
  NUMBER_UNKNOWN: NO_DID,
  NUMBER_IN_USE: { status: 409, code: "DID_IN_USE", says: "DID_IN_USE" },
};

/** The failure for a DID that is refused. */
export const didRefused = (
  refusal: DidRefusal | CommandIdReused | ArgumentInvalid,
  language: Language,
) => {
  if (
    refusal.code === "COMMAND_ID_REUSED" || refusal.code === "INVALID_ARGUMENT" ||
    refusal.code === "ID_UNFIT"
  ) return refused(refusal, language);
  return failureOf(DIDS[refusal.code], language, refusal);
};

/** A trunk that is not installed for the environment. */
export const trunkNotFound = (language: Language) => failureOf(NO_TRUNK, language);

/** A DID that the trunk does not have. */
export const didNotFound = (language: Language) => failureOf(NO_DID, language);

/** Invalid input: 422, with messages for each field as Laravel writes them. */
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
  const { status, code, fields, extra } = failure;
  if (fields !== undefined) {
    return { body: { success: false, message: failure.message, errors: fields } };
  }
  const message = sentenceOf(failure, language);
  return {
    body: status === 401 || status === 500
      ? { success: false, message }
      : { success: false, message, code, ...extra },
  };
};
