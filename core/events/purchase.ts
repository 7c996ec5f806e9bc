/** What can happen while a number is searched for and bought, and how it is stored. */
import * as v from "valibot";
import {
  type CarrierName,
  type Feature,
  FEATURES,
  NUMBER_TYPES,
  type NumberType,
  type Offer,
  ORDER_WAITS,
  type OrderWait,
} from "../ports/carrier.ts";
import {
  type DefinitionsOf,
  firstVersion,
  salt,
  type Salted,
  same,
  secondVersion,
  TextOrNull,
  thirdVersion,
} from "./definition.ts";
import { oneOf } from "../values/choice.ts";
import type { Instant } from "../values/calendar.ts";
import type { PlaceData, World } from "../values/claim-key.ts";
import { type E164, E164Schema } from "../values/e164.ts";
import { type Money, MoneySchema } from "../values/money.ts";
import { WholeSchema } from "../values/whole.ts";
import {
  CarrierNameSchema,
  CarrierOfferSchema,
  FAILURE_REASONS,
  type FailureReason,
  holding,
  type HoldingData,
  noticeAt,
  type NoticeData,
  offer,
  type PaidFrom,
  period,
  type PeriodData,
  place,
  routing,
  type RoutingData,
  WorldSchema,
} from "./number.ts";

/** The data of these events. */
export type PurchaseEventData = {
  NumberSearched: Salted & {
    readonly carrier: CarrierName;
    readonly filters: {
      readonly country: string;
      readonly type: NumberType;
      readonly areaCode?: string | undefined;
      readonly locality?: string | undefined;
      readonly features?: readonly Feature[] | undefined;
      readonly contains?: string | undefined;
      readonly startsWith?: string | undefined;
      readonly endsWith?: string | undefined;
      readonly limit: number;
    };
    readonly offers: readonly Offer[];
  };
  PurchaseRequested: Offer & RoutingData & PlaceData & {
    readonly holding: string;
    readonly carrier: CarrierName;
    readonly connection: string | null;
    readonly orderKey: string;
    /** How setup and first month are paid. */
    readonly paidFrom: PaidFrom;
    /** What was taken from credits with the request: setup and first month, or nothing. */
    readonly debited: Money;
    /**
     * The other world in which an import had the number, where there is one world only: the import
     * is older than the worlds, and ends with the confirmation like any other.
     */
    readonly importedIn?: World | undefined;
    /** What the carrier was given for such numbers, by its own id; sent with the order. */
    readonly requirementGroup?: string | undefined;
  };
  NumberPurchased: {
    readonly holding: string;
    readonly carrierId: string;
    readonly term:
      | { readonly kind: "trial"; readonly endsAt: Instant } & NoticeData
      | { readonly kind: "monthly" } & PeriodData & NoticeData;
  };
  PurchaseFailed: PlaceData & Salted & {
    readonly holding: string;
    readonly e164: E164;
    readonly reason: FailureReason;
    readonly message: string;
    readonly refunded: Money;
    /** When the purchase was requested, so that its quota is given back; null in old logs. */
    readonly requestedAt: Instant | null;
  };
  /** The carrier did not have the order when it must have: it is sent again, under its key. */
  OrderRepeated: HoldingData;
  /** The carrier answered that it has the order, which it may yet not show. */
  OrderTaken: HoldingData;
  /** What the order waits for at the carrier has changed; null: for the carrier alone. */
  OrderWaits: HoldingData & { readonly waitsFor: OrderWait | null };
  /** The buyer cancelled it; recorded before the carrier is asked to cancel the order. */
  CancellationRequested: HoldingData;
  PurchaseDismissed: HoldingData;
};

/** These events, each with its newest schema. */
export const purchaseEvents: DefinitionsOf<PurchaseEventData> = {
  NumberSearched: secondVersion(v.object({
    carrier: CarrierNameSchema,
    filters: v.object({
      country: v.string(),
      type: v.picklist(NUMBER_TYPES),
      areaCode: v.optional(v.string()),
      locality: v.optional(v.string()),
      features: v.optional(v.array(oneOf(FEATURES))),
      contains: v.optional(v.string()),
      startsWith: v.optional(v.string()),
      endsWith: v.optional(v.string()),
      limit: WholeSchema,
    }),
    offers: v.array(CarrierOfferSchema),
    salt,
  })),
  // Version 3 has a requirement group, without which the order must not be sent.
  PurchaseRequested: thirdVersion(v.object({
    place,
    holding,
    ...offer,
    carrier: CarrierNameSchema,
    connection: TextOrNull,
    orderKey: v.string(),
    paidFrom: v.picklist(["trial", "credits", "subscription", "nothing"]),
    debited: MoneySchema,
    importedIn: v.optional(WorldSchema),
    requirementGroup: v.optional(v.string()),
    ...routing,
  })),
  NumberPurchased: thirdVersion(v.object({
    holding,
    carrierId: v.string(),
    term: v.variant("kind", [
      v.object({ kind: v.picklist(["trial"]), endsAt: WholeSchema, noticeAt }),
      v.object({ kind: v.picklist(["monthly"]), ...period, noticeAt }),
    ]),
  })),
  // Version 3 has missing requirements of the carrier, version 4 cancelled purchases.
  PurchaseFailed: {
    version: 5,
    schema: v.object({
      place,
      holding,
      e164: E164Schema,
      reason: v.picklist(FAILURE_REASONS),
      message: v.string(),
      salt,
      refunded: MoneySchema,
      requestedAt: v.nullable(WholeSchema),
    }),
    upcast: {
      1: (data) => ({ ...data as object, requestedAt: null }),
      2: same,
      3: same,
      4: same,
    },
  },
  OrderRepeated: firstVersion(v.object({ holding })),
  OrderTaken: firstVersion(v.object({ holding })),
  OrderWaits: firstVersion(
    v.object({ holding, waitsFor: v.nullable(v.picklist(ORDER_WAITS)) }),
  ),
  CancellationRequested: firstVersion(v.object({ holding })),
  PurchaseDismissed: firstVersion(v.object({ holding })),
};
