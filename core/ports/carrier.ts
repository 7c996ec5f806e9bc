/** The port to the carriers, which sell numbers; part of `mod.ts`. */
import type { Milliseconds } from "../values/calendar.ts";
import type { E164 } from "../values/e164.ts";
import type { Money } from "../values/money.ts";
import type { Result } from "../values/result.ts";

export const FEATURES = ["voice", "sms", "mms", "whatsapp", "fax"] as const;
/** What a number can carry. */
export type Feature = typeof FEATURES[number];
export const NUMBER_TYPES = ["local", "tollFree"] as const;
/** Tied to a place, or free for the caller. */
export type NumberType = typeof NUMBER_TYPES[number];

export const PATTERNS = ["contains", "startsWith", "endsWith"] as const;
/** A filter by the digits of the number. */
export type Pattern = typeof PATTERNS[number];

/**
 * What an offer must match; filters that are given combine with AND (`matches` in
 * `number/search.ts` is the rule). Patterns are 1 to 14 digits of the national number: all digits
 * after the calling code, the area code among them.
 */
export type SearchFilters = {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly type: NumberType;
  /** Three digits, for US and CA. */
  readonly areaCode?: string | undefined;
  /**
   * A town as people write it, with its state or without; compared as `values/place.ts` and
   * `town.ts` say. Toll-free numbers are without one.
   */
  readonly locality?: string | undefined;
  /** The number can carry all of these. */
  readonly features?: readonly Feature[] | undefined;
  readonly contains?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly endsWith?: string | undefined;
  readonly limit: number;
};

/** What a carrier's search can do beyond area code and town. */
export type SearchAbilities = {
  /** The features that it can be asked for. */
  readonly features: readonly Feature[];
  readonly patterns: readonly Pattern[];
};

/** What is known of a number besides its digits, as far as it is known. */
export type NumberKind = {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
  readonly type?: NumberType | undefined;
};

/** A number that a carrier would sell now, and its price. */
export type Offer = {
  /** As the carrier gives it; `isE164` checks a string and narrows it to `E164`. */
  readonly e164: E164;
  readonly type: NumberType;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Once, and for each month: whole micros (millionths of a dollar), at most `MAX_PRICE`. */
  readonly setup: Money;
  readonly monthly: Money;
  readonly features: readonly Feature[];
  readonly region: {
    readonly state: string | null;
    readonly locality: string | null;
    readonly rateCenter: string | null;
  };
};

export const CARRIER_ERRORS = ["unreachable", "unknown", "refused"] as const;

/**
 * Why a query or a change got no usable answer from the carrier.
 *
 * - `unreachable`: the request was surely not taken. No connection came about, it was never sent,
 *   or the carrier turned it away unread (429). The ledger does not look up an order that ends so.
 * - `unknown`: it may have been taken. Every other failure on the way: the connection broke, the
 *   call timed out, the answer was a 5xx or cannot be read. When in doubt, use this one.
 * - `refused`: the carrier read the request and rejected it, and would reject it again (most 4xx).
 *   Never for a failure on the way, since a refused order or search is given up.
 *
 * A query that fails is also one of these, and never an answer: for a number or an order that could
 * not be queried, do not return `null`, `false`, an empty list or `gone`.
 */
export type CarrierError = {
  readonly kind: typeof CARRIER_ERRORS[number];
  /** A sentence on one line, without secrets such as the key of the account, fit for a log. */
  readonly message: string;
};

/** Numbers of a country and type, for which a carrier has one set of requirements. */
export type Market = {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly type: NumberType;
};

/** What a carrier requires before it sells numbers of a country and type, such as an address. */
export type Requirement = {
  /** The carrier's own id for it. */
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
};

export const ORDER_WAITS = ["requirements", "review", "correction"] as const;
/**
 * What a pending order waits for. `requirements`: the carrier was not given everything that it
 * requires; `review`: it examines what it was given; `correction`: it rejected something, which
 * must be corrected at the carrier.
 */
export type OrderWait = typeof ORDER_WAITS[number];

export const ORDER_FAILURES = ["notAvailable", "refused", "requirementsMissing"] as const;

