/**
 * Nothing here runs; both type checkers read it. `Listed` has every call of the ledger that can be
 * refused, with just the codes that it can be refused with. Where they differ it does not compile;
 * the error names the call, and the code that is missing in the list or one too many.
 */
import type { Ledger, Operator } from "../../adapters/ledger/api/mod.ts";

type Call = (...values: never) => unknown;

type Codes<Asked extends Call> = Awaited<ReturnType<Asked>> extends infer Answer
  ? Answer extends
    { readonly ok: false; readonly error: { readonly code: infer Code extends string } } ? Code
  : never
  : never;

/** True where both unions are the same; else what of its texts each lacks of the other. */
type Same<A, B> = [A, B] extends [B, A] ? true
  : `missing: ${Exclude<A, B> & string}` | `too many: ${Exclude<B, A> & string}`;

/** Compiles only when both unions hold the same. */
export const same = <A, B>(answer: Same<A, B>): Same<A, B> => answer;

type Anywhere = "INVALID_ARGUMENT";
/** Of calls that take a command id, and of no others. */
type Repeatable = Anywhere | "COMMAND_ID_REUSED";
type Carrier = "CARRIER_FAILED" | "CARRIER_UNREACHABLE";
type Unusable = "NUMBER_UNKNOWN" | "NUMBER_BEING_RELEASED" | "NUMBER_NOT_IN_SERVICE";
type Resolving = Anywhere | "RELEASE_REQUEST_UNKNOWN" | "RELEASE_REQUEST_RESOLVED";
type Filing = Anywhere | "ORGANIZATION_UNKNOWN" | "VERIFICATION_LOCKED" | "VERIFICATION_TOO_LARGE";

type Planned = Exclude<
  Listed[
    | "purchase"
    | "import"
    | "change"
    | "setCalling"
    | "release"
    | "removeImport"
    | "releaseRequests.request"
    | "releaseRequests.cancel"
    | "verification.draft"
    | "verification.submit"
  ],
  "COMMAND_ID_REUSED" | "PAYMENT_DECLINED" | "PAYMENT_UNKNOWN" | "PURCHASE_CANCELLED"
>;

