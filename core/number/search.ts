/** What a search asks for: which offers match it, and which carriers can do it. */
import type { Feature, Offer, Pattern, SearchAbilities, SearchFilters } from "../ports/carrier.ts";
import { FEATURES, PATTERNS } from "../ports/carrier.ts";
import type { Refused } from "../log/decision.ts";
import { callingCodeOf } from "../values/calling-code.ts";
import type { E164 } from "../values/e164.ts";
import { placeKey, placeTest } from "../values/place.ts";
import { townKey } from "../values/town.ts";

/** The most digits of a national number: E.164 has 15 with the calling code. */
export const MAX_PATTERN = 14;

/** Whether a text can be a pattern: 1 to 14 digits. */
export const isPattern = (text: string): boolean => /^\d{1,14}$/.test(text);

/** The digits after the calling code; all of them for a number of no country. */
export const nationalOf = (e164: E164): string => callingCodeOf(e164)?.national ?? e164.slice(1);

/**
 * What a national number begins with that has the area code and the beginning asked for; null where
 * no number has both.
 */
export const beginningOf = (
  { areaCode = "", startsWith = "" }: Pick<SearchFilters, "areaCode" | "startsWith">,
): string | null => {
  const [short, long] = areaCode.length < startsWith.length
    ? [areaCode, startsWith]
    : [startsWith, areaCode];
  return long.startsWith(short) ? long : null;
};

/** Whether the digits of a number are those asked for: its area code, beginning, part and end. */
export const hasDigits = (
  e164: E164,
  filters: Pick<SearchFilters, "areaCode" | Pattern>,
): boolean => {
  const { areaCode = "", contains = "", startsWith = "", endsWith = "" } = filters;
  const national = nationalOf(e164);
  return national.startsWith(areaCode) && national.startsWith(startsWith) &&
    national.endsWith(endsWith) && national.includes(contains);
};

/** Whether a number can carry all that is asked for. */
export const hasFeatures = (
  { features }: Pick<Offer, "features">,
  wanted: readonly Feature[] = [],
): boolean => wanted.every((feature) => features.includes(feature));

/**
 * Whether an offer matches these filters, except the limit. A local number whose carrier does not
 * report its town may be in any of its state, if that is known; a text that cannot name a town
 * (only signs) matches none.
 */
export const matches = (offer: Offer, filters: SearchFilters): boolean => {
  const { country, type, locality, features } = filters;
  return offer.country === country && offer.type === type && hasDigits(offer.e164, filters) &&
    hasFeatures(offer, features) && (locality === undefined || isInTown(offer, locality));
};

const isInTown = ({ country, type, region }: Offer, asked: string): boolean => {
  const { locality, state } = region;
  if (townKey(asked) === "" || type === "tollFree") return false;
  return placeTest(asked, country)(locality, state);
};

/** The same filters for all who mean the same: features in one order, and each once. */
export const inOneForm = (filters: SearchFilters): SearchFilters => {
  const { features: wanted = [], ...others } = filters;
  const features = FEATURES.filter((feature) => wanted.includes(feature));
  return features.length === 0 ? others : { ...others, features };
};

/** The same text for all filters that every carrier has to answer alike. */
export const searchKey = (filters: SearchFilters): string => {
  const { locality, ...others } = inOneForm(filters);
  const named = {
    ...others,
    ...(locality !== undefined && { locality: placeKey(locality, others.country) }),
  };
  return JSON.stringify(Object.entries(named).sort());
};

/** The carrier's search cannot do what is asked for; `filter` names the one that it cannot. */
export type SearchNotSupported = Refused<"SEARCH_NOT_SUPPORTED"> & {
  readonly filter: "features" | Pattern;
  /** What completes a sentence that begins with the filter's name on a wire. */
  readonly fault: string;
};

/** Why a carrier with these abilities cannot be asked for this; null where it can. */
export const unsupported = (
  { features: wanted = [], ...filters }: SearchFilters,
  abilities: SearchAbilities = { features: [], patterns: [] },
): SearchNotSupported | null => {
  const strange = wanted.filter((feature) => !abilities.features.includes(feature));
  const filter = strange.length > 0
    ? "features" as const
    : PATTERNS.find((name) => filters[name] !== undefined && !abilities.patterns.includes(name));
  if (filter === undefined) return null;
  const fault = filter === "features"
    ? `asks for ${strange.join(", ")}, by which the carrier cannot search`
    : "is a filter by which the carrier cannot search";
  return {
    code: "SEARCH_NOT_SUPPORTED",
    filter,
    fault,
    message: `The carrier cannot do this search: ${filter} ${fault}.`,
  };
};