/**
 * The state of an order at the carrier. `confirmed` once the number is in the account, under the id
 * by which it can be released. A rejection of the order itself is `failed` and not an error:
 * `notAvailable` where the number is sold or no longer offered, `requirementsMissing` where the
 * carrier's requirements were not met, and `refused` for any other reason.
 */
export type Order =
  | {
    readonly status: "pending";
    /** Left out where it waits for nothing but the carrier. */
    readonly waitsFor?: OrderWait | undefined;
  }
  | { readonly status: "confirmed"; readonly carrierId: string }
  | {
    readonly status: "failed";
    readonly reason: typeof ORDER_FAILURES[number];
    readonly message: string;
  };

export const CANCELLATIONS = ["cancelled", "filled", "open", "none"] as const;

/**
 * The result of cancelling an order. `cancelled`: it will never be filled, because it was
 * cancelled, now or before, or had failed. `filled`: it was filled before. `open`: the carrier has
 * it, and does not cancel it now; it may later. `none`: the order is unknown.
 */
export type Cancellation = typeof CANCELLATIONS[number];

/** A number as the carrier keeps it for us. */
export type CarrierNumber = {
  readonly e164: E164;
  readonly carrierId: string;
  /** `pending`: not yet ours; `other`: neither that nor in service. */
  readonly status: "pending" | "active" | "other";
  /** The key it was ordered under, ours or another program's; null where it was ordered without. */
  readonly orderKey: string | null;
  /**
   * The connection that its calls go to; null where there is none. It is the carrier's id of the
   * object that calls are routed to: a SIP connection, a trunk, an application. A carrier without
   * such objects keeps the id that it was given.
   */
  readonly connectionId: string | null;
  /** The profile that its messages go to; null or left out where there is none. */
  readonly messagingProfileId?: string | null | undefined;
  /**
   * Whether anything is attached to it that calls or messages go to; left out where the carrier
   * does not report it. Without it a reconciliation does not check the number's route.
   */
  readonly attached?: boolean | undefined;
  /** Its country (ISO 3166-1 alpha-2) and type, where the carrier reports them. */
  readonly country?: string | undefined;
  readonly type?: NumberType | undefined;
};

/** What a number's calls and messages go to at its carrier; null for what goes nowhere. */
export type CarrierRoute = {
  readonly connectionId: string | null;
  readonly messagingProfileId: string | null;
};

/** A number at its carrier, as calls about it name it. */
export type NumberAtCarrier = { readonly carrierId: string; readonly e164: E164 };

/**
 * The name of a carrier, by which numbers stay with the one they were bought from: 1 to 32
 * lower-case letters, digits, `-` and `_`, a letter first. Numbers of `sandbox` are shown as such.
 */
export type CarrierName = string;

/**
 * Sells numbers and takes them back. Each call answers with a value within 20 seconds, even on
 * failure; one that rejects, answers something else or takes longer counts as `unknown`, and is
 * reported as a bug. Queries, `connect`, `cancel`, `suspend`, `resume` and `release` are repeated
 * by the ledger, and the adapter may repeat them itself; `order` is the only one that it must send
 * once. `carrierContract` in `ledgerline/testing` tests all of this.
 */
