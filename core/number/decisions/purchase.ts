/** Decides a purchase; `orders.ts` decides how it goes on once the carrier has answered. */
import type { Context, Decision, Handler, Refused } from "../../log/decision.ts";
import type { DomainEvent } from "../../events/vocabulary.ts";
import type { State } from "../../log/state.ts";
import {
  hasCapacity,
  isVerified,
  type PlanLimitReached,
  planLimitReached,
} from "../../organization/eligibility.ts";
import { debitOf, isCharged, paymentOf, priced } from "../../organization/payment.ts";
import { planOf } from "../../organization/plans.ts";
import {
  type OrganizationUnknown,
  self,
  SELF_ROW,
  unknownOrganization,
} from "../../organization/refusals.ts";
import {
  connectionRow,
  connections,
  type ConnectionUnknown,
  unknownConnection,
} from "../../organization/connections.ts";
import {
  priceLimit,
  type PriceLimitExceeded,
  purchaseQuota,
  type PurchaseQuotaReached,
  TALLY_ROWS,
} from "../../organization/quotas.ts";
import {
  REQUIREMENT_GROUPS_ROW,
  requirementGroupOf,
} from "../../organization/requirement-groups.ts";
import type { IdUnfit } from "../../organization/ids.ts";
import type { Organization } from "../../organization/state.ts";
import type { Claim, Needs, NumberKind, Offer } from "../../ports/mod.ts";
import {
  carrierClaim,
  type Place,
  placeData,
  placeIn,
  type World,
  worldOfCarrier,
} from "../../values/claim-key.ts";
import type { E164 } from "../../values/e164.ts";
import { formatMoney, minus, type Money } from "../../values/money.ts";
import type { Plan } from "../../values/plan.ts";
import { failed, ok } from "../../values/result.ts";
import { chargeKey, chargeRow } from "../charges.ts";
import type { CarrierName } from "../../ports/carrier.ts";
import type { PaidFrom } from "../../events/number.ts";
import { needsAssistant, unfitAssistant } from "./assistants.ts";
import { importClaims, lineClaims } from "./imports.ts";
import { needsCharge } from "./needs.ts";
import { firstPrice, isFresh, kindOf, latestOffer, offerRows } from "../offers.ts";
import { orders } from "../orders.ts";
import { repriced } from "../prices.ts";
import { claimant, type NumberTaken, numberTaken } from "../refusals.ts";
import {
  type KnownRequirements,
  type RequirementsMissing,
  type RequirementsUnknown,
  unmetRequirements,
} from "../requirements.ts";
import type { Routing } from "../details.ts";
import { numbers } from "../state.ts";
import { reassign, stored } from "./routing.ts";

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
  /** What the carrier is known to require, by kind of number; null where it does not say. */
  readonly required: readonly KnownRequirements[] | null;
};

/** Why a purchase is not even requested. */
export type PurchaseRefusal =
  | OrganizationUnknown
  | NumberTaken
  | PlanLimitReached
  | Refused<"VERIFICATION_REQUIRED">
  | Refused<"INSUFFICIENT_CREDITS">
  | ConnectionUnknown
  | IdUnfit
  | PriceLimitExceeded
  | PurchaseQuotaReached
  | RequirementsMissing
  | RequirementsUnknown
  /** No offer is fresh enough: ask the carrier, and give the command again with its quote. */
  | QuoteNeeded;

/** A price is to be asked for; the carrier can be given what is known of the number. */
export type QuoteNeeded = Refused<"QUOTE_NEEDED"> & { readonly kind: NumberKind };

const request = (
  command: RequestPurchase,
  offer: Offer,
  carrierMonthly: Money,
  plan: Plan,
  { paidFrom, debited, place, isImported, group, isIncluded }: Pick<Context, "isIncluded"> & {
    readonly paidFrom: PaidFrom;
    readonly debited: Money;
    readonly place: Place;
    readonly isImported: boolean;
    readonly group: string | null;
  },
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
      paidFrom,
      debited,
      ...placeData(place),
      ...(isImported && { importedIn: "live" }),
      ...(group !== null && { requirementGroup: group }),
      ...stored(routing),
    },
  };
  const events = [
    asked,
    ...repriced({ id: holding, carrierMonthly }, plan),
    ...reassign({ id: holding, assistant: null }, assistant),
  ];
  if (isCharged(paidFrom)) {
    const charge = { period: 1, amount: firstPrice(offer), chargeKey: chargeKey(holding, 1) };
    events.push({ type: "ChargeStarted", data: { holding, e164, ...charge } });
    if (isIncluded) {
      events.push({ type: "Charged", data: { holding, chargeKey: charge.chargeKey } });
    }
  }
  return events;
};

/** Another's import does not prevent a purchase: only the claim of the carrier's world does. */
const claimFor = ({ carrier, e164 }: Pick<RequestPurchase, "carrier" | "e164">) =>
  carrierClaim(worldOfCarrier(carrier), e164);

/**
 * Where the sandbox is the ledger's own carrier there is one world, so older imports of the live
 * world conflict. None is added there now, so the request may check. None for a live carrier.
 */
const olderImports = ({ carrier, e164 }: Pick<RequestPurchase, "carrier" | "e164">) =>
  worldOfCarrier(carrier) === "sandbox" ? importClaims("live", e164) : [];

