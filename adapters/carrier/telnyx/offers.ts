import * as Effect from "effect/Effect";
import * as Result from "effect/Result";
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { beginningOf, matches, unsupported } from "../../../core/number/search.ts";
import type {
  CarrierError,
  Clock,
  NumberKind,
  NumberType,
  Offer,
  SearchAbilities,
  SearchFilters,
} from "../../../core/ports/mod.ts";
import { type Instant, type Milliseconds, MINUTE_MS } from "../../../core/values/calendar.ts";
import { callingCodeOf } from "../../../core/values/calling-code.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { openRecent } from "../../../core/values/recent.ts";
import { acceptedAs, type Call, type Client } from "./client.ts";
import { NORTH_AMERICA, placeQueries } from "./places.ts";
import { type OfferRow, OffersAnswer } from "./schemas.ts";
import { malformed } from "./attempt-failure.ts";

/** Numbers for sale. */
export type Offers = {
  readonly search: (filters: SearchFilters) => Call<readonly Offer[]>;
  readonly quote: (e164: E164, kind?: NumberKind) => Call<Offer | null>;
  /** Whether a search of ours found this number recently, as is required before an order. */
  readonly isFresh: (e164: E164) => boolean;
};

type Query = Readonly<Record<string, string | number | undefined>>;

/** When a search last found a number, and with what offer. */
type Seen = Required<NumberKind> & { readonly at: Instant };

/** How many found numbers are remembered; the oldest are removed first. */
const SEEN_LIMIT = 10_000;

/** How recently. Telnyx does not document how long it remembers; another search costs nothing. */
const LATELY_MS: Milliseconds = 10 * MINUTE_MS;

/** Types of numbers by Telnyx's names for them. */
export const TYPE: Readonly<Record<NumberType, string>> = { local: "local", tollFree: "toll_free" };

/** The features that its search supports; WhatsApp is not among them. */
export const SEARCHES_BY: SearchAbilities = {
  features: ["voice", "sms", "mms", "fax"],
  patterns: ["contains", "startsWith", "endsWith"],
};

/** Toll-free codes of North America, in service or reserved (INC 95-0407-008, NANPA). */
const TOLL_FREE_AREA = /^8(?:00|22|33|44|55|66|77|8\d)$/;

const AREA_LENGTH = 3;

/** Whether a number can belong to a country; numbers such as +800 belong to none. */
const canBeOf = (e164: E164, country: string): boolean =>
  callingCodeOf(e164)?.countries.includes(country) ?? true;

/** Offers by number, without numbers whose offers contradict each other. */
const consistent = (offers: readonly Offer[]): readonly Offer[] => {
  const seen = new Map<E164, string>();
  const contradicted = new Set<E164>();
  for (const offer of offers) {
    const text = JSON.stringify(offer);
    if ((seen.get(offer.e164) ?? text) !== text) contradicted.add(offer.e164);
    seen.set(offer.e164, text);
  }
  const byNumber = new Map(offers.map((offer) => [offer.e164, offer]));
  return [...byNumber.values()].filter(({ e164 }) => !contradicted.has(e164));
};

const offerOf = (
  row: OfferRow,
  country: string,
  type: NumberType,
): Offer => ({
  e164: row.phone_number,
  type,
  country,
  setup: row.cost_information.upfront_cost,
  monthly: row.cost_information.monthly_cost,
  features: row.features,
  region: {
    state: row.region_information("state"),
    locality: row.region_information("location"),
    rateCenter: row.region_information("rate_center"),
  },
});

/** A search that only one number fits. */
type ExactSearch = { readonly country: string; readonly type: NumberType; readonly query: Query };

/** The library's guess at a number's country; it only decides which search comes first. */
const guessOf = (e164: E164): readonly string[] => {
  const country = parsePhoneNumberFromString(e164)?.country;
  return country === undefined ? [] : [country];
};

const northAmerican = (
  national: string,
  countries: Iterable<string>,
): readonly ExactSearch[] => {
  const area = national.slice(0, AREA_LENGTH);
  const query = {
    "filter[national_destination_code]": area,
    "filter[phone_number][starts_with]": national.slice(AREA_LENGTH),
  };
  const types = TOLL_FREE_AREA.test(area) ? ["tollFree", "local"] as const : ["local"] as const;
  return types.flatMap((type) => Array.from(countries, (country) => ({ country, type, query })));
};

/**
 * The searches that only this number fits, for each country that may have it (the given country
 * first; of North America's the two large ones and the guess) and each type it may have there: the
 * carrier decides which of them it is, not a table of area codes. The country code is never part of
 * the pattern, nor is the area code where that is a filter of its own.
 */
const exactly = (e164: E164, before: readonly string[] = []): readonly ExactSearch[] => {
  // A number whose calling code our table lacks may still be sold, where its country is known.
  const { code, countries, national } = callingCodeOf(e164) ??
    { code: "", countries: [], national: e164.slice(1) };
  const first = [...before, ...guessOf(e164)];
  if (code === "1") return northAmerican(national, new Set([...first, ...NORTH_AMERICA]));
  const query = { "filter[phone_number][starts_with]": national };
  return [...new Set([...first, ...countries])].flatMap((country) => [
    { country, type: "local", query } as const,
    { country, type: "tollFree", query } as const,
  ]);
};

/**
 * Those of the searches that agree with what is known of the number. Where none does, all of them,
 * those of the given country first: our tables may not know that it has such numbers.
 */
const agreeing = (e164: E164, { country, type }: NumberKind): readonly ExactSearch[] => {
  const some = exactly(e164).filter((search) =>
    search.country === (country ?? search.country) && search.type === (type ?? search.type)
  );
  return some.length > 0 ? some : exactly(e164, country === undefined ? [] : [country]);
};