export interface Carrier {
  /** Never changes, since events hold it. */
  readonly name: CarrierName;
  /**
   * How long after its sending an order may still be taken and appear in look-ups. After an unknown
   * outcome the ledger orders again only once a later look-up finds nothing, so too small a value
   * may buy a number twice; too large a value only delays a purchase whose order was lost. Use the
   * longest time between an order and its appearance in the carrier's lists, plus the carrier's
   * time limit for a request; a minute where it does not say. 0 only where nothing can be under way
   * once a call has ended, as within one process. From nine minutes on, a lost order is not sent
   * again within the ten minutes of a purchase, which then fails. A suspension and a resumption may
   * be taken as late.
   */
  readonly settlingMs: Milliseconds;
  /** How many concurrent calls it takes, shared between organizations; eight where left out. */
  readonly callsAtOnce?: number | undefined;
  /**
   * What its search can do beyond area code and town; nothing where left out, as in adapters older
   * than these filters. A search with any other filter is `refused`; a filter is never ignored.
   */
  readonly searchesBy?: SearchAbilities | undefined;
  search(filters: SearchFilters): Promise<Result<readonly Offer[], CarrierError>>;
  /**
   * The offer of exactly this number; null when the carrier does not offer it. `kind` is what is
   * known of the number, for a carrier that cannot look it up by the number alone: from an earlier
   * offer, or from its calling code. It may be empty or left out, and is a hint: the offer has the
   * carrier's own values.
   */
  quote(e164: E164, kind?: NumberKind): Promise<Result<Offer | null, CarrierError>>;
  /**
   * What an order of a number of this country and type requires; empty where nothing. Left out by a
   * carrier that does not say: it may still refuse an order for missing requirements.
   */
  readonly requirements?:
    | ((market: Market) => Promise<Result<readonly Requirement[], CarrierError>>)
    | undefined;
  /**
   * Orders the number under our key, which the carrier must keep with the order and the number.
   * Sent once: an adapter that gets no answer reports that, and does not send it again, unless the
   * carrier accepts our key as an idempotency key. The ledger looks the key up before it orders
   * again. A rejected order is `ok` with an `Order` that `failed`; the error `refused` is for a
   * rejected client, such as a wrong account key.
   */
  order(request: {
    readonly key: string;
    readonly e164: E164;
    readonly connectionId: string | null;
    /** The carrier's id of the group that meets its requirements; left out where none is set. */
    readonly requirementGroupId?: string | undefined;
  }): Promise<Result<Order, CarrierError>>;
  /**
   * The order with exactly our key; null when there is none at the carrier, after which the ledger
   * sends the order again or fails the purchase. Of several, one that succeeded counts.
   */
  findOrder(key: string): Promise<Result<Order | null, CarrierError>>;
  /**
   * Cancels the order with our key, if it is not filled yet; any number of times. A carrier that
   * never cancels an order leaves this out.
   */
  readonly cancel?: ((key: string) => Promise<Result<Cancellation, CarrierError>>) | undefined;
  /** The number as the carrier keeps it for us now; null when it does not. */
  findNumber(e164: E164): Promise<Result<CarrierNumber | null, CarrierError>>;
  /**
   * A page of all numbers that the carrier keeps for us, in any order: the first one, or the one
   * after an earlier page's `next`, which is null on the last. A number that is added or removed
   * meanwhile may shift another one off the pages: ask `has` before acting on its absence.
   */
  inventory(after: string | null): Promise<
    Result<
      { readonly numbers: readonly CarrierNumber[]; readonly next: string | null },
      CarrierError
    >
  >;
  /**
   * Whether the carrier keeps this number for us under this carrier id: it is asked by the id, and
   * not through a list, which may leave a number out.
   */
  has(number: NumberAtCarrier): Promise<Result<boolean, CarrierError>>;
  /**
   * Sends the number's calls to another connection. `gone`: the carrier no longer has it. Like
   * `release` it may be repeated, and must never touch a number that has another id by now.
   */
  connect(
    number: NumberAtCarrier,
    connectionId: string,
  ): Promise<Result<"connected" | "gone", CarrierError>>;
  /**
   * Detaches the number's route: it stays ours, and its calls and messages go nowhere. Suspending
   * it twice is the same as once, so the ledger repeats the call after a lost answer; the same
   * holds for `resume`. `gone`: the carrier no longer has the number. A carrier has both calls or
   * neither; with neither, a number is suspended in the ledger only.
   */
  readonly suspend?:
    | ((number: NumberAtCarrier) => Promise<Result<"suspended" | "gone", CarrierError>>)
    | undefined;
  /** Attaches this route again. What is null in it stays as it is at the carrier. */
  readonly resume?:
    | ((
      number: NumberAtCarrier,
      route: CarrierRoute,
    ) => Promise<Result<"resumed" | "gone", CarrierError>>)
    | undefined;
  /** Releases the number. `gone`: the carrier no longer had it, which counts as success. */
  release(number: NumberAtCarrier): Promise<Result<"released" | "gone", CarrierError>>;
}
