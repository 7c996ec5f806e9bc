/** What can happen to a number; `number-schemas.ts` beside it says how it is stored. */
import type { CarrierName, Feature, NumberType, Offer, OrderWait } from "../ports/carrier.ts";
import type { EventOf } from "./definition.ts";
import type { Instant } from "../values/calendar.ts";
import type { PlaceData, World } from "../values/claim-key.ts";
import type { E164 } from "../values/e164.ts";
import type { Money } from "../values/money.ts";

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
type RoutingData = {
  readonly direction: Direction;
  readonly label: string | null;
  /** Any JSON object: the embedding product's own call metadata. */
  readonly template: Record<string, unknown> | null;
};

/** One month of one holding. Its key is the permanent name of the charge for it. */
type PeriodData = {
  readonly period: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly amount: Money;
  readonly chargeKey: string;
  readonly paidFrom: PaidMonthFrom;
};

type HoldingData = { readonly holding: string };

/** A charge outside credits, by its key. */
type ChargeData = { readonly holding: string; readonly chargeKey: string };

/** Which wish for a number's route at the carrier an event is about; they are counted from 1. */
type RouteData = HoldingData & { readonly wish: number };

type RequestData = { readonly request: string; readonly holding: string };

/** The data of everything that can happen to a number, from the first search to its release. */
export type NumberEventData = {
  NumberSearched: {
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
      | { readonly kind: "trial"; readonly endsAt: Instant }
      | { readonly kind: "monthly" } & PeriodData;
  };
  PurchaseFailed: PlaceData & {
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
  /** The intent to charge outside credits; written before the payments port is asked. */
  ChargeStarted: ChargeData & {
    readonly e164: E164;
    readonly period: number;
    readonly amount: Money;
  };
  Charged: ChargeData;
  ChargeDeclined: ChargeData;
  /** What was charged opened no period; written before the payments port is asked. */
  RefundStarted: ChargeData;
  Refunded: ChargeData;
  PurchaseDismissed: HoldingData;
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
  };
  RoutingChanged: HoldingData & RoutingData;
  NumberAssigned: HoldingData & { readonly assistant: string };
  NumberUnassigned: HoldingData & { readonly assistant: string };
  SmsCampaignAssigned: HoldingData & SmsCampaign;
  TrialExpired: HoldingData;
  TrialConverted: HoldingData;
  Renewed: HoldingData & PeriodData;
  RenewalFailed: ChargeData & {
    readonly period: number;
    readonly amount: Money;
    readonly retryAt: Instant;
    readonly graceEndsAt: Instant;
  };
  Suspended: HoldingData & { readonly why: "unpaid" | "compliance" };
  Reinstated: HoldingData;
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
  AutoRenewalChanged: HoldingData & { readonly on: boolean };
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

/** Anything that can happen to a number. */
export type NumberEvent = EventOf<NumberEventData>;
