/** The state of a carrier's offers to an organization; `decisions/purchase.ts` buys by them. */
import type { State, Subject } from "../log/state.ts";
import type { NumberKind, Offer, RowKey } from "../ports/mod.ts";
import { HOUR_MS, type Instant, MINUTE_MS } from "../values/calendar.ts";
import { callingCodeOf } from "../values/calling-code.ts";
import { type Money, plus } from "../values/money.ts";
import { carrierClaim, worldOfCarrier } from "../values/claim-key.ts";
import type { E164 } from "../values/e164.ts";
import type { CarrierName } from "../ports/carrier.ts";
import { unreachable } from "../values/unreachable.ts";

/** The latest offer of a number to this organization, and who made it when. */
export type QuotedOffer = Offer & { readonly carrier: CarrierName; readonly at: Instant };

/** So long an offer is kept at least; its kind is of use for longer than its price. */
const KEPT_MS = HOUR_MS;

/** The hour of this moment, so written that the keys of a later one come behind. */
const hourOf = (at: Instant): string => String(Math.floor(at / KEPT_MS)).padStart(10, "0");

/**
 * The key of an offer that was made at this time: the sandbox's offers are separate from those of
 * the live world, and those of each hour from others.
 */
export const offerKey = (carrier: CarrierName, e164: E164, at: Instant): string =>
  `${hourOf(at)}:${carrierClaim(worldOfCarrier(carrier), e164)}`;

/** The keys of the offers that are kept now: of this hour, and the one before. */
const keysAt = (carrier: CarrierName, e164: E164, now: Instant): readonly string[] =>
  [now, now - KEPT_MS].map((at) => offerKey(carrier, e164, at));

/**
 * Offers by hour, number and world, each as the latest search showed it, until the number is asked
 * for. A search removes those from before the last hour: what two hours' searches found is kept.
 */
export const offers: Subject<QuotedOffer, "NumberSearched" | "PurchaseRequested"> = {
  kind: "offer",
  keys: {
    NumberSearched: ({ data, at }) =>
      data.offers.map(({ e164 }) => offerKey(data.carrier, e164, at)),
    PurchaseRequested: ({ data, at }) => keysAt(data.carrier, data.e164, at),
  },
  below: ({ type, at }) => type === "NumberSearched" ? hourOf(at - KEPT_MS) : undefined,
  evolve: (_row, event, key) => {
    switch (event.type) {
      case "NumberSearched": {
        const sought = key.slice(key.lastIndexOf(":") + 1);
        const offer = event.data.offers.find(({ e164 }) => e164 === sought);
        if (offer === undefined) return undefined;
        const { e164, type, country, setup, monthly, features, region } = offer;
        const { carrier } = event.data;
        // Spelt out, since a rebuild makes very many of these: a growing spread is much slower.
        return { e164, type, country, setup, monthly, features, region, carrier, at: event.at };
      }
      case "PurchaseRequested":
        return undefined;
      default:
        return unreachable(event);
    }
  },
};

/** The rows of the offers of a number that are kept now, for `needs`. */
export const offerRows = (carrier: CarrierName, e164: E164, now: Instant): readonly RowKey[] =>
  keysAt(carrier, e164, now).map((key) => ({ kind: offers.kind, key }));

/** The latest offer of a number, as far as it is kept. */
export const latestOffer = (
  state: State,
  carrier: CarrierName,
  e164: E164,
  now: Instant,
): QuotedOffer | undefined => {
  const [latest, earlier] = keysAt(carrier, e164, now).map((key) => state.get(offers, key));
  return latest ?? earlier;
};

const MAX_AGE_MS = 30 * MINUTE_MS;

/**
 * Whether a purchase may still take its price from this offer (core/README.md, Rules: 30 minutes).
 */
export const isFresh = (offer: QuotedOffer, carrier: CarrierName, now: Instant): boolean =>
  offer.carrier === carrier && now - offer.at <= MAX_AGE_MS;

/**
 * What to pass to a carrier along with a request for a number's price: the country and type of its
 * earlier offer, also one of the last hour whose price counts no more, since neither ever changes;
 * else the country of its calling code, where that belongs to one country only.
 */
export const kindOf = (
  known: QuotedOffer | undefined,
  carrier: CarrierName,
  e164: E164,
): NumberKind => {
  if (known?.carrier === carrier) return { country: known.country, type: known.type };
  const [country, ...others] = callingCodeOf(e164)?.countries ?? [];
  return country === undefined || others.length > 0 ? {} : { country };
};

/** The price of a purchase: setup and first month. */
export const firstPrice = (offer: { readonly setup: Money; readonly monthly: Money }): Money =>
  plus(offer.setup, offer.monthly);
