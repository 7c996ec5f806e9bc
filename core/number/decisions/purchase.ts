import { type Context, type Decision, type Handler, NOTHING } from "../../log/decision.ts";
import type { Refused } from "../../log/decision.ts";
import type { DomainEvent } from "../../log/events.ts";
import type { State } from "../../log/state.ts";
import {
  hasRoom,
  isVerified,
  mustRest,
  type PlanLimitReached,
  planLimitReached,
} from "../../organization/eligibility.ts";
import { planOf } from "../../organization/plans.ts";
import {
  type OrganizationUnknown,
  self,
  SELF_ROW,
  unknownOrganization,
} from "../../organization/refusals.ts";
import type { Organization } from "../../organization/state.ts";
import type { Charge, Offer, SearchFilters } from "../../ports.ts";
import { type Instant, monthsAfter } from "../../values/calendar.ts";
import type { E164 } from "../../values/e164.ts";
import { formatMoney, minus, type Money, NO_MONEY, plus } from "../../values/money.ts";
import { failed, ok } from "../../values/result.ts";
import type { CarrierName, PurchaseFailure } from "../events.ts";
import { isFresh, offers } from "../offers.ts";
import { orders } from "../orders.ts";
import {
  claimant,
  heldBy,
  type NumberAlreadyOwned,
  type NumberUnknown,
  type PurchaseInProgress,
  unknownNumber,
} from "../refusals.ts";
import { type Managed, numbers, type Routing, type Stage, TRIAL_MS } from "../state.ts";
import { needsNumber } from "./needs.ts";

/** Notes what a search showed, so that a purchase can take its price from it. */
export type RecordSearch = {
  readonly type: "RecordSearch";
  readonly carrier: CarrierName;
  readonly filters: SearchFilters;
  readonly offers: readonly Offer[];
};

/** Refused only where there is no such organization: a search decides nothing. */
export const recordSearch: Handler<RecordSearch, OrganizationUnknown> = {
  needs: (command) => ({
    rows: [
      SELF_ROW,
      ...command.offers.map((offer) => ({ kind: offers.kind, key: offer.e164 })),
    ],
  }),
  decide: (state, { carrier, filters, offers: found }) => {
    if (self(state) === undefined) return unknownOrganization;
    return ok([{
      type: "NumberSearched",
      data: {
        carrier,
        filters: { ...filters },
        offers: found.map((offer) => ({ ...offer, features: [...offer.features] })),
      },
    }]);
  },
};

/** Asks for a number: the intent that is in the log before the carrier is called. */
export type RequestPurchase = {
  readonly type: "RequestPurchase";
  readonly holding: string;
  /** The one key under which this number is ever ordered. */
  readonly orderKey: string;
  readonly e164: E164;
  readonly carrier: CarrierName;
  readonly connection: string | null;
  readonly routing: Routing;
  readonly assistant: string | null;
  /** What the carrier quotes now; null until it was asked. */
  readonly quote: Offer | null;
};

/** Why a purchase is not even requested. */
export type PurchaseRefusal =
  | OrganizationUnknown
  | NumberAlreadyOwned
  | PurchaseInProgress
  | PlanLimitReached
  | Refused<"VERIFICATION_REQUIRED">
  | Refused<"INSUFFICIENT_CREDITS">
  /** No offer is fresh enough: ask the carrier, and give the command again with its quote. */
  | Refused<"QUOTE_NEEDED">;

/** The price of a purchase: setup and first month. */
const firstPrice = (offer: { readonly setup: Money; readonly monthly: Money }): Money =>
  plus(offer.setup, offer.monthly);

const request = (
  command: RequestPurchase,
  offer: Offer,
  trial: boolean,
  debited: Money,
): readonly DomainEvent[] => {
  const { holding, orderKey, carrier, connection, routing, assistant } = command;
  const { e164, type, country, setup, monthly, features, region } = offer;
  const asked: DomainEvent = {
    type: "PurchaseRequested",
    data: {
      holding,
      e164,
      type,
      country,
      setup,
      monthly,
      features: [...features],
      region: { ...region },
      carrier,
      connection,
      orderKey,
      trial,
      debited,
      direction: routing.direction,
      label: routing.label,
      template: routing.template === null ? null : { ...routing.template },
    },
  };
  return assistant === null
    ? [asked]
    : [asked, { type: "NumberAssigned", data: { holding, assistant } }];
};

const decideRequest = (
  state: State,
  command: RequestPurchase,
  { plans, now }: Context,
): Decision<PurchaseRefusal> => {
  const organization = self(state);
  if (organization === undefined) return unknownOrganization;
  if (state.claim !== null) return heldBy(state.claim, state.get(numbers, state.claim.holder));
  const plan = planOf(plans, organization.plan);
  if (!isVerified(organization, plan)) return verificationRequired(plan.verification);
  if (!hasRoom(organization, plan)) return planLimitReached(organization, plan);
  const known = state.get(offers, command.e164);
  const offer = command.quote ??
    (known !== undefined && isFresh(known, command.carrier, now) ? known : null);
  if (offer === null) return quoteNeeded;
  const debited = plan.billing === "credits" ? firstPrice(offer) : NO_MONEY;
  if (organization.credits.micros < debited.micros) return insufficient(organization, debited);
  return ok(request(command, offer, plan.billing === "trial", debited));
};

