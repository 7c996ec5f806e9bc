/** How what happens to a number is stored: the schemas of `number.ts`. */
import * as v from "valibot";
import {
  type CarrierName,
  FEATURES,
  NUMBER_TYPES,
  type Offer,
  ORDER_WAITS,
} from "../ports/carrier.ts";
import { type DefinitionsOf, firstVersion, secondVersion, TextOrNull } from "./definition.ts";
import { oneOf } from "../values/choice.ts";
import { E164Schema } from "../values/e164.ts";
import { isJsonObject } from "../values/text.ts";
import { MoneySchema } from "../values/money.ts";
import { CountSchema, WholeSchema } from "../values/whole.ts";
import {
  CAMPAIGN_STATUSES,
  DIRECTIONS,
  FAILURE_REASONS,
  type NumberEventData,
  RELEASE_REASONS,
  ROUTE_LEFT_REASONS,
} from "./number.ts";

const FeatureSchema = oneOf(FEATURES);

const offer = {
  e164: E164Schema,
  type: oneOf(NUMBER_TYPES),
  country: v.string(),
  setup: MoneySchema,
  monthly: MoneySchema,
  features: v.array(FeatureSchema),
  region: v.object({ state: TextOrNull, locality: TextOrNull, rateCenter: TextOrNull }),
};

/** A valibot schema for what a carrier offers. */
export const CarrierOfferSchema: v.GenericSchema<Offer> = v.object(offer);

/** A valibot schema for the name of a carrier. */
export const CarrierNameSchema: v.GenericSchema<CarrierName> = v.pipe(
  v.string(),
  v.regex(
    /^[a-z][a-z0-9_-]{0,31}$/,
    "must be 1 to 32 lower-case letters, digits, - and _, a letter first",
  ),
);

// Not v.record: it leaves out keys such as "constructor", and events are read back as written.
const JsonObjectSchema = v.custom<Record<string, unknown>>(
  isJsonObject,
  "must be a JSON object",
);

const WorldSchema = v.picklist(["live", "sandbox"]);

/** Version 1 of events that now have a world were without one. */
const beforeWorlds = (data: unknown) => ({ ...Object(data), world: "live" });

// Version 2 of an event has places of the sandbox, free payment, or imports that a purchase ended;
// version 1 is valid as it is.
const place = v.optional(v.literal("sandbox"));

/** How a number is routed, except its assistant (which has its own events). */
const routing = {
  direction: v.picklist(DIRECTIONS),
  label: TextOrNull,
  template: v.nullable(JsonObjectSchema),
};

/** One month of one holding. Its key is the permanent name of the charge for it. */
const period = {
  period: CountSchema,
  from: WholeSchema,
  to: WholeSchema,
  amount: MoneySchema,
  chargeKey: v.string(),
  paidFrom: v.picklist(["credits", "subscription", "nothing"]),
};

const holding = v.string();

/** A wish for a number's route at the carrier. */
const route = { holding, wish: CountSchema };

/** A charge outside credits, by its key. */
const charge = v.object({ holding, chargeKey: v.string() });

