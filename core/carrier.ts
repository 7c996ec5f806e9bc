/** The port to the carriers, which sell numbers; part of `ports.ts`. */
import type { Milliseconds } from "./values/calendar.ts";
import type { E164 } from "./values/e164.ts";
import type { Money } from "./values/money.ts";
import type { Result } from "./values/result.ts";

/** What a number can carry. */
export type Feature = "voice" | "sms" | "mms" | "whatsapp" | "fax";
export const NUMBER_TYPES = ["local", "tollFree"] as const;
/** Tied to a place, or free for the caller. */
export type NumberType = typeof NUMBER_TYPES[number];

/** What an offer must match; filters that are given combine with AND. */
export type SearchFilters = {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly type: NumberType;
  /** Three digits, for US and CA. */
  readonly areaCode?: string;
  /** A town, as the carrier spells it; compared without regard to case. */
  readonly locality?: string;
  readonly limit: number;
};

/** A number that a carrier would sell now, and its price. */
export type Offer = {
  readonly e164: E164;
  readonly type: NumberType;
  readonly country: string;
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
 * Why a carrier gave no answer to use. `unreachable`: the request was surely not taken.
 * `unknown`: it may have been. `refused`: the carrier said no, and will say so again.
 */
export type CarrierError = {
  readonly kind: typeof CARRIER_ERRORS[number];
  /** A sentence without secrets, fit for a log line. */
  readonly message: string;
};

/** What the carrier knows of an order. */
export type Order =
  | { readonly status: "pending" }
  | { readonly status: "confirmed"; readonly carrierId: string }
  | {
    readonly status: "failed";
    readonly reason: "notAvailable" | "refused";
    readonly message: string;
  };

/** A number as the carrier keeps it for us. */
export type CarrierNumber = {
  readonly e164: E164;
  readonly carrierId: string;
  /** `pending`: on its way to us; `other`: neither that nor in service. */
  readonly status: "pending" | "active" | "other";
  /** The key it was ordered under, ours or somebody else's; null where it was ordered without. */
  readonly orderKey: string | null;
  /** The connection that its calls go to; null where it has none. */
  readonly connectionId: string | null;
  /** Its country (ISO 3166-1 alpha-2) and type, where the carrier tells. */
  readonly country?: string;
  readonly type?: NumberType;
};

/**
 * The name of a carrier, by which numbers stay with the one they were bought from: 1 to 32 lower-case
 * letters, digits, `-` and `_`, a letter first. Numbers of `sandbox` are shown as such.
 */
export type CarrierName = string;

/** Sells numbers and takes them back. */
export interface Carrier {
  /** The same for ever, since events hold it. */
  readonly name: CarrierName;
  /** An order that was sent may be taken, and shown by the look-ups, as late as this after. */
  readonly settlingMs: Milliseconds;
  /** How many calls it takes at once, shared between organizations; eight where it does not say. */
  readonly callsAtOnce?: number;
  search(filters: SearchFilters): Promise<Result<readonly Offer[], CarrierError>>;
  /** The offer of exactly this number; null when the carrier does not offer it. */
  quote(e164: E164): Promise<Result<Offer | null, CarrierError>>;
  /** Orders the number under our key. Not idempotent: look the key up before ordering again. */
  order(
    request: {
      readonly key: string;
      readonly e164: E164;
      readonly connectionId: string | null;
    },
  ): Promise<Result<Order, CarrierError>>;
  /** The order with our key; null when the carrier knows of none. */
  findOrder(key: string): Promise<Result<Order | null, CarrierError>>;
  /** The number as the carrier keeps it for us now; null when it does not. */
  findNumber(e164: E164): Promise<Result<CarrierNumber | null, CarrierError>>;
  /**
   * A page of all numbers that the carrier keeps for us, in an order of its own: the first one, or
   * the one after an earlier page's `next`, which is null on the last. A number that comes or goes
   * meanwhile may shift another one out of sight: ask `has` before acting on its absence.
   */
  inventory(after: string | null): Promise<
    Result<
      { readonly numbers: readonly CarrierNumber[]; readonly next: string | null },
      CarrierError
    >
  >;
  /**
   * Whether the carrier keeps this number for us under this id of its own: it is asked by the id,
   * and not by way of any list, which may leave a number out.
   */
  has(
    number: { readonly carrierId: string; readonly e164: E164 },
  ): Promise<Result<boolean, CarrierError>>;
  /** Sends the number's calls to another connection. `gone`: the carrier no longer has it. */
  connect(
    number: { readonly carrierId: string; readonly e164: E164 },
    connectionId: string,
  ): Promise<Result<"connected" | "gone", CarrierError>>;
  /** Gives the number back. `gone`: the carrier no longer had it, which is as good. */
  release(
    number: { readonly carrierId: string; readonly e164: E164 },
  ): Promise<Result<"released" | "gone", CarrierError>>;
}
