/** What Talkturo's clients are answered when the ledger refuses (http/README.md, Talkturo). */
import { messageOf } from "../errors.ts";
import type {
  ArgumentInvalid,
  CarrierRefusal,
  CommandIdReused,
  PurchaseFailure,
  SearchRefusal,
  TooManySearches,
} from "../../adapters/ledger/api/mod.ts";
import type { RefusalOf } from "../../core/registry/commands.ts";
import type { AssignNumbers } from "../../core/number/decisions/routing.ts";
import type { StartRelease } from "../../core/number/decisions/release.ts";
import { unknownNumber } from "../../core/number/refusals.ts";
import type { OrganizationUnknown } from "../../core/organization/refusals.ts";
import { failed } from "../../core/values/result.ts";
import type { Failure } from "../dialect.ts";
import { ownNumber } from "../own-number.ts";
import { encodeMissing } from "../requirements.ts";
import { retryHeaders } from "../retry.ts";
import { encodeEligibility } from "./encode.ts";

/** Every refusal of the ledger calls that this dialect makes. */
type Refusal =
  | PurchaseFailure
  | CarrierRefusal
  | TooManySearches
  | SearchRefusal
  | OrganizationUnknown
  | RefusalOf<StartRelease>
  | RefusalOf<AssignNumbers>
  | CommandIdReused
  | ArgumentInvalid;

/** In seconds: an unreachable carrier is seldom back sooner. */
const RETRY_AFTER_S = "5";

const WIRE: Readonly<
  Record<Refusal["code"], Pick<Failure, "status" | "code" | "headers">>
> = {
  NUMBER_UNKNOWN: { status: 404, code: "NOT_FOUND" },
  NUMBER_NOT_IN_SERVICE: { status: 409, code: "NUMBER_NOT_IN_SERVICE" },
  NUMBER_ALREADY_YOURS: { status: 409, code: "NUMBER_ALREADY_YOURS" },
  NUMBER_BEING_RELEASED: { status: 409, code: "NUMBER_BEING_RELEASED" },
  NUMBER_ALREADY_OWNED: { status: 409, code: "NUMBER_ALREADY_OWNED" },
  NUMBER_NOT_AVAILABLE: { status: 404, code: "NUMBER_NOT_AVAILABLE" },
  PURCHASE_IN_PROGRESS: { status: 409, code: "PURCHASE_IN_PROGRESS" },
  PLAN_LIMIT_REACHED: { status: 403, code: "PLAN_LIMIT_REACHED" },
  PRICE_LIMIT_EXCEEDED: { status: 403, code: "PRICE_LIMIT_EXCEEDED" },
  PURCHASE_QUOTA_REACHED: { status: 403, code: "PURCHASE_QUOTA_REACHED" },
  CONNECTION_UNKNOWN: { status: 403, code: "CONNECTION_UNKNOWN" },
  REQUIREMENTS_MISSING: { status: 422, code: "REQUIREMENTS_MISSING" },
  ID_UNFIT: { status: 400, code: "VALIDATION_ERROR" },
  VERIFICATION_REQUIRED: { status: 403, code: "VERIFICATION_REQUIRED" },
  INSUFFICIENT_CREDITS: { status: 402, code: "INSUFFICIENT_CREDITS" },
  PAYMENT_DECLINED: { status: 402, code: "PAYMENT_DECLINED" },
  PAYMENT_UNKNOWN: {
    status: 503,
    code: "PAYMENT_UNKNOWN",
    headers: { "Retry-After": RETRY_AFTER_S },
  },
  PURCHASE_CANCELLED: { status: 409, code: "PURCHASE_CANCELLED" },
  RATE_LIMITED: { status: 429, code: "RATE_LIMITED", headers: { "Retry-After": "1" } },
  CARRIER_FAILED: { status: 502, code: "CARRIER_ERROR" },
  CARRIER_UNREACHABLE: {
    status: 503,
    code: "CARRIER_UNAVAILABLE",
    headers: { "Retry-After": RETRY_AFTER_S },
  },
  // The request is well formed: another carrier may be able to do it.
  SEARCH_NOT_SUPPORTED: { status: 422, code: "SEARCH_NOT_SUPPORTED" },
  ORGANIZATION_UNKNOWN: { status: 404, code: "NOT_FOUND" },
  COMMAND_ID_REUSED: { status: 422, code: "IDEMPOTENCY_KEY_REUSED" },
  INVALID_ARGUMENT: { status: 400, code: "VALIDATION_ERROR" },
};

/**
 * The failure for a refusal; beyond the plan's limit it shows the same eligibility as a purchase.
 */
export const refused = (refusal: Refusal): { readonly ok: false; readonly error: Failure } =>
  failed({
    ...retryHeaders(refusal),
    ...WIRE[refusal.code],
    message: messageOf(refusal),
    ...ownNumber(refusal, "phoneNumberId"),
    ...("eligibility" in refusal
      ? { extra: { eligibility: encodeEligibility(refusal.eligibility) } }
      : {}),
    ...("missing" in refusal ? { extra: encodeMissing(refusal) } : {}),
  });

/**
 * The failure for a refused purchase: a number that the team itself is buying is the team's
 * already.
 */
export const purchaseRefused = (refusal: PurchaseFailure | CommandIdReused | ArgumentInvalid) => {
  const failure = refused(refusal);
  return refusal.code === "PURCHASE_IN_PROGRESS"
    ? failed<Failure>({ ...failure.error, code: WIRE.NUMBER_ALREADY_YOURS.code })
    : failure;
};

/** The failure for a refused search; an unsupported filter has its name in this dialect. */
export const searchRefused = (refusal: SearchRefusal | ArgumentInvalid) =>
  refusal.code === "SEARCH_NOT_SUPPORTED"
    ? failed<Failure>({
      ...refused(refusal).error,
      message: `filters.${refusal.filter} ${refusal.fault}.`,
      fields: { [`filters.${refusal.filter}`]: [refusal.fault] },
    })
    : refused(refusal);

/** A number that does not exist, or that another team has. */
export const numberNotFound = refused(unknownNumber.error);

/** A `teamId` that is not the token's team. */
export const otherTeam = failed<Failure>({
  status: 403,
  code: "FORBIDDEN",
  message:
    "teamId is not the team of the token; send the token's own team, or use a token of that team.",
});

/** Input that does not fit: the sentence names the field that is wrong first. */
export const invalid = (fields: Readonly<Record<string, readonly string[]>>): Failure => {
  const [path = "body", [message = "is invalid"] = []] = Object.entries(fields)[0] ?? [];
  return {
    status: 400,
    code: "VALIDATION_ERROR",
    message: `${path} ${message}.`,
    fields,
  };
};
