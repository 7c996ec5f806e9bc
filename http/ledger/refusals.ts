/**
 * What the ledger's own API answers to a refusal: the ledger's own codes, as problems (RFC 9457).
 */
import type {
  ArgumentInvalid,
  CommandIdReused,
  PurchaseFailure,
  SearchRefusal,
} from "../../adapters/ledger/api/mod.ts";
import type { RefusalOf } from "../../core/registry/commands.ts";
import type { ChangeNumber } from "../../core/number/decisions/changes.ts";
import type { ImportNumber, RemoveImport } from "../../core/number/decisions/imports.ts";
import type {
  RequestRelease,
  ResolveReleaseRequest,
  StartRelease,
} from "../../core/number/decisions/release.ts";
import type { AssignNumbers } from "../../core/number/decisions/routing.ts";
import type { RequirementsMissing } from "../../core/number/requirements.ts";
import type { Eligibility } from "../../core/organization/eligibility.ts";
import type { Milliseconds } from "../../core/values/calendar.ts";
import { failed } from "../../core/values/result.ts";
import { NEW_ID_RULE } from "../../core/values/identity.ts";
import type { DraftVerification, SubmitVerification } from "../../core/verification/decisions.ts";
import type { Failure } from "../dialect.ts";
import { invalidProblem, messageOf } from "../errors.ts";
import { ownNumber } from "../own-number.ts";
import { encodeMissing } from "../requirements.ts";
import { retryHeaders } from "../retry.ts";
import { encodeEligibility } from "./encode-organization.ts";

/** Every refusal of the ledger calls that this dialect makes. */
export type Refusal =
  | PurchaseFailure
  | SearchRefusal
  | RefusalOf<
    | ImportNumber
    | RemoveImport
    | ChangeNumber
    | AssignNumbers
    | StartRelease
    | RequestRelease
    | ResolveReleaseRequest
    | DraftVerification
    | SubmitVerification
  >
  | CommandIdReused
  | ArgumentInvalid;

const STATUS: Readonly<Record<Exclude<Refusal["code"], "ID_UNFIT">, Failure["status"]>> = {
  NUMBER_UNKNOWN: 404,
  NUMBER_NOT_AVAILABLE: 404,
  NUMBER_ALREADY_YOURS: 409,
  NUMBER_ALREADY_OWNED: 409,
  NUMBER_BEING_RELEASED: 409,
  NUMBER_NOT_IN_SERVICE: 409,
  NUMBER_NOT_RENTED: 409,
  NUMBER_IN_USE: 409,
  PURCHASE_IN_PROGRESS: 409,
  PURCHASE_CANCELLED: 409,
  PLAN_LIMIT_REACHED: 403,
  PURCHASE_QUOTA_REACHED: 403,
  PRICE_LIMIT_EXCEEDED: 403,
  IMPORT_LIMIT_REACHED: 403,
  VERIFICATION_REQUIRED: 403,
  CONNECTION_UNKNOWN: 403,
  SIP_CONNECTION_UNKNOWN: 409,
  REQUIREMENTS_MISSING: 422,
  INSUFFICIENT_CREDITS: 402,
  PAYMENT_DECLINED: 402,
  PAYMENT_UNKNOWN: 503,
  SEARCH_NOT_SUPPORTED: 422,
  RATE_LIMITED: 429,
  CARRIER_FAILED: 502,
  CARRIER_UNREACHABLE: 503,
  RELEASE_ALREADY_PENDING: 409,
  RELEASE_REQUEST_UNKNOWN: 404,
  RELEASE_REQUEST_RESOLVED: 409,
  VERIFICATION_INCOMPLETE: 422,
  VERIFICATION_TOO_LARGE: 422,
  VERIFICATION_LOCKED: 409,
  DAILY_LIMIT_REACHED: 429,
  ORGANIZATION_UNKNOWN: 404,
  COMMAND_ID_REUSED: 422,
  INVALID_ARGUMENT: 400,
};

/** In seconds: when what is away for a while may be back. */
const RETRY_AFTER_S: { readonly [Code in Refusal["code"]]?: string } = {
  RATE_LIMITED: "1",
  PAYMENT_UNKNOWN: "5",
  CARRIER_UNREACHABLE: "5",
};

/** A refusal as far as it is shown: its code and sentence, and what it is about. */
type Shown = Pick<Refusal, "code" | "message"> & {
  readonly waitMs?: Milliseconds | null;
  /** The organization's own number that it is about, by its id. */
  readonly holding?: string;
  /** The release request that is pending; null where the number already leaves. */
  readonly request?: string | null;
  readonly eligibility?: Eligibility;
  /** What a market's requirements, or a submission, lacks. */
  readonly missing?: RequirementsMissing["missing"] | readonly string[];
  readonly country?: string;
  readonly type?: RequirementsMissing["type"];
  /** What a search cannot be narrowed by, and why. */
  readonly filter?: string;
  readonly fault?: string;
};

/** What is wrong with each field of the request, where it is about fields. */
const fieldsOf = ({ code, missing = [], filter, fault }: Shown): Pick<Failure, "fields"> => {
  if (filter !== undefined && fault !== undefined) return { fields: { [filter]: [fault] } };
  if (code !== "VERIFICATION_INCOMPLETE") return {};
  const paths = missing.filter((path) => typeof path === "string");
  return { fields: Object.fromEntries(paths.map((path) => [path, ["is missing"]])) };
};

/** What a refusal says besides: the caller's place in the plan, what is missing, a request. */
const extraOf = ({ eligibility, request, country, type, missing = [] }: Shown) => {
  const requirements = missing.filter((one) => typeof one !== "string");
  return {
    ...(eligibility !== undefined && { eligibility: encodeEligibility(eligibility) }),
    ...(request !== undefined && { releaseRequest: request }),
    ...(country !== undefined && type !== undefined &&
      encodeMissing({ country, type, missing: requirements })),
  };
};

/** The failure for a refusal; a number of the caller's own that it is about is named by its id. */
export const refused = (refusal: Shown) => {
  const { code } = refusal;
  // Of all ids, only an assistant's can be new here.
  if (code === "ID_UNFIT") return failed(invalidProblem({ assistant: [NEW_ID_RULE] }));
  const wait = RETRY_AFTER_S[code];
  return failed<Failure>({
    status: STATUS[code],
    code,
    message: messageOf(refusal),
    ...fieldsOf(refusal),
    ...(wait === undefined ? retryHeaders(refusal) : { headers: { "retry-after": wait } }),
    extra: { ...ownNumber(refusal, "number").extra, ...extraOf(refusal) },
  });
};
