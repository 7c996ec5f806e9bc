/** `GET /available_phone_numbers`. */
import { getCountryCallingCode, isSupportedCountry } from "libphonenumber-js/min";
import { take } from "../../../../adapters/carrier/sandbox/inventory.ts";
import { FEATURES as FEATURE_NAMES } from "../../../../core/ports/carrier.ts";
import type { Feature, NumberType, Offer } from "../../../../core/ports/mod.ts";
import { isE164 } from "../../../../core/values/e164.ts";
import { type Answer, badParameter, done } from "./answer.ts";
import { type Filters, filtersOf, isAnswer } from "./query.ts";
import { availableNumber, placeName } from "./shapes.ts";
import type { Account } from "./account.ts";

const KNOWN = [
  "country_code",
  "national_destination_code",
  "locality",
  "administrative_area",
  "rate_center",
  "phone_number_type",
  "features",
  "limit",
  "best_effort",
  "quickship",
  "reservable",
  "exclude_held_numbers",
  "phone_number[starts_with]",
  "phone_number[ends_with]",
  "phone_number[contains]",
];
const LIMIT = 100;
const MAX_LIMIT = 250;
// A pattern is looked for among so many numbers; a whole number is found however far away it is.
const LOOKED_AT = 20_000;
const TYPES: Readonly<Record<string, NumberType>> = { local: "local", toll_free: "tollFree" };
/** Those that Telnyx's search knows; numbers here have the first four at most. */
const FEATURES = [
  "sms",
  "mms",
  "voice",
  "fax",
  "emergency",
  "hd_voice",
  "international_sms",
  "local_calling",
];

const isFeature = (name: string): name is Feature => FEATURE_NAMES.some((one) => one === name);

const digitsOf = (text: string | undefined): string => (text ?? "").replaceAll(/\D/g, "");

const countryOf = (filters: Filters): string => filters.get("country_code") ?? "US";

const callingCode = (country: string): string =>
  isSupportedCountry(country) ? getCountryCallingCode(country) : "";

const featuresOf = (filters: Filters): readonly string[] =>
  filters.get("features")?.split(",") ?? [];

/** Whether a number has the wanted pattern, counted without the area code where one is given. */
const fits = (offer: Offer, filters: Filters): boolean => {
  const areaCode = filters.get("national_destination_code");
  const whole = offer.e164.slice(1);
  const national = whole.slice(callingCode(offer.country).length);
  const places = areaCode === undefined ? [whole, national] : [national.slice(areaCode.length)];
  const start = digitsOf(filters.get("phone_number[starts_with]"));
  const end = digitsOf(filters.get("phone_number[ends_with]"));
  const part = digitsOf(filters.get("phone_number[contains]"));
  return places.some((digits) =>
    digits.startsWith(start) && digits.endsWith(end) && digits.includes(part)
  );
};

const same = (wanted: string | undefined, name: string | null): boolean =>
  wanted === undefined || wanted.toLowerCase() === name?.toLowerCase();

const matches = (offer: Offer, filters: Filters): boolean => {
  const features: readonly string[] = offer.features;
  const areaCode = filters.get("national_destination_code");
  return same(filters.get("country_code"), offer.country) &&
    same(filters.get("locality"), placeName(offer.region.locality)) &&
    same(filters.get("administrative_area"), offer.region.state) &&
    same(filters.get("rate_center"), offer.region.rateCenter) &&
    (areaCode === undefined || offer.e164.startsWith(`+1${areaCode}`)) &&
    featuresOf(filters).every((name) => features.includes(name)) &&
    fits(offer, filters);
};

/** The numbers that the pattern may spell out whole. */
const spelled = (filters: Filters, account: Account): readonly Offer[] => {
  const areaCode = filters.get("national_destination_code") ?? "";
  const code = callingCode(countryOf(filters));
  const patterns = ["starts_with", "ends_with", "contains"]
    .map((name) => digitsOf(filters.get(`phone_number[${name}]`)))
    .filter((pattern) => pattern.length >= 7);
  return patterns.flatMap((pattern) => [`+${pattern}`, `+${code}${areaCode}${pattern}`])
    .filter(isE164)
    .flatMap((e164) => account.inventory.offerOf(e164) ?? []);
};

/** The wanted digits as our inventory has them: counted with the area code. */
const patternsOf = (filters: Filters) => {
  const areaCode = filters.get("national_destination_code") ?? "";
  const start = digitsOf(filters.get("phone_number[starts_with]"));
  const part = digitsOf(filters.get("phone_number[contains]"));
  const end = digitsOf(filters.get("phone_number[ends_with]"));
  return {
    ...(start !== "" && { startsWith: areaCode + start }),
    ...(part !== "" && { contains: part }),
    ...(end !== "" && { endsWith: end }),
  };
};

/** All numbers that may match; `matches` decides which do, since Telnyx compares more strictly. */
function* candidates(filters: Filters, types: readonly NumberType[], account: Account) {
  const areaCode = filters.get("national_destination_code");
  const locality = filters.get("locality");
  const features = featuresOf(filters).filter((name) => isFeature(name));
  for (const type of types) {
    yield* account.inventory.listed({
      country: countryOf(filters),
      type,
      limit: MAX_LIMIT,
      ...patternsOf(filters),
      ...(areaCode !== undefined && { areaCode }),
      ...(locality !== undefined && { locality }),
      ...(features.length > 0 && { features }),
    });
  }
}

const found = (
  filters: Filters,
  types: readonly NumberType[],
  limit: number,
  account: Account,
): readonly Offer[] => {
  const isWanted = (offer: Offer): boolean =>
    types.includes(offer.type) && matches(offer, filters) && !account.isTaken(offer.e164);
  const whole = spelled(filters, account).filter(isWanted);
  if (whole.length > 0) return whole.slice(0, 1);
  const offers: Offer[] = [];
  const all = candidates(filters, types, account);
  for (let looked = 0; looked < LOOKED_AT && offers.length < limit; looked++) {
    const [offer] = take(all, 1);
    if (offer === undefined) break;
    if (isWanted(offer)) offers.push(offer);
  }
  return offers;
};

const isCovered = (country: string, account: Account): boolean =>
  take(account.inventory.listed({ country, type: "local", limit: 1 }), 1).length > 0;

/** Numbers that can be ordered from now on for a while, and that have no holder. */
export const search = (query: URLSearchParams, account: Account): Answer => {
  const filters = filtersOf(query, KNOWN);
  if (isAnswer(filters)) return filters;
  const limit = Number(filters.get("limit") ?? LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    return badParameter("filter[limit]", `The limit must be 1 to ${MAX_LIMIT}.`);
  }
  const country = countryOf(filters);
  if (!isCovered(country, account)) {
    return badParameter("filter[country_code]", `There is no coverage in ${country}.`);
  }
  const wanted = filters.get("phone_number_type");
  const type = TYPES[wanted ?? ""];
  if (wanted !== undefined && type === undefined) {
    return badParameter("filter[phone_number_type]", "The phone number type has no coverage.");
  }
  const strange = featuresOf(filters).find((name) => !FEATURES.includes(name));
  if (strange !== undefined) {
    return badParameter("filter[features]", `There is no feature ${strange.slice(0, 40)}.`);
  }
  const offers = found(
    filters,
    type === undefined ? ["local", "tollFree"] : [type],
    limit,
    account,
  );
  account.show(offers);
  return done({
    data: offers.map(availableNumber),
    meta: { total_results: offers.length, best_effort_results: 0 },
  });
};
