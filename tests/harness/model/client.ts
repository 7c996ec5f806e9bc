/** What a model run acts on: a caller's view of numbers, over any interface. */
import type { E164 } from "../../../core/values/e164.ts";

/** A number as a client sees it. */
export type SeenNumber = {
  readonly id: string;
  readonly e164: E164;
  /** A number that is being released is `suspended`; a failed purchase `failed`. */
  readonly status: "purchasing" | "active" | "suspended" | "failed";
  readonly assistant: string | null;
};

/**
 * Why a call was refused, as one word for all dialects; `other` is for cases without a rule below.
 */
export type Why =
  | "limit"
  | "quota"
  | "alreadyOwned"
  | "alreadyYours"
  | "beingReleased"
  | "inProgress"
  | "notAvailable"
  | "unknown"
  | "inUse"
  | "alreadyPending"
  | "alreadyResolved"
  | "other";

/** The outcome of a call. */
export type ClientAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: Why; readonly code: string };

/** A call that some dialects do not have; a model run leaves it out where it is null. */
type Optional<Call> = Call | null;

/**
 * Calls on behalf of one organization. Make one with `ledgerClient` or `httpClient`, or write your
 * own to have a model run of anything else.
 */
export type NumberClient = {
  /**
   * Whether a key that was used before is answered as the first time (`Idempotency-Key`), and not
   * with what is true by now.
   */
  readonly keepsAnswers?: true | undefined;
  /** All numbers that were not released, failed purchases among them. */
  readonly list: () => Promise<readonly SeenNumber[]>;
  /** Null where the number is unknown, or no longer exists. */
  readonly get: Optional<(id: string) => Promise<SeenNumber | null>>;
  /** Numbers that can be bought now. */
  readonly search: Optional<() => Promise<readonly E164[]>>;
  /** The same key again, with the same number, must buy nothing more. */
  readonly buy: Optional<(e164: E164, key: string) => Promise<ClientAnswer<SeenNumber>>>;
  /** Null instead of an assistant: unassigned. */
  readonly assign: Optional<(id: string, assistant: string | null) => Promise<ClientAnswer<null>>>;
  /** `released`: it no longer exists. Else its release is under way. */
  readonly release: Optional<(id: string) => Promise<ClientAnswer<{ readonly released: boolean }>>>;
  /** Asks the operator to release a number; gives the request's id. */
  readonly requestRelease: Optional<(id: string) => Promise<ClientAnswer<string>>>;
  readonly cancelRequest: Optional<(request: string) => Promise<ClientAnswer<null>>>;
};

const WHY: Readonly<Record<string, Why>> = {
  PLAN_LIMIT_REACHED: "limit",
  PURCHASE_QUOTA_REACHED: "quota",
  NUMBER_ALREADY_OWNED: "alreadyOwned",
  NUMBER_ALREADY_YOURS: "alreadyYours",
  NUMBER_BEING_RELEASED: "beingReleased",
  PURCHASE_IN_PROGRESS: "inProgress",
  PHONE_NUMBER_PROVISIONING_IN_PROGRESS: "inProgress",
  NUMBER_NOT_AVAILABLE: "notAvailable",
  NUMBER_UNKNOWN: "unknown",
  NOT_FOUND: "unknown",
  RELEASE_REQUEST_UNKNOWN: "unknown",
  NUMBER_IN_USE: "inUse",
  PHONE_NUMBER_IN_USE: "inUse",
  RELEASE_ALREADY_PENDING: "alreadyPending",
  RELEASE_REQUEST_RESOLVED: "alreadyResolved",
  RELEASE_ALREADY_RESOLVED: "alreadyResolved",
};

/** The answer of a call that was refused with this code, of the ledger's or of a dialect's. */
export const refusedWith = (
  code: string,
): { readonly ok: false; readonly why: Why; readonly code: string } => ({
  ok: false,
  why: Object.hasOwn(WHY, code) ? WHY[code] ?? "other" : "other",
  code,
});
