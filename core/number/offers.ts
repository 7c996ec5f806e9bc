/** The state of a carrier's offers to an organization; `decisions/purchase.ts` buys by them. */
import type { Subject } from "../log/state.ts";
import type { NumberKind, Offer } from "../ports/mod.ts";
import { type Instant, MINUTE_MS } from "../values/calendar.ts";
import { callingCodeOf } from "../values/calling-code.ts";
import { type Money, plus } from "../values/money.ts";
import { carrierClaim, claimedNumber, type ClaimKey, worldOfCarrier } from "../values/claim-key.ts";
import type { E164 } from "../values/e164.ts";
import type { CarrierName } from "../ports/carrier.ts";
import { unreachable } from "../values/unreachable.ts";

/** The latest offer of a number to this organization, and who made it when. */
export type QuotedOffer = Offer & { readonly carrier: CarrierName; readonly at: Instant };

/** The key of an offer: the sandbox's offers are separate from those of the live world. */
export const offerKey = (carrier: CarrierName, e164: E164): ClaimKey =>
  carrierClaim(worldOfCarrier(carrier), e164);

/**
 * Offers by number and world, each as the latest search showed it, until the number is asked for.
 */
export const offers: Subject<QuotedOffer, "NumberSearched" | "PurchaseRequested"> = {
  kind: "offer",
  keys: {
    NumberSearched: ({ data }) => data.offers.map(({ e164 }) => offerKey(data.carrier, e164)),
    PurchaseRequested: ({ data }) => [offerKey(data.carrier, data.e164)],
  },
  evolve: (_row, event, key) => {
    switch (event.type) {
      case "NumberSearched": {
        const sought = claimedNumber(key as ClaimKey);
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

const MAX_AGE_MS = 30 * MINUTE_MS;

/**
 * Whether a purchase may still take its price from this offer (core/README.md, Rules: 30 minutes).
 */
export const isFresh = (offer: QuotedOffer, carrier: CarrierName, now: Instant): boolean =>
  offer.carrier === carrier && now - offer.at <= MAX_AGE_MS;

/**
 * What to pass to a carrier along with a request for a number's price: the country and type of its
 * earlier offer, however old, since neither ever changes; else the country of its calling code,
 * where that belongs to one country only.
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
