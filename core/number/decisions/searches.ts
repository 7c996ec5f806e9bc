/** Records searches: what was offered then is what a purchase (`purchase.ts`) costs for a while. */
import type { Handler } from "../../log/decision.ts";
import {
  type OrganizationUnknown,
  self,
  SELF_ROW,
  unknownOrganization,
} from "../../organization/refusals.ts";
import type { CarrierName } from "../../ports/carrier.ts";
import type { Offer, SearchFilters } from "../../ports/mod.ts";
import { ok } from "../../values/result.ts";
import { offerKey, offers } from "../offers.ts";

/** Records what a search showed, so that a purchase can take its price from it. */
export type RecordSearch = {
  readonly type: "RecordSearch";
  readonly carrier: CarrierName;
  readonly filters: SearchFilters;
  readonly offers: readonly Offer[];
};

/** Refused only for an unknown organization: a search decides nothing. */
export const recordSearch: Handler<RecordSearch, OrganizationUnknown> = {
  needs: ({ carrier, offers: found }, now) => ({
    rows: [
      SELF_ROW,
      ...found.map(({ e164 }) => ({ kind: offers.kind, key: offerKey(carrier, e164, now) })),
    ],
  }),
  decide: (state, { carrier, filters, offers: found }) => {
    if (self(state) === undefined) return unknownOrganization;
    return ok([{
      type: "NumberSearched",
      data: {
        carrier,
        filters: { ...filters, ...(filters.features && { features: [...filters.features] }) },
        offers: found.map((offer) => ({ ...offer, features: [...offer.features] })),
      },
    }]);
  },
};
