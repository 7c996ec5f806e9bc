/**
 * Nothing here runs; both type checkers read it. Each call of the ledger can be refused with just
 * these codes: one that is missing here, or is too many, does not compile.
 */
import type { Ledger, Operator } from "../../adapters/ledger/api/mod.ts";

type Codes<Call extends (...values: never) => Promise<unknown>> = Awaited<ReturnType<Call>> extends
  infer Answer
  ? Answer extends { readonly ok: false; readonly error: { readonly code: infer Code } } ? Code
  : never
  : never;

type Same<A, B> = [A] extends [B] ? [B] extends [A] ? true : never : never;

/** Compiles only when both unions hold the same. */
export const same = <A, B>(answer: Same<A, B>): true => answer;

type Numbers = Ledger["numbers"];
type Requests = Ledger["releaseRequests"];
type Verification = Ledger["verification"];

type Anywhere = "INVALID_ARGUMENT";
/** Of calls that take a command id, and of no others. */
type Repeatable = Anywhere | "COMMAND_ID_REUSED";
type Carrier = "CARRIER_FAILED" | "CARRIER_UNREACHABLE";
type Unusable = "NUMBER_UNKNOWN" | "NUMBER_BEING_RELEASED" | "NUMBER_NOT_IN_SERVICE";

same<
  Codes<Ledger["search"]>,
  "INVALID_ARGUMENT" | "ORGANIZATION_UNKNOWN" | "RATE_LIMITED" | "SEARCH_NOT_SUPPORTED" | Carrier
>(true);
same<
  Codes<Ledger["purchase"]>,
  | Repeatable
  | Carrier
  | "INSUFFICIENT_CREDITS"
  | "NUMBER_ALREADY_OWNED"
  | "NUMBER_ALREADY_YOURS"
  | "NUMBER_BEING_RELEASED"
  | "NUMBER_NOT_AVAILABLE"
  | "CONNECTION_UNKNOWN"
  | "ID_UNFIT"
  | "ORGANIZATION_UNKNOWN"
  | "PRICE_LIMIT_EXCEEDED"
  | "PURCHASE_QUOTA_REACHED"
  | "PAYMENT_DECLINED"
  | "PAYMENT_UNKNOWN"
  | "PLAN_LIMIT_REACHED"
  | "PURCHASE_CANCELLED"
  | "PURCHASE_IN_PROGRESS"
  | "REQUIREMENTS_MISSING"
  | "VERIFICATION_REQUIRED"
>(true);
same<
  Codes<Ledger["import"]>,
  | Repeatable
  | "ID_UNFIT"
  | "IMPORT_LIMIT_REACHED"
  | "NUMBER_ALREADY_OWNED"
  | "NUMBER_ALREADY_YOURS"
  | "NUMBER_BEING_RELEASED"
  | "ORGANIZATION_UNKNOWN"
  | "PURCHASE_IN_PROGRESS"
  | "SIP_CONNECTION_UNKNOWN"
>(true);
same<Codes<Ledger["route"]>, Anywhere | Unusable | "ID_UNFIT">(true);
same<Codes<Ledger["assign"]>, Anywhere | Unusable | "ID_UNFIT">(true);
same<Codes<Ledger["release"]>, Anywhere | "NUMBER_UNKNOWN" | "PURCHASE_IN_PROGRESS">(true);
same<Codes<Ledger["change"]>, Anywhere | Unusable | "ID_UNFIT" | "NUMBER_NOT_RENTED">(true);
same<Codes<Ledger["setCalling"]>, Anywhere | Unusable | "ID_UNFIT">(true);
same<Codes<Ledger["removeImport"]>, Anywhere | "NUMBER_UNKNOWN" | "NUMBER_IN_USE">(true);
same<Codes<Ledger["setAutoRenewal"]>, Anywhere | "NUMBER_UNKNOWN" | "NUMBER_NOT_RENTED">(true);
same<Codes<Ledger["assignSmsCampaign"]>, Anywhere | Unusable>(true);
same<
  Codes<Requests["request"]>,
  | Repeatable
  | "DAILY_LIMIT_REACHED"
  | "NUMBER_UNKNOWN"
  | "NUMBER_IN_USE"
  | "PURCHASE_IN_PROGRESS"
  | "RELEASE_ALREADY_PENDING"
