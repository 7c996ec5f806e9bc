import type { Fact } from "../log/events.ts";
import type { Subject } from "../log/state.ts";
import type { Feature, NumberType, Work } from "../ports.ts";
import { DAY_MS, type Instant } from "../values/calendar.ts";
import type { E164 } from "../values/e164.ts";
import type { Actor } from "../values/identity.ts";
import type { Money } from "../values/money.ts";
import type {
  CarrierName,
  Direction,
  PurchaseFailure,
  ReleaseReason,
  SmsCampaign,
} from "./events.ts";

/** A trial lasts 5 × 24 hours from the purchase (the contract, Talkturo). */
export const TRIAL_MS = 5 * DAY_MS;

/** Where a number's calls go and what they carry, its assistant aside. */
export type Routing = {
  readonly direction: Direction;
  readonly label: string | null;
  readonly template: Readonly<Record<string, unknown>> | null;
};

type Common = {
  readonly id: string;
  readonly e164: E164;
  readonly routing: Routing;
  readonly assistant: string | null;
  readonly sms: (SmsCampaign & { readonly updatedAt: Instant }) | null;
  /** The release request that waits for the operator, if one does. */
  readonly releaseRequest: string | null;
  readonly createdBy: { readonly email: string; readonly name: string } | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** For how long a number is ours: lent until `endsAt`, or by the month, counted from `anchor`. */
export type Term =
  | { readonly kind: "trial"; readonly endsAt: Instant }
  | {
    readonly kind: "monthly";
    readonly anchor: Instant;
    /** The running period; period n lasts from n - 1 to n months after the anchor. */
    readonly period: number;
    readonly endsAt: Instant;
    readonly lastChargedAt: Instant | null;
    readonly autoRenewal: boolean;
  };

/** Where a bought number stands. What each stage must know, it has. */
export type Stage =
  | {
    readonly status: "purchasing";
    readonly orderKey: string;
    readonly trial: boolean;
    readonly debited: Money;
  }
  | { readonly status: "active"; readonly carrierId: string; readonly term: Term }
  | {
    readonly status: "suspended";
    readonly carrierId: string;
    readonly term: Term;
    readonly since: Instant;
    readonly why: "unpaid";
    readonly retryAt: Instant;
    readonly graceEndsAt: Instant;
  }
  | {
    readonly status: "suspended";
    readonly carrierId: string;
    readonly term: Term;
    readonly since: Instant;
    readonly why: "compliance";
  }
  | {
    readonly status: "releasing";
    readonly carrierId: string;
    readonly term: Term;
    readonly since: Instant;
    readonly why: ReleaseReason;
  }
  | { readonly status: "failed"; readonly reason: PurchaseFailure; readonly message: string };

/** A number bought from a carrier. */
export type Managed = Common & {
  readonly source: "managed";
  readonly carrier: CarrierName;
  readonly connection: string | null;
  readonly type: NumberType;
  readonly country: string;
  readonly setup: Money;
  readonly monthly: Money;
  readonly features: readonly Feature[];
  readonly stage: Stage;
};

/** A number that its owner brought over a SIP trunk; we never charge for it. */
export type Imported = Common & {
  readonly source: "imported";
  readonly sipConnection: string | null;
  readonly sipTrunk: string | null;
  readonly sipProviderName: string | null;
};

/** A number that an organization holds, or is getting, or failed to get. Once released it is gone. */
export type Holding = Managed | Imported;

const creator = (actor: Actor): Common["createdBy"] =>
  actor.kind === "user" ? { email: actor.email, name: actor.name } : null;

const begun = (
  data: Routing & { readonly holding: string; readonly e164: E164 },
  event: Fact,
): Common => ({
  id: data.holding,
  e164: data.e164,
  routing: { direction: data.direction, label: data.label, template: data.template },
  assistant: null,
  sms: null,
  releaseRequest: null,
  createdBy: creator(event.actor),
  createdAt: event.at,
  updatedAt: event.at,
});

const begin = (event: Fact): Holding | undefined => {
  if (event.type === "NumberImported") {
    const { sipConnection, sipTrunk, sipProviderName } = event.data;
    return {
      ...begun(event.data, event),
      source: "imported",
      sipConnection,
      sipTrunk,
      sipProviderName,
    };
  }
  if (event.type !== "PurchaseRequested") return undefined;
  const { carrier, connection, type, country, setup, monthly, features } = event.data;
  const { orderKey, trial, debited } = event.data;
  const { id, e164, routing, createdBy } = begun(event.data, event);
  // Spelt out, as a rebuild begins very many of these: a spread that grows is much slower.
  return {
    id,
    e164,
    routing,
    assistant: null,
    sms: null,
    releaseRequest: null,
    createdBy,
    createdAt: event.at,
    updatedAt: event.at,
    source: "managed",
    carrier,
    connection,
    type,
    country,
    setup,
    monthly,
    features,
    stage: { status: "purchasing", orderKey, trial, debited },
  };
};

/** What every event may do to a holding of either source. */
const evolveCommon = (row: Holding, event: Fact): Holding => {
  switch (event.type) {
    case "RoutingChanged": {
      const { direction, label, template } = event.data;
      return { ...row, routing: { direction, label, template } };
    }
    case "NumberAssigned":
      return { ...row, assistant: event.data.assistant };
    case "NumberUnassigned":
      return { ...row, assistant: null };
    case "SmsCampaignAssigned": {
      const { profile, campaign, status } = event.data;
      return { ...row, sms: { profile, campaign, status, updatedAt: event.at } };
    }
    case "ReleaseRequested":
      return { ...row, releaseRequest: event.data.request };
    case "ReleaseRequestCancelled":
    case "ReleaseRequestRejected":
    case "ReleaseRequestApproved":
      return { ...row, releaseRequest: null };
    default:
      return row;
  }
};

const purchased = (event: Fact & { type: "NumberPurchased" }): Stage => {
  const { carrierId, term } = event.data;
  if (term.kind === "trial") return { status: "active", carrierId, term };
  return {
    status: "active",
    carrierId,
    term: {
      kind: "monthly",
      anchor: term.from,
      period: term.period,
      endsAt: term.to,
      lastChargedAt: event.at,
      autoRenewal: true,
    },
  };
};

type Owned = Exclude<Stage, { status: "purchasing" | "failed" }>;

const evolveOwned = (stage: Owned, event: Fact): Stage => {
  const { carrierId, term } = stage;
  switch (event.type) {
    case "TrialConverted":
      return {
        ...stage,
        term: {
          kind: "monthly",
          anchor: event.at,
          period: 0,
          endsAt: event.at,
          lastChargedAt: null,
          autoRenewal: true,
        },
      };
    case "Renewed": {
      if (term.kind !== "monthly") return stage;
      const { period, to } = event.data;
      return { ...stage, term: { ...term, period, endsAt: to, lastChargedAt: event.at } };
    }
    case "RenewalFailed": {
      const since = stage.status === "suspended" ? stage.since : event.at;
      const { retryAt, graceEndsAt } = event.data;
      return { status: "suspended", carrierId, term, since, why: "unpaid", retryAt, graceEndsAt };
    }
    case "Suspended":
      return event.data.why === "compliance"
        ? { status: "suspended", carrierId, term, since: event.at, why: "compliance" }
        : stage;
    case "Reinstated":
      return { status: "active", carrierId, term };
    case "AutoRenewalChanged":
      return term.kind === "monthly"
        ? { ...stage, term: { ...term, autoRenewal: event.data.on } }
        : stage;
    case "ReleaseStarted":
      return { status: "releasing", carrierId, term, since: event.at, why: event.data.why };
    default:
      return stage;
  }
};

const evolveStage = (stage: Stage, event: Fact): Stage => {
  if (event.type === "NumberPurchased") return purchased(event);
  if (event.type === "PurchaseFailed") {
    return { status: "failed", reason: event.data.reason, message: event.data.message };
  }
  if (stage.status === "purchasing" || stage.status === "failed") return stage;
  return evolveOwned(stage, event);
};

/** What a bought number waits for, and from when on. */
const workOf = (row: Holding): Work | null => {
  if (row.source === "imported") return null;
  const { stage } = row;
  switch (stage.status) {
    case "purchasing":
      return { automation: "ordering", due: row.createdAt };
    case "releasing":
      return { automation: "releasing", due: stage.since };
    case "failed":
      return null;
    default:
      if (stage.term.kind === "trial") return { automation: "trials", due: stage.term.endsAt };
      return {
        automation: "renewals",
        due: stage.status === "suspended" && stage.why === "unpaid"
          ? stage.retryAt
          : stage.term.endsAt,
      };
  }
};

/** Numbers held, being bought, or not got. */
export const numbers: Subject<Holding> = {
  kind: "number",
  keys: (event) => "holding" in event.data ? [event.data.holding] : [],
  evolve: (row, event) => {
    if (event.type === "Released" || event.type === "PurchaseDismissed") return undefined;
    if (row === undefined) return begin(event);
    const next = evolveCommon(row, event);
    return next.source === "managed"
      ? { ...next, stage: evolveStage(next.stage, event), updatedAt: event.at }
      : { ...next, updatedAt: event.at };
  },
  work: workOf,
};