const verificationRequired = (asked: string) =>
  failed<Refused<"VERIFICATION_REQUIRED">>({
    code: "VERIFICATION_REQUIRED",
    message: `The plan asks for a business verification that is ${asked}.`,
  });

const quoteNeeded = failed<Refused<"QUOTE_NEEDED">>({
  code: "QUOTE_NEEDED",
  message: "The number has no recent offer.",
});

const insufficient = (organization: Organization, price: Money) =>
  failed<Refused<"INSUFFICIENT_CREDITS">>({
    code: "INSUFFICIENT_CREDITS",
    message: `The purchase costs ${formatMoney(price)} USD, of which ${
      formatMoney(minus(price, organization.credits))
    } USD are missing.`,
  });

/**
 * Requests a purchase. Checked in this order: a claim by anyone, verification, the plan's limit, a
 * price at most 30 minutes old, credits for setup and first month (domain: Rules).
 */
export const requestPurchase: Handler<RequestPurchase, PurchaseRefusal> = {
  needs: ({ holding, orderKey, e164 }) => ({
    rows: [
      SELF_ROW,
      { kind: offers.kind, key: e164 },
      { kind: numbers.kind, key: holding },
      { kind: orders.kind, key: orderKey },
    ],
    claim: e164,
  }),
  more: claimant,
  decide: decideRequest,
};

/** The key of the charge for one period of one holding. */
export const chargeKey = (holding: string, period: number): string => `${holding}:${period}`;

/**
 * What must be charged through the payments port before the number is ordered; null when the
 * purchase is a trial or was debited from credits.
 */
export const firstCharge = (organization: string, holding: Managed): Charge | null => {
  if (holding.stage.status !== "purchasing") return null;
  if (holding.stage.trial || holding.stage.debited.micros > 0) return null;
  const { id, e164 } = holding;
  return { key: chargeKey(id, 1), organization, amount: firstPrice(holding), e164 };
};

/** The carrier confirmed the order: the number is the organization's. */
export type ConfirmPurchase = {
  readonly type: "ConfirmPurchase";
  readonly holding: string;
  readonly carrierId: string;
};

/** The order came to nothing. */
export type FailPurchase = {
  readonly type: "FailPurchase";
  readonly holding: string;
  readonly reason: PurchaseFailure;
  readonly message: string;
};

const decideConfirm = (
  state: State,
  { holding, carrierId }: ConfirmPurchase,
  { now, plans }: Context,
): Decision<NumberUnknown> => {
  const number = state.get(numbers, holding);
  if (number?.source !== "managed") return unknownNumber;
  if (number.stage.status !== "purchasing") return ok(NOTHING);
  const organization = self(state);
  const plan = planOf(plans, organization?.plan ?? "");
  const events: DomainEvent[] = [{
    type: "NumberPurchased",
    data: { holding, carrierId, term: firstTerm(number, number.stage, now) },
  }];
  // While the carrier was busy, the organization may have moved to a paid plan …
  if (number.stage.trial && plan.billing !== "trial") {
    events.push({ type: "TrialConverted", data: { holding } });
  }
  // … and its verification may have been revoked.
  if (organization !== undefined && mustRest(organization, plan)) {
    events.push({ type: "Suspended", data: { holding, why: "compliance" } });
  }
  return ok(events);
};

const firstTerm = (
  number: Managed,
  { trial, debited }: Extract<Stage, { status: "purchasing" }>,
  now: Instant,
) =>
  trial ? { kind: "trial" as const, endsAt: now + TRIAL_MS } : {
    kind: "monthly" as const,
    period: 1,
    from: now,
    to: monthsAfter(now, 1),
    amount: firstPrice(number),
    chargeKey: chargeKey(number.id, 1),
    paidFrom: debited.micros > 0 ? "credits" as const : "subscription" as const,
  };

/** Confirms a purchase; a second confirmation changes nothing. */
export const confirmPurchase: Handler<ConfirmPurchase, NumberUnknown> = {
  needs: needsNumber,
  decide: decideConfirm,
};

/** Fails a purchase: its place, its claim and what was debited are given back. */
export const failPurchase: Handler<FailPurchase, NumberUnknown> = {
  needs: needsNumber,
  decide: (state, { holding, reason, message }) => {
    const number = state.get(numbers, holding);
    if (number?.source !== "managed") return unknownNumber;
    const { stage, e164, assistant } = number;
    if (stage.status !== "purchasing") return ok(NOTHING);
    const lost: DomainEvent = {
      type: "PurchaseFailed",
      data: { holding, e164, reason, message, refunded: stage.debited },
    };
    return ok(
      assistant === null
        ? [lost]
        : [{ type: "NumberUnassigned", data: { holding, assistant } }, lost],
    );
  },
};
