/** Where a number lies, as people write it: a town, or a town and its state. */
import { STATE_WORDS, stateNamed } from "./states.ts";
import { nameKey, townKey } from "./town.ts";

/** A town, and the state that is given with it; null where none is. */
export type Place = {
  readonly town: string;
  /**
   * Two letters where the country's states have such codes, and else the key of what is written.
   */
  readonly state: string | null;
};

/** How people name a country after a town, beside its code. */
const COUNTRIES: Readonly<Record<string, readonly string[]>> = {
  US: ["usa", "u s", "u s a", "united states", "united states of america"],
  CA: ["canada"],
};

const MOST_COUNTRY_WORDS = 4;

const isCountry = (text: string, country: string): boolean => {
  const key = nameKey(text);
  const names = Object.hasOwn(COUNTRIES, country) ? COUNTRIES[country] : undefined;
  return key === country.toLowerCase() || names?.includes(key) === true;
};

type Words = readonly string[];

/** The words without so many at their end; null where none would be left, or those do not fit. */
const without = (
  words: Words,
  most: number,
  isWanted: (end: string) => boolean,
): readonly [Words, string] | null => {
  for (let count = Math.min(most, words.length - 1); count > 0; count--) {
    const end = words.slice(-count).join(" ");
    if (isWanted(end)) return [words.slice(0, -count), end];
  }
  return null;
};

const splitBy = (words: Words, country: string): Place | null => {
  const split = without(words, STATE_WORDS, (end) => stateNamed(end, country) !== null);
  if (split === null) return null;
  const [town, state] = split;
  return { town: town.join(" "), state: stateNamed(state, country) };
};

const inCountry = (town: Words): Place => ({ town: town.join(" "), state: null });

/** For a country whose states are not known here, the text after the last comma. */
const splitAtComma = (locality: string): Place | null => {
  const at = locality.lastIndexOf(",");
  const town = locality.slice(0, Math.max(0, at)).trim();
  const state = nameKey(locality.slice(at + 1));
  return nameKey(town) === "" || state === "" ? null : { town, state };
};

/**
 * What a text may mean, in a country: where it ends with a state, or with the country, the town
 * that is named before it, as in "Austin, TX", "Austin TX" and "Austin, Texas, USA"; and the town
 * of that whole name, unless a comma parts it: "Port Washington" is one. None for a text without
 * letters and digits.
 */
export const placesOf = (locality: string, country: string): readonly Place[] => {
  const words = locality.split(/[\s,;()]+/u).filter((word) => nameKey(word) !== "");
  const abroad = without(words, MOST_COUNTRY_WORDS, (end) => isCountry(end, country));
  const split = splitBy(words, country) ??
    (abroad === null
      ? splitAtComma(locality)
      : splitBy(abroad[0], country) ?? inCountry(abroad[0]));
  if (words.length === 0) return [];
  if (split !== null && locality.includes(",")) return [split];
  return [...(split === null ? [] : [split]), { town: locality, state: null }];
};

/** The same text for all spellings that mean the same places. */
export const placeKey = (locality: string, country: string): string =>
  JSON.stringify(placesOf(locality, country).map(({ town, state }) => [townKey(town), state]));

/**
 * Whether a text names a town of a country, with its state if that is known too; where only the
 * state is known, whether it may name a town there. `keyOf` is `townKey`, or the same with a
 * memory.
 */
export const placeTest = (
  text: string,
  country: string,
  keyOf: (town: string) => string = townKey,
): (locality: string | null, state: string | null) => boolean => {
  const wanted = placesOf(text, country).map(({ town, state }) => ({ key: townKey(town), state }));
  return (locality, state) => {
    const key = locality === null ? null : keyOf(locality);
    const named = wanted.filter((place) => key === null || place.key === key);
    if (named.length === 0 || state === null) return named.length > 0;
    const there = stateNamed(state, country) ?? nameKey(state);
    return named.some((place) => place.state === null || place.state === there);
  };
};
