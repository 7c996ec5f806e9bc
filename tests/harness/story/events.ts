/** Events with ordinary content, for specifications. */
import { type Optional, withoutUndefined } from "../../../adapters/validation/optional.ts";
import type { DomainEvent } from "../../../core/events/vocabulary.ts";
import type { Offer } from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { type Money, money, NO_MONEY } from "../../../core/values/money.ts";
import type { VerificationContent } from "../../../core/events/verification.ts";
import { findPlan, termsOf } from "../../../core/organization/plans.ts";
import type { PlanCatalogue } from "../../../core/values/plan.ts";
import { instant } from "../specification.ts";
import { attested, business } from "./businesses.ts";

/** The data of an event. */
export type DataOf<Type extends DomainEvent["type"]> = Extract<DomainEvent, { type: Type }>["data"];

/** The holding of most events. */
export const PN = "pn_1";
/** Its number. */
export const E164_1: E164 = "+14155550101";
export const DOLLAR: Money = money(1_000_000);
export const TWO_DOLLARS: Money = money(2_000_000);

/** A number that costs one dollar to set up, and one a month. */
export const offerOf = (e164: E164 = E164_1): Offer => ({
  e164,
  type: "local",
  country: "US",
  setup: DOLLAR,
  monthly: DOLLAR,
  features: ["voice", "sms"],
  region: { state: "CA", locality: "San Francisco", rateCenter: "SAN FRANCISCO" },
});

/** Routed nowhere. */
export const NO_ROUTING = { direction: "both", label: null, template: null } as const;

/** What is agreed with a plan of the catalogue; its name only, as in old events, without one. */
const agreed = (plan: string, plans: PlanCatalogue = {}) => {
  const found = findPlan(plans, plan);
  return found === undefined ? { plan } : { plan, terms: termsOf(found) };
};

/**
 * The organization was opened on a plan: by what this catalogue says of it, or, without one, as old
 * events say it, so that the catalogue of each decision holds.
 */
export const opened = (plan = "Growth", plans?: PlanCatalogue): DomainEvent => ({
  type: "OrganizationOpened",
  data: { name: "Acme", ...agreed(plan, plans) },
});

/** It was put on another plan; the same of the catalogue. */
export const planChanged = (plan: string, plans?: PlanCatalogue): DomainEvent => ({
  type: "PlanChanged",
  data: agreed(plan, plans),
});

/** This many whole dollars were added to its credits. */
export const credited = (dollars: number): DomainEvent => ({
  type: "CreditsAdded",
  data: { amount: money(dollars * 1_000_000) },
});

/** A search showed these numbers, each as `offerOf` offers it. */
export const searched = (...e164s: readonly E164[]): DomainEvent => ({
  type: "NumberSearched",
  data: {
    carrier: "sandbox",
    filters: { country: "US", type: "local", limit: 10 },
    offers: e164s.map((e164) => ({ ...offerOf(e164), features: ["voice", "sms"] })),
  },
});

/** The purchase of the number was asked for, and is to be paid by subscription. */
export const requested = (over: Optional<DataOf<"PurchaseRequested">> = {}): DomainEvent => ({
  type: "PurchaseRequested",
  data: {
    holding: PN,
    ...offerOf(over.e164),
    features: ["voice", "sms"],
    carrier: "sandbox",
    connection: null,
    orderKey: "od_1",
    paidFrom: "subscription",
    debited: NO_MONEY,
    ...NO_ROUTING,
    ...withoutUndefined(over),
  },
});

/** The intent to charge outside credits: for the first period setup and month, then the month. */
export const chargeStarted = (over: Optional<DataOf<"ChargeStarted">> = {}): DomainEvent => {
  const { holding = PN, period = 1 } = over;
  const amount = period === 1 ? TWO_DOLLARS : DOLLAR;
  const about = { holding, period, amount, chargeKey: `${holding}:${period}` };
  return { type: "ChargeStarted", data: { e164: E164_1, ...about, ...withoutUndefined(over) } };
};

/** The outcome of the charge for a period. */
export const charge = (
  type: "Charged" | "ChargeDeclined" | "RefundStarted" | "Refunded",
  period = 1,
  holding = PN,
): DomainEvent => ({ type, data: { holding, chargeKey: `${holding}:${period}` } });

/** When the purchases of the specifications are requested. */
const REQUESTED = "2026-01-31T12:00:00Z";

/** The number was sold to another buyer, and nothing was debited; or another failure. */
export const purchaseFailed = (over: Optional<DataOf<"PurchaseFailed">> = {}): DomainEvent => ({
  type: "PurchaseFailed",
  data: {
    holding: PN,
    e164: E164_1,
    reason: "notAvailable",
    message: "Somebody was faster.",
    refunded: NO_MONEY,
    requestedAt: instant(REQUESTED),
    ...withoutUndefined(over),
  },
});

/** The operator installed the SIP connection that numbers are imported over. */
export const sipInstalled = (trunk = "trunk_1"): DomainEvent => ({
  type: "SipConnectionInstalled",
  data: { installation: "sip_1", providerName: "Twilio", trunk, ready: true },
});

/** The number was imported over a SIP connection. */
export const imported = (over: Optional<DataOf<"NumberImported">> = {}): DomainEvent => ({
  type: "NumberImported",
  data: {
    holding: PN,
    e164: E164_1,
    world: "sandbox",
    sipConnection: "sip_1",
    sipTrunk: null,
    sipProviderName: null,
    ...NO_ROUTING,
    ...withoutUndefined(over),
  },
});

/** The number rests. */
export const suspended = (why: "unpaid" | "compliance", holding = PN): DomainEvent => ({
  type: "Suspended",
  data: { holding, why },
});

/** It serves again. */
export const reinstated = (holding = PN): DomainEvent => ({
  type: "Reinstated",
  data: { holding },
});

/** The number was given to an assistant. */
export const assigned = (assistant: string, holding = PN): DomainEvent => ({
  type: "NumberAssigned",
  data: { holding, assistant },
});

/** It was taken from the assistant. */
export const unassigned = (assistant: string, holding = PN): DomainEvent => ({
  type: "NumberUnassigned",
  data: { holding, assistant },
});

/** The number is being released to the carrier. */
export const releaseStarted = (
  why: DataOf<"ReleaseStarted">["why"],
  holding = PN,
): DomainEvent => ({ type: "ReleaseStarted", data: { holding, why } });

/** The number has been released. */
export const released = (over: Optional<DataOf<"Released">> = {}): DomainEvent => ({
  type: "Released",
  data: { holding: PN, e164: E164_1, source: "managed", why: "byUser", ...withoutUndefined(over) },
});

/** A draft of the verification was saved. */
export const drafted = (
  content: VerificationContent = business(),
  verification = "vs_1",
): DomainEvent => ({
  type: "VerificationDrafted",
  data: { verification, ...content },
});

/** It was submitted for review. */
export const submitted = (
  content: VerificationContent = attested(),
  announce = false,
  verification = "vs_1",
): DomainEvent => ({
  type: "VerificationSubmitted",
  data: { verification, ...content, announce },
});

/** The operator approved it. */
export const approved = (verification = "vs_1"): DomainEvent => ({
  type: "VerificationApproved",
  data: { verification },
});

/** The operator revoked the approval. */
export const revoked = (reason = "The company is gone."): DomainEvent => ({
  type: "VerificationRevoked",
  data: { verification: "vs_1", reason },
});