/**
 * What prevents a purchase: an existing claim on the number that the carrier sells, and the
 * organization's own import of it, which it would pay for twice and whose routing would end.
 * Imports are searched for in the carrier's world, and in both where there is only one world.
 */
const claimsAgainst = (
  state: State,
  command: RequestPurchase,
  own: World,
): readonly Claim[] => {
  const older = own === "sandbox" ? olderImports(command) : [];
  const imports = [...importClaims(worldOfCarrier(command.carrier), command.e164), ...older]
    .map((key) => state.claimOn(key))
    .filter((claim) => claim !== null && state.get(numbers, claim.holder) !== undefined);
  return [state.claimOn(claimFor(command)), ...imports].filter((claim) => claim !== null);
};

const decideRequest = (
  state: State,
  command: RequestPurchase,
  { plans, now, own, isIncluded }: Context,
): Decision<PurchaseRefusal> => {
  const place = placeIn(own, worldOfCarrier(command.carrier));
  const organization = self(state);
  if (organization === undefined) return unknownOrganization;
  const unfit = unfitAssistant(state, command.assistant);
  if (unfit !== null) return unfit;
  const [claim, ...others] = claimsAgainst(state, command, own);
  if (claim !== undefined) return numberTaken(state, command.e164, [claim, ...others]);
  const plan = planOf(plans, organization);
  if (!isVerified(organization, plan)) return verificationRequired(plan.verification);
  if (!hasCapacity(organization, plan, place)) return planLimitReached(organization, plan, place);
  const { connection } = command;
  if (connection !== null && state.get(connections, connection) === undefined) {
    return unknownConnection;
  }
  const overQuota = purchaseQuota(state, plan, now, place);
  if (overQuota !== null) return overQuota;
  const known = latestOffer(state, command.carrier, command.e164, now);
  const found = command.quote ??
    (known !== undefined && isFresh(known, command.carrier, now) ? known : null);
  if (found === null) return quoteNeeded(kindOf(known, command.carrier, command.e164));
  const tooDear = priceLimit(found, plan);
  if (tooDear !== null) return tooDear;
  const offer = priced(found, plan);
  const payment = paymentOf(plan);
  const paidFrom = payment === null ? "trial" : place === "sandbox" ? "nothing" : payment;
  const debited = debitOf(firstPrice(offer), paidFrom);
  if (organization.credits.micros < debited.micros) return insufficient(organization, debited);
  const group = requirementGroupOf(state, offer);
  const unmet = group === null ? unmetRequirements(offer, command.required) : null;
  if (unmet !== null) return unmet;
  const isImported = own === "sandbox" &&
    olderImports(command).some((key) => state.claimOn(key) !== null);
  return ok(
    request(command, offer, found.monthly, plan, {
      paidFrom,
      debited,
      place,
      isImported,
      group,
      isIncluded,
    }),
  );
};

const verificationRequired = (asked: string) =>
  failed<Refused<"VERIFICATION_REQUIRED">>({
    code: "VERIFICATION_REQUIRED",
    message: `The plan requires a business verification that is ${asked}; submit one, then buy ` +
      `once it is ${asked}.`,
  });

const quoteNeeded = (kind: NumberKind) =>
  failed<QuoteNeeded>({
    code: "QUOTE_NEEDED",
    message: "The number has no recent offer.",
    kind,
  });

const insufficient = (organization: Organization, price: Money) =>
  failed<Refused<"INSUFFICIENT_CREDITS">>({
    code: "INSUFFICIENT_CREDITS",
    message: `The purchase costs ${formatMoney(price)} USD, of which ${
      formatMoney(minus(price, organization.credits))
    } USD are missing; have the operator add credits, then buy again.`,
  });

/**
 * What the confirmation of a purchase reads (`orders.ts`), to be read with the request already: the
 * number is bought in one world, unless an older import makes it two.
 */
export const confirmationNeeds = (
  { holding, carrier, e164 }: Pick<RequestPurchase, "holding" | "carrier" | "e164">,
): Needs => ({
  ...needsCharge({ holding, period: 1 }),
  claims: lineClaims([worldOfCarrier(carrier)], e164),
});

/**
 * Requests a purchase. Checked in this order: a claim by anyone or an own import, verification, the
 * plan's limit, the connection, the plan's quota of purchases, a price at most 30 minutes old, the
 * plan's highest prices, credits for setup and first month, a requirement group where the carrier
 * requires something (core/README.md, Rules). Nothing is asked of the carrier before the first five
 * hold, and nothing ordered before all do. The sandbox beside a live carrier counts apart, and is
 * free.
 */
export const requestPurchase: Handler<RequestPurchase, PurchaseRefusal> = {
  needs: ({ holding, orderKey, e164, carrier, connection, assistant }, now) => ({
    ...needsAssistant(assistant),
    rows: [
      ...(needsAssistant(assistant).rows ?? []),
      SELF_ROW,
      REQUIREMENT_GROUPS_ROW,
      ...TALLY_ROWS,
      ...(connection === null ? [] : [connectionRow(connection)]),
      ...offerRows(carrier, e164, now),
      { kind: numbers.kind, key: holding },
      chargeRow(holding, 1),
      { kind: orders.kind, key: orderKey },
    ],
    claims: [
      claimFor({ carrier, e164 }),
      ...importClaims(worldOfCarrier(carrier), e164),
      ...olderImports({ carrier, e164 }),
    ],
  }),
  more: claimant,
  decide: decideRequest,
};
