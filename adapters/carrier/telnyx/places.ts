/** How Telnyx is asked for a town. */
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

/** So many requests at most for one search by a town. */
const MOST_SPELLINGS = 6;

/**
 * The filters by a place, one for each way to write it. Telnyx has states of these countries only.
 */
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