/** The codes by call; one that is not here is never refused, as those that only read. */
type Listed = {
  readonly search:
    | "INVALID_ARGUMENT"
    | "ORGANIZATION_UNKNOWN"
    | "RATE_LIMITED"
    | "SEARCH_NOT_SUPPORTED"
    | Carrier;
  readonly purchase:
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
    | "VERIFICATION_REQUIRED";
  readonly import:
    | Repeatable
    | "ID_UNFIT"
    | "IMPORT_LIMIT_REACHED"
    | "NUMBER_ALREADY_OWNED"
    | "NUMBER_ALREADY_YOURS"
    | "NUMBER_BEING_RELEASED"
    | "ORGANIZATION_UNKNOWN"
    | "PURCHASE_IN_PROGRESS"
    | "SIP_CONNECTION_UNKNOWN";
  /** As the calls are refused that it plans, before anything is appended or ordered. */
  readonly dryRun: Planned;
  readonly route: Anywhere | Unusable | "ID_UNFIT";
  readonly assign: Anywhere | Unusable | "ID_UNFIT";
  readonly release: Anywhere | "NUMBER_UNKNOWN" | "PURCHASE_IN_PROGRESS";
  readonly change: Anywhere | Unusable | "ID_UNFIT" | "NUMBER_NOT_RENTED";
  readonly setCalling: Anywhere | Unusable | "ID_UNFIT";
  readonly removeImport: Anywhere | "NUMBER_UNKNOWN" | "NUMBER_IN_USE";
  readonly setAutoRenewal: Anywhere | "NUMBER_UNKNOWN" | "NUMBER_NOT_RENTED";
  readonly assignSmsCampaign: Anywhere | Unusable;
  readonly "releaseRequests.request":
    | Repeatable
    | "DAILY_LIMIT_REACHED"
    | "NUMBER_UNKNOWN"
    | "NUMBER_IN_USE"
    | "PURCHASE_IN_PROGRESS"
    | "RELEASE_ALREADY_PENDING";
  readonly "releaseRequests.cancel": Resolving;
  readonly "operator.resolveReleaseRequest": Resolving;
  readonly "verification.draft": Filing | "DAILY_LIMIT_REACHED";
  readonly "verification.submit": Filing | "VERIFICATION_INCOMPLETE";
  readonly "operator.review": Anywhere | "VERIFICATION_UNKNOWN" | "VERIFICATION_OUT_OF_TURN";
  readonly "reconciliation.run":
    | "INVALID_ARGUMENT"
    | "RECONCILIATION_RUNNING"
    | "CARRIER_UNKNOWN"
    | Carrier;
  readonly "webhooks.add":
    | Repeatable
    | "ORGANIZATION_UNKNOWN"
    | "WEBHOOK_LIMIT_REACHED"
    | "WEBHOOKS_NOT_SUPPORTED";
  readonly "webhooks.rotate": Repeatable | "WEBHOOK_UNKNOWN" | "WEBHOOKS_NOT_SUPPORTED";
  readonly "webhooks.change": Anywhere | "WEBHOOK_UNKNOWN";
  readonly "webhooks.disable": Anywhere | "WEBHOOK_UNKNOWN";
  readonly "webhooks.enable": Anywhere | "WEBHOOK_UNKNOWN";
  readonly "webhooks.remove": Anywhere | "WEBHOOK_UNKNOWN";
  readonly "webhooks.redeliver": Resending | "DELIVERY_UNKNOWN";
  readonly "webhooks.replay": Resending;
  readonly "webhooks.test": Anywhere | "WEBHOOK_UNKNOWN" | "WEBHOOKS_NOT_SUPPORTED";
  readonly "operator.open":
    | Anywhere
    | "PLAN_UNKNOWN"
    | "ORGANIZATION_RESERVED"
    | "ORGANIZATION_ID_UNFIT";
  readonly "operator.close": Anywhere | "ORGANIZATION_UNKNOWN";
  readonly "operator.runWork": Anywhere | "WORK_UNKNOWN";
  readonly "operator.release": Anywhere | "NUMBER_UNKNOWN" | "PURCHASE_IN_PROGRESS";
  readonly "operator.issueToken":
    | Repeatable
    | "ORGANIZATION_UNKNOWN"
    | "ORGANIZATION_CLOSED"
    | "TOKEN_LIMIT_REACHED";
  readonly "operator.registerConnection": Anywhere | "ID_UNFIT" | "ORGANIZATION_UNKNOWN";
  readonly "operator.setRequirementGroup": Anywhere | "ID_UNFIT" | "ORGANIZATION_UNKNOWN";
  readonly "operator.removeConnection": Anywhere | "CONNECTION_UNKNOWN";
  readonly "operator.nameAssistant": Anywhere | "ID_UNFIT" | "ORGANIZATION_UNKNOWN";
  readonly "operator.installSipConnection": Anywhere | "ID_UNFIT" | "ORGANIZATION_UNKNOWN";
  readonly "operator.revokeToken": Anywhere | "TOKEN_UNKNOWN";
  readonly "operator.addCredits": Repeatable | "ORGANIZATION_UNKNOWN" | "CREDITS_EXCEEDED";
};

type Resending = Anywhere | "WEBHOOK_UNKNOWN" | "WEBHOOKS_NOT_SUPPORTED" | "DELIVERIES_PENDING";

/** Each code of each call, as `group.call: CODE`. */
type Refusals<Calls, Group extends string = ""> = {
  [Name in keyof Calls & string]: Calls[Name] extends Call
    ? `${Group}${Name}: ${Codes<Calls[Name]>}`
    : Refusals<Calls[Name], `${Group}${Name}.`>;
}[keyof Calls & string];

/** The same of lists by call. */
type InLists<Lists extends { readonly [Name in keyof Lists]: string }> = {
  [Name in keyof Lists & string]: `${Name}: ${Lists[Name]}`;
}[keyof Lists & string];

same<Refusals<Ledger>, InLists<Listed>>(true);
// @ts-expect-error A call is missing.
same<Refusals<Ledger>, InLists<Omit<Listed, "purchase">>>(true);
// @ts-expect-error A call of a group is missing.
same<Refusals<Ledger>, InLists<Omit<Listed, "operator.open">>>(true);
// @ts-expect-error A call that only reads is not refused.
same<Refusals<Ledger>, InLists<Listed & { readonly "numbers.list": Anywhere }>>(true);

// The comparison itself: a code too few and one too many are both found.
// @ts-expect-error NUMBER_NOT_IN_SERVICE is missing.
same<Codes<Ledger["route"]>, Anywhere | "NUMBER_UNKNOWN">(true);
// @ts-expect-error A route takes no command id.
same<Codes<Ledger["route"]>, Repeatable | Unusable | "ID_UNFIT">(true);
// @ts-expect-error A route is not refused for a plan's limit.
same<Codes<Ledger["route"]>, Anywhere | Unusable | "ID_UNFIT" | "PLAN_LIMIT_REACHED">(true);

type Requests = Ledger["releaseRequests"];
type Verification = Ledger["verification"];

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
same<RefusingId<Ledger["webhooks"]>, TakingId<Ledger["webhooks"]>>(true);
// @ts-expect-error Adding credits takes one.
same<TakingId<Operator>, never>(true);
