/** What can happen to a number that is held, until its release, and how it is stored. */
import * as v from "valibot";
import type { CarrierName, Offer } from "../ports/carrier.ts";
import {
  type DefinitionsOf,
  firstVersion,
  salt,
  type Salted,
  secondVersion,
  TextOrNull,
  thirdVersion,
} from "./definition.ts";
import type { Instant } from "../values/calendar.ts";
import type { PlaceData, World } from "../values/claim-key.ts";
import { type E164, E164Schema } from "../values/e164.ts";
import { type Money, MoneySchema } from "../values/money.ts";
import { CountSchema, WholeSchema } from "../values/whole.ts";
import {
  beforeWorlds,
  CAMPAIGN_STATUSES,
  CarrierNameSchema,
  holding,
  type HoldingData,
  noticeAt,
  type NoticeData,
  offer,
  place,
  RELEASE_REASONS,
  type ReleaseReason,
  ROUTE_LEFT_REASONS,
  routing,
  type RoutingData,
  type SmsCampaign,
  WorldSchema,
} from "./number.ts";

/** Which wish for a number's route at the carrier an event is about; they are counted from 1. */
type RouteData = HoldingData & { readonly wish: number };

type RequestData = { readonly request: string; readonly holding: string };

/** A wish for a number's route at the carrier. */
const route = { holding, wish: CountSchema };

/** The data of these events. */
export type HoldingEventData = {
  NumberImported: RoutingData & PlaceData & {
    readonly holding: string;
    readonly e164: E164;
    readonly world: World;
    readonly sipConnection: string | null;
    readonly sipTrunk: string | null;
    readonly sipProviderName: string | null;
  };
  /** The carrier keeps it for us already: an operator gave it to the organization. */
  NumberAdopted: PlaceData & Pick<Offer, "e164" | "type" | "country" | "monthly" | "features"> & {
    readonly holding: string;
    readonly carrier: CarrierName;
    readonly carrierId: string;
    readonly connection: string | null;
    /** The month that it has when it is adopted; the next one is charged. */
    readonly from: Instant;
    readonly to: Instant;
  } & NoticeData;
  /** A month of it costs the organization another amount than before, or than the carrier asks. */
  NumberPriced: HoldingData & Salted & {
    readonly monthly: Money;
    readonly carrierMonthly: Money;
  };
  RoutingChanged: HoldingData & RoutingData;
  NumberAssigned: HoldingData & { readonly assistant: string };
  NumberUnassigned: HoldingData & { readonly assistant: string };
  SmsCampaignAssigned: HoldingData & SmsCampaign;
  /** What the carrier has attached to a number; written before anything is detached. */
  RouteNoted: RouteData & {
    readonly connection: string | null;
    readonly messagingProfile: string | null;
  };
  /** The carrier confirmed that nothing is attached to a suspended number. */
  RouteDetached: RouteData;
  /** The carrier confirmed that the route of a reinstated number is attached again. */
  RouteAttached: RouteData;
  /** The carrier cannot detach and attach routes, or no longer has the number. */
  RouteLeft: RouteData & { readonly why: typeof ROUTE_LEFT_REASONS[number] };
  /** A reconciliation found the route at the carrier to be other than it was confirmed to be. */
  RouteDrifted: RouteData;
  ReleaseRequested: RequestData & {
    readonly e164: E164;
    readonly world: World;
    readonly reason: string;
  };
  ReleaseRequestCancelled: RequestData;
  ReleaseRequestRejected: RequestData & { readonly reason: string };
  ReleaseRequestApproved: RequestData;
  ReleaseStarted: HoldingData & PlaceData & { readonly why: ReleaseReason };
  Released: HoldingData & PlaceData & {
    readonly e164: E164;
    readonly source: "managed" | "imported";
    readonly why: ReleaseReason;
  };
};

/** These events, each with its newest schema. */
export const holdingEvents: DefinitionsOf<HoldingEventData> = {
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
  NumberAdopted: thirdVersion(
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
      noticeAt,
    }),
  ),
  NumberPriced: firstVersion(
    v.object({ holding, monthly: MoneySchema, carrierMonthly: MoneySchema, salt }),
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
  RouteNoted: firstVersion(
    v.object({ ...route, connection: TextOrNull, messagingProfile: TextOrNull }),
  ),
  RouteDetached: firstVersion(v.object(route)),
  RouteAttached: firstVersion(v.object(route)),
  RouteLeft: firstVersion(v.object({ ...route, why: v.picklist(ROUTE_LEFT_REASONS) })),
  RouteDrifted: firstVersion(v.object(route)),
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
