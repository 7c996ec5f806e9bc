/**
 * What the events of a number share: words, parts of their data, and the schemas of these. The
 * events are in `purchase.ts`, `holding.ts` and `charge.ts`, each with its schema beside its data.
 */
import * as v from "valibot";
import { type CarrierName, FEATURES, NUMBER_TYPES, type Offer } from "../ports/carrier.ts";
import type { Instant } from "../values/calendar.ts";
import { oneOf } from "../values/choice.ts";
import { E164Schema } from "../values/e164.ts";
import { type Money, MoneySchema } from "../values/money.ts";
import { isJsonObject } from "../values/text.ts";
import { CountSchema, MaybeWholeSchema, WholeSchema } from "../values/whole.ts";
import { TextOrNull } from "./definition.ts";

export const DIRECTIONS = ["inbound", "outbound", "both"] as const;
/** Which calls a number takes part in. */
export type Direction = typeof DIRECTIONS[number];

export const FAILURE_REASONS = [
  "notAvailable",
  "refused",
  "unreachable",
  "paymentDeclined",
  "paymentUnknown",
  "requirementsMissing",
  "cancelled",
] as const;
/** Why a purchase failed. */
export type FailureReason = typeof FAILURE_REASONS[number];

export const RELEASE_REASONS = [
  "byUser",
  "trialOver",
  "notPaid",
  "notRenewed",
  "carrierLostIt",
  "boughtFromCarrier",
] as const;
/** Why a number was released; `boughtFromCarrier` ends an import of a number that was bought. */
export type ReleaseReason = typeof RELEASE_REASONS[number];

export const ROUTE_LEFT_REASONS = ["unsupported", "gone"] as const;

export const CAMPAIGN_STATUSES = [
  "FAILED_ASSIGNMENT",
  "PENDING_ASSIGNMENT",
  "ASSIGNED",
  "PENDING_UNASSIGNMENT",
  "FAILED_UNASSIGNMENT",
] as const;
/** The status of a number's registration for an SMS campaign (10DLC). */
export type SmsCampaign = {
  readonly profile: string | null;
  readonly campaign: string | null;
  readonly status: typeof CAMPAIGN_STATUSES[number];
};

/** How a purchase is paid: a trial costs nothing, and the sandbox beside a live carrier neither. */
export type PaidFrom = "trial" | PaidMonthFrom;

/** How a month is paid. */
export type PaidMonthFrom = "credits" | "subscription" | "nothing";

/** How a number is routed, except its assistant (which has its own events). */
export type RoutingData = {
  readonly direction: Direction;
  readonly label: string | null;
  /** Any JSON object: the embedding product's own call metadata. */
  readonly template: Record<string, unknown> | null;
};

// Not v.record: it leaves out keys such as "constructor", and events are read back as written.
/** A valibot schema for any JSON object. */
export const JsonObjectSchema = v.custom<Record<string, unknown>>(
  isJsonObject,
  "must be a JSON object",
);

/** The schemas of `RoutingData`. */
export const routing = {
  direction: v.picklist(DIRECTIONS),
  label: TextOrNull,
  template: v.nullable(JsonObjectSchema),
};

/** One month of one holding. Its key is the permanent name of the charge for it. */
export type PeriodData = {
  readonly period: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly amount: Money;
  readonly chargeKey: string;
  readonly paidFrom: PaidMonthFrom;
};

/** The schemas of `PeriodData`. */
export const period = {
  period: CountSchema,
  from: WholeSchema,
  to: WholeSchema,
  amount: MoneySchema,
  chargeKey: v.string(),
  paidFrom: v.picklist(["credits", "subscription", "nothing"]),
};

export const NOTICES = ["trial", "renewal", "ending", "grace"] as const;
/** What comes at a deadline: the end of a trial, a renewal, the number's end, or the grace's. */
export type Notice = typeof NOTICES[number];

/**
 * When the notice of a deadline that an event sets is given: left out where there is to be none, as
 * in events of versions before.
 */
export type NoticeData = { readonly noticeAt?: Instant | undefined };
export const noticeAt = MaybeWholeSchema;

/** The holding that an event is about. */
export type HoldingData = { readonly holding: string };
export const holding = v.string();

/** The schemas of an `Offer`. */
export const offer = {
  e164: E164Schema,
  type: oneOf(NUMBER_TYPES),
  country: v.string(),
  setup: MoneySchema,
  monthly: MoneySchema,
  features: v.array(oneOf(FEATURES)),
  region: v.object({ state: TextOrNull, locality: TextOrNull, rateCenter: TextOrNull }),
};

/** A valibot schema for what a carrier offers. */
export const CarrierOfferSchema: v.GenericSchema<Offer> = v.object(offer);

/** A valibot schema for the name of a carrier. */
export const CarrierNameSchema: v.GenericSchema<CarrierName> = v.custom<CarrierName>(
  (input) => typeof input === "string" && /^[a-z][a-z0-9_-]{0,31}$/.test(input),
  "must be 1 to 32 lower-case letters, digits, - and _, a letter first",
);

/** A valibot schema for the world of a number. */
export const WorldSchema = v.picklist(["live", "sandbox"]);

/** Version 1 of events that now have a world were without one. */
export const beforeWorlds = (data: unknown) => ({ ...Object(data), world: "live" });

/**
 * The schema of `PlaceData`. Version 2 of an event has places of the sandbox, free payment, or
 * imports that a purchase ended; version 1 is valid as it is.
 */
export const place = v.optional(v.picklist(["sandbox"]));