type Find = (
  country: string,
  type: NumberType,
  limit: number,
  query: Query,
  isWanted?: (offer: Offer) => boolean,
) => Call<readonly Offer[]>;

/**
 * The filters by digits as Telnyx has them. Its patterns are of the digits after the area code
 * where that is a filter too, and ours of all, so an area code beside patterns becomes the number's
 * prefix. Null where the two contradict each other.
 */
const digitsQuery = (filters: SearchFilters): Query | null => {
  const { areaCode, contains, startsWith, endsWith } = filters;
  if (contains === undefined && startsWith === undefined && endsWith === undefined) {
    return { "filter[national_destination_code]": areaCode };
  }
  const beginning = beginningOf(filters);
  if (beginning === null) return null;
  return {
    "filter[phone_number][starts_with]": beginning === "" ? undefined : beginning,
    "filter[phone_number][contains]": contains,
    "filter[phone_number][ends_with]": endsWith,
  };
};

// As its own clients write a list.
const featuresQuery = (features: SearchFilters["features"]): string | undefined =>
  features === undefined || features.length === 0 ? undefined : features.join(",");

/**
 * Offers that match the filters. Telnyx is asked for a town by each of its spellings until there
 * are enough, since it is not documented how it compares them. Its offers count only where they are
 * seen to match: near a town is not in it.
 */
const search = Effect.fnUntraced(function* (find: Find, filters: SearchFilters) {
  const { country, type, locality, features, limit } = filters;
  const strange = unsupported(filters, SEARCHES_BY);
  if (strange !== null) {
    return yield* Effect.fail<CarrierError>({ kind: "refused", message: strange.message });
  }
  const digits = digitsQuery(filters);
  const found = new Map<E164, Offer>();
  if (digits === null || (locality !== undefined && type === "tollFree")) return [];
  const isWanted = (offer: Offer): boolean => matches(offer, filters);
  let failure: CarrierError | null = null;
  let isAnswered = false;
  for (const place of placeQueries(filters)) {
    const asked = {
      ...digits,
      ...place,
      "filter[features]": featuresQuery(features),
    };
    const some = yield* Effect.result(find(country, type, limit, asked, isWanted));
    if (Result.isSuccess(some)) {
      isAnswered = true;
      for (const offer of some.success) found.set(offer.e164, offer);
      if (found.size >= limit) break;
    } else {
      failure = some.failure;
      // This spelling of the town may be unknown, and the next one known.
      if (failure.kind !== "refused") break;
    }
  }
  if (failure !== null && (!isAnswered || (found.size === 0 && failure.kind !== "refused"))) {
    return yield* Effect.fail(failure);
  }
  return [...found.values()].slice(0, limit);
});

/** The offer of exactly this number, in any country; null when none is found. */
const quote = Effect.fnUntraced(function* (find: Find, e164: E164, kind: NumberKind) {
  let refused: CarrierError | null = null;
  let isAnswered = false;
  for (const { country, type, query } of agreeing(e164, kind)) {
    const found = yield* Effect.result(find(country, type, 1, query));
    if (Result.isSuccess(found)) {
      isAnswered = true;
      const offer = found.success.find((one) => one.e164 === e164);
      if (offer !== undefined) return offer;
    } else {
      // Where Telnyx sells nothing, the number may be in the next country.
      if (found.failure.kind !== "refused") return yield* Effect.fail(found.failure);
      refused = found.failure;
    }
  }
  return isAnswered || refused === null ? null : yield* Effect.fail<CarrierError>(refused);
});

/**
 * Telnyx's inventory. A number's offer is found by a search that only it fits; outside North
 * America the number does not show its type, so both are tried.
 */
export const openOffers = ({ send }: Client, clock: Clock): Offers => {
  const seen = openRecent<Seen, E164>({ limit: SEEN_LIMIT });

  const note = (found: readonly Offer[]): void => {
    const at = clock.now();
    for (const { e164, country, type } of found) seen.set(e164, { at, country, type });
  };

  const find = Effect.fnUntraced(function* (
    country: string,
    type: NumberType,
    limit: number,
    query: Query,
    isWanted: (offer: Offer) => boolean = () => true,
  ) {
    const reply = yield* send({
      method: "GET",
      path: "/available_phone_numbers",
      circuit: JSON.stringify([country, type, query]),
      query: {
        "filter[country_code]": country,
        "filter[phone_number_type]": TYPE[type],
        "filter[limit]": limit,
        "filter[best_effort]": NORTH_AMERICA.includes(country) ? "false" : undefined,
        ...query,
      },
    });
    const { data } = yield* acceptedAs(OffersAnswer, reply, "to a search");
    const readable = data.filter((row) => row !== null);
    // A row that cannot be parsed is skipped alone.
    if (readable.length === 0 && data.length > 0) {
      return yield* Effect.fail(malformed("to a search"));
    }
    const fitting = readable.filter(({ best_effort, phone_number }) =>
      best_effort !== true && canBeOf(phone_number, country)
    );
    const offers = consistent(fitting.map((row) => offerOf(row, country, type)));
    const found = offers.filter(isWanted).slice(0, limit);
    note(found);
    return found;
  });

  return {
    search: (filters) => search(find, filters),
    quote: (e164, kind = seen.get(e164) ?? {}) => quote(find, e164, kind),
    isFresh: (e164) => {
      const last = seen.get(e164);
      return last !== undefined && clock.now() - last.at < LATELY_MS;
    },
  };
};