>(true);
type Resolving = Anywhere | "RELEASE_REQUEST_UNKNOWN" | "RELEASE_REQUEST_RESOLVED";
same<Codes<Requests["cancel"]>, Resolving>(true);
same<Codes<Operator["resolveReleaseRequest"]>, Resolving>(true);
type Filing = Anywhere | "ORGANIZATION_UNKNOWN" | "VERIFICATION_LOCKED" | "VERIFICATION_TOO_LARGE";
same<Codes<Verification["draft"]>, Filing | "DAILY_LIMIT_REACHED">(true);
same<Codes<Verification["submit"]>, Filing | "VERIFICATION_INCOMPLETE">(true);
same<
  Codes<Operator["review"]>,
  Anywhere | "VERIFICATION_UNKNOWN" | "VERIFICATION_OUT_OF_TURN"
>(true);
same<
  Codes<Ledger["reconciliation"]["run"]>,
  "INVALID_ARGUMENT" | "RECONCILIATION_RUNNING" | "CARRIER_UNKNOWN" | Carrier
>(true);
same<
  Codes<Operator["open"]>,
  Anywhere | "PLAN_UNKNOWN" | "ORGANIZATION_RESERVED" | "ORGANIZATION_ID_UNFIT"
>(true);
same<Codes<Operator["issueToken"]>, Anywhere | "ORGANIZATION_UNKNOWN" | "TOKEN_LIMIT_REACHED">(
  true,
);
same<Codes<Operator["registerConnection"]>, Anywhere | "ID_UNFIT" | "ORGANIZATION_UNKNOWN">(true);
same<Codes<Operator["setRequirementGroup"]>, Anywhere | "ID_UNFIT" | "ORGANIZATION_UNKNOWN">(true);
same<Codes<Operator["removeConnection"]>, Anywhere | "CONNECTION_UNKNOWN">(true);
same<Codes<Operator["nameAssistant"]>, Anywhere | "ID_UNFIT" | "ORGANIZATION_UNKNOWN">(true);
same<Codes<Operator["installSipConnection"]>, Anywhere | "ID_UNFIT" | "ORGANIZATION_UNKNOWN">(true);
same<Codes<Operator["revokeToken"]>, Anywhere | "TOKEN_UNKNOWN">(true);
same<Codes<Operator["addCredits"]>, Repeatable | "ORGANIZATION_UNKNOWN" | "CREDITS_EXCEEDED">(true);

// Calls that only read are not refused.
same<Codes<Numbers["list"] | Numbers["get"] | Numbers["history"]>, never>(true);
same<Codes<Verification["get"] | Requests["list"]>, never>(true);
same<Codes<Ledger["credits"]["entries"]>, never>(true);

// The comparison itself: a code too few and one too many are both found.
// @ts-expect-error NUMBER_NOT_IN_SERVICE is missing.
same<Codes<Ledger["route"]>, Anywhere | "NUMBER_UNKNOWN">(true);
// @ts-expect-error A route takes no command id.
same<Codes<Ledger["route"]>, Repeatable | Unusable | "ID_UNFIT">(true);
// @ts-expect-error A route is not refused for a plan's limit.
same<Codes<Ledger["route"]>, Anywhere | Unusable | "ID_UNFIT" | "PLAN_LIMIT_REACHED">(true);

type HasId<Value> = Value extends unknown ? "commandId" extends keyof Value ? true : never : never;

/** The calls that take a command id, of these. */
type TakingId<Calls> = {
  [Name in keyof Calls]: Calls[Name] extends (...values: infer Given) => unknown
    ? true extends HasId<Given[number]> ? Name : never
    : never;
}[keyof Calls];

/** The calls that may be refused since their command id was used before, of these. */
type RefusingId<Calls> = {
  [Name in keyof Calls]: Calls[Name] extends (...values: never) => Promise<unknown>
    ? "COMMAND_ID_REUSED" extends Codes<Calls[Name]> ? Name : never
    : never;
}[keyof Calls];

// Just the calls that take a command id can find that it was used before.
same<TakingId<Ledger>, "purchase" | "import">(true);
same<RefusingId<Ledger>, TakingId<Ledger>>(true);
same<RefusingId<Requests>, TakingId<Requests>>(true);
same<RefusingId<Verification>, TakingId<Verification>>(true);
same<RefusingId<Operator>, TakingId<Operator>>(true);
// @ts-expect-error Adding credits takes one.
same<TakingId<Operator>, never>(true);
