/** Searches: what carriers offer, as the ledger asks for it and notes it. */
import * as Effect from "effect/Effect";
import {
  hasDigits,
  hasFeatures,
  inOneForm,
  searchKey,
  unsupported,
} from "../../../core/number/search.ts";
import { priced } from "../../../core/organization/payment.ts";
import { planOf } from "../../../core/organization/plans.ts";
import { self, SELF_ROW } from "../../../core/organization/refusals.ts";
import type { CarrierName, Offer, SearchFilters } from "../../../core/ports/mod.ts";
import { nearbyAreaCodes } from "../../../core/values/area-codes.ts";
import { type Milliseconds, SECOND_MS } from "../../../core/values/calendar.ts";
import type { Caller, SearchInput, SearchOptions } from "../api/mod.ts";
import { searchCarrier } from "../engine/carrier-calls.ts";
import { elapsed } from "../engine/elapsed.ts";
import { execute } from "../engine/execute.ts";
import { read } from "../engine/reading.ts";
import { refuse } from "../engine/refusals.ts";
import { carrierFor } from "../engine/scope.ts";
import { ask, Ports } from "../engine/services.ts";

/**
 * How many area codes are searched where the one asked for is empty, and how late the last may
 * begin.
 */
const MOST_NEARBY = 5;
const NEARBY_MS: Milliseconds = 10 * SECOND_MS;

/**
 * The offers that match what was asked for, in case an adapter ignores filters by digits and
 * features.
 */
const asAskedFor = (offers: readonly Offer[], filters: SearchFilters): readonly Offer[] =>
  offers.filter((offer) => hasDigits(offer.e164, filters) && hasFeatures(offer, filters.features));

/**
 * Asks the carrier what it offers, unless it was asked the same within the last seconds, and notes
 * the answer with its prices, unless the organization found just that within the last minutes.
 * Gives each offer for what it costs the organization.
 */
const searchOnce = Effect.fnUntraced(function* (
  caller: Caller,
  name: CarrierName,
  filters: SearchFilters,
) {
  const { organization, actor } = caller;
  const { plans, searches } = yield* Ports;
  const key = JSON.stringify([name, searchKey(filters)]);
  const asked = Effect.map(
    searchCarrier(name, organization, filters),
    (offers) => asAskedFor(offers, filters),
  );
  const found = yield* searches.find(key, asked);
  const { offers } = found;
  const isNoted = searches.isNoted(organization, key, found);
  const command = { type: "RecordSearch", carrier: name, filters, offers } as const;
  const { state } = isNoted
    ? yield* read(organization, { rows: [SELF_ROW] })
    : yield* execute({ organization, actor, command });
  if (!isNoted) searches.note(organization, key, found);
  const plan = planOf(plans, self(state));
  return offers.map((offer) => priced(offer, plan));
});

/**
 * Searches one area code after the other, the nearest first, until one has something: each is a
 * separate search in the log and at the carrier. A later failure does not change what is known:
 * that the area code asked for is empty.
 */
const searchNearby = Effect.fnUntraced(function* (
  caller: Caller,
  name: CarrierName,
  filters: SearchFilters,
  { mayGoOn }: SearchOptions,
) {
  const codes: string[] = [];
  const begun = yield* elapsed;
  const { country, type } = filters;
  const nearby = nearbyAreaCodes(filters.areaCode ?? "", {
    country,
    isTollFree: type === "tollFree",
  });
  for (const areaCode of nearby.slice(0, MOST_NEARBY)) {
    if ((yield* elapsed) - begun >= NEARBY_MS) break;
    if (mayGoOn !== undefined && !(yield* ask(mayGoOn))) break;
    const found = yield* Effect.option(searchOnce(caller, name, { ...filters, areaCode }));
    if (found._tag === "None") break;
    codes.push(areaCode);
    if (found.value.length > 0) return { offers: found.value, codes };
  }
  return { offers: [], codes };
});

/**
 * What the caller's carrier offers; where `nearby` is asked for and the area code has nothing, what
 * the nearest of the area codes around it has. Refused where the carrier cannot search so.
 */
export const search = Effect.fnUntraced(function* (
  caller: Caller,
  { nearby: isNearbyToo = false, ...input }: SearchInput,
  options: SearchOptions = {},
) {
  const { carriers } = yield* Ports;
  const filters = inOneForm(input);
  const carrier = yield* carrierFor(caller);
  const known = carriers.get(carrier);
  const strange = known === undefined ? null : unsupported(filters, known.searchesBy);
  if (strange !== null) return yield* refuse(strange);
  const found = yield* searchOnce(caller, carrier, filters);
  if (!isNearbyToo || found.length > 0) return { carrier, offers: found, nearby: [] };
  const { offers, codes } = yield* searchNearby(caller, carrier, filters, options);
  return { carrier, offers, nearby: codes };
});
