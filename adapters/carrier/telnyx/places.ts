/** Searches of Telnyx by town. */
import type { SearchFilters } from "../../../core/ports/mod.ts";
import { placesOf } from "../../../core/values/place.ts";
import { stateNamed } from "../../../core/values/states.ts";
import { townSpellings } from "../../../core/values/town.ts";

type Query = Readonly<Record<string, string | undefined>>;

/**
 * Where its search knows states, and can leave out best-effort rows (which do not match the
 * filters).
 */
export const NORTH_AMERICA = ["US", "CA"];

/** The most requests of one search by town. */
const MOST_SPELLINGS = 6;

/** The filters by a place, one for each spelling. Telnyx has states of these countries only. */
export const placeQueries = (
  { locality, country }: Pick<SearchFilters, "locality" | "country">,
): readonly Query[] => {
  if (locality === undefined) return [{}];
  return placesOf(locality, country).flatMap(({ town, state }) =>
    townSpellings(town).map((spelling) => ({
      "filter[locality]": spelling,
      "filter[administrative_area]": NORTH_AMERICA.includes(country) && state !== null &&
          stateNamed(state, country) === state
        ? state
        : undefined,
    }))
  ).slice(0, MOST_SPELLINGS);
};