/** Every event of `NumberEventData`, with its newest schema. */
export const numberEvents: DefinitionsOf<NumberEventData> = {
  NumberSearched: firstVersion(v.object({
    carrier: CarrierNameSchema,
    filters: v.object({
      country: v.string(),
      type: v.picklist(NUMBER_TYPES),
      areaCode: v.optional(v.string()),
      locality: v.optional(v.string()),
      features: v.optional(v.array(FeatureSchema)),
      contains: v.optional(v.string()),
      startsWith: v.optional(v.string()),
      endsWith: v.optional(v.string()),
      limit: v.number(),
    }),
    offers: v.array(CarrierOfferSchema),
  })),
  // Version 3 has a requirement group, without which the order must not be sent.
  PurchaseRequested: {
    version: 3,
    schema: v.object({
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
    }),
    upcast: { 1: (data) => data, 2: (data) => data },
  },
  NumberPurchased: secondVersion(v.object({
    holding,
    carrierId: v.string(),
    term: v.variant("kind", [
      v.object({ kind: v.literal("trial"), endsAt: WholeSchema }),
      v.object({ kind: v.literal("monthly"), ...period }),
    ]),
  })),
  // Version 3 has missing requirements of the carrier, version 4 cancelled purchases.
  PurchaseFailed: {
    version: 4,
    schema: v.object({
      place,
      holding,
      e164: E164Schema,
      reason: v.picklist(FAILURE_REASONS),
      message: v.string(),
      refunded: MoneySchema,
      requestedAt: v.nullable(WholeSchema),
    }),
    upcast: {
      1: (data) => ({ ...data as object, requestedAt: null }),
      2: (data) => data,
      3: (data) => data,
    },
  },
  OrderRepeated: firstVersion(v.object({ holding })),
  OrderTaken: firstVersion(v.object({ holding })),
  OrderWaits: firstVersion(
    v.object({ holding, waitsFor: v.nullable(v.picklist(ORDER_WAITS)) }),
  ),
  CancellationRequested: firstVersion(v.object({ holding })),
  ChargeStarted: firstVersion(v.object({
    holding,
    e164: E164Schema,
    period: v.number(),
    amount: MoneySchema,
    chargeKey: v.string(),
  })),
  Charged: firstVersion(charge),
  ChargeDeclined: firstVersion(charge),
  RefundStarted: firstVersion(charge),
  Refunded: firstVersion(charge),
  PurchaseDismissed: firstVersion(v.object({ holding })),
  NumberImported: {
    version: 2,
    schema: v.object({
      place,
      holding,
      e164: E164Schema,
      world: WorldSchema,
      sipConnection: TextOrNull,
      sipTrunk: TextOrNull,
      sipProviderName: TextOrNull,
      ...routing,
    }),
    upcast: { 1: beforeWorlds },
  },
  NumberAdopted: secondVersion(
    v.object({
      place,
      holding,
      e164: E164Schema,
      carrier: CarrierNameSchema,
      carrierId: v.string(),
      connection: TextOrNull,
      type: offer.type,
      country: offer.country,
      monthly: offer.monthly,
      features: offer.features,
      from: WholeSchema,
      to: WholeSchema,
    }),
  ),
  RoutingChanged: firstVersion(v.object({ holding, ...routing })),
  NumberAssigned: firstVersion(v.object({ holding, assistant: v.string() })),
  NumberUnassigned: firstVersion(v.object({ holding, assistant: v.string() })),
  SmsCampaignAssigned: firstVersion(v.object({
    holding,
    profile: TextOrNull,
    campaign: TextOrNull,
    status: v.picklist(CAMPAIGN_STATUSES),
  })),
  TrialExpired: firstVersion(v.object({ holding })),
  TrialConverted: firstVersion(v.object({ holding })),
  Renewed: secondVersion(v.object({ holding, ...period })),
  RenewalFailed: firstVersion(v.object({
    holding,
    period: v.number(),
    amount: MoneySchema,
    chargeKey: v.string(),
    retryAt: WholeSchema,
    graceEndsAt: WholeSchema,
  })),
  Suspended: firstVersion(v.object({ holding, why: v.picklist(["unpaid", "compliance"]) })),
  Reinstated: firstVersion(v.object({ holding })),
  RouteNoted: firstVersion(
    v.object({ ...route, connection: TextOrNull, messagingProfile: TextOrNull }),
  ),
  RouteDetached: firstVersion(v.object(route)),
  RouteAttached: firstVersion(v.object(route)),
  RouteLeft: firstVersion(v.object({ ...route, why: v.picklist(ROUTE_LEFT_REASONS) })),
  RouteDrifted: firstVersion(v.object(route)),
  AutoRenewalChanged: firstVersion(v.object({ holding, on: v.boolean() })),
  ReleaseRequested: {
    version: 2,
    schema: v.object({
      request: v.string(),
      holding,
      e164: E164Schema,
      world: WorldSchema,
      reason: v.string(),
    }),
    upcast: { 1: beforeWorlds },
  },
  ReleaseRequestCancelled: firstVersion(v.object({ request: v.string(), holding })),
  ReleaseRequestRejected: firstVersion(
    v.object({ request: v.string(), holding, reason: v.string() }),
  ),
  ReleaseRequestApproved: firstVersion(v.object({ request: v.string(), holding })),
  ReleaseStarted: secondVersion(v.object({ place, holding, why: v.picklist(RELEASE_REASONS) })),
  Released: secondVersion(
    v.object({
      place,
      holding,
      e164: E164Schema,
      source: v.picklist(["managed", "imported"]),
      why: v.picklist(RELEASE_REASONS),
    }),
  ),
};
