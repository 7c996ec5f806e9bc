/** Names of towns as people write them. */

/** Letters that no decomposition leads to ASCII. */
const LETTERS: Readonly<Record<string, string>> = {
  "ß": "ss",
  "æ": "ae",
  "œ": "oe",
  "ø": "o",
  "ł": "l",
  "đ": "d",
  "ð": "d",
  "þ": "th",
  "ı": "i",
};

/**
 * Words with a long form and an abbreviation, and how to find them. At the end of a text "St" is
 * not a saint, and a hyphen may follow: Saint-Jérôme.
 */
const WORDS = [
  ["Saint", "St", /(?<!\p{L})(?:Saint|St\.?)(?=[\s-])/giu],
  ["Sainte", "Ste", /(?<!\p{L})(?:Sainte|Ste\.?)(?=[\s-])/giu],
  ["Fort", "Ft", /(?<!\p{L})(?:Fort|Ft\.?)(?=[\s-])/giu],
  ["Mount", "Mt", /(?<!\p{L})(?:Mount|Mt\.?)(?=[\s-])/giu],
] as const;

const LONG: ReadonlyMap<string, string> = new Map(
  WORDS.map(([long, short]) => [short.toLowerCase(), long.toLowerCase()]),
);

/** Towns that go by a longer name too, by that name's key. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["new york city", "New York"],
  ["nyc", "New York"],
  ["quebec city", "Quebec"],
  ["ville de quebec", "Quebec"],
  ["washington dc", "Washington"],
  ["washington d c", "Washington"],
]);

const withoutAccents = (text: string): string =>
  text.normalize("NFKD").replace(/\p{Mark}/gu, "").normalize("NFC");

/**
 * What all spellings of a name have in common; `townKey` says which, except for other names of
 * towns.
 */
export const nameKey = (town: string): string =>
  // Decomposed first: letters in the form of signs have no case before.
  withoutAccents(town).toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter] ?? letter)
    // "St. John's" is "St Johns"; other signs separate words.
    .replace(/['’ʼ`´]/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .map((word) => LONG.get(word) ?? word)
    .join(" ");

/**
 * What all ways to write a town's name have in common: case, accents, spaces, dots, hyphens and
 * apostrophes count for nothing; `St`, `Ste`, `Ft` and `Mt` are Saint, Sainte, Fort and Mount; and
 * New York City is New York, as some others are that `OTHER_NAMES` lists. Empty for a text without
 * letters and digits.
 */
export const townKey = (town: string): string => {
  const key = nameKey(town);
  const other = OTHER_NAMES.get(key);
  return other === undefined ? key : nameKey(other);
};

const respelled = (town: string, form: (long: string, short: string) => string): string =>
  WORDS.reduce(
    (text, [long, short, pattern]) => text.replace(pattern, () => form(long, short)),
    town,
  );

/**
 * The spellings for a carrier that compares names letter by letter, ignoring case: as written
 * first, then without accents, then with each form of its words. At most six, without duplicates.
 */
export const townSpellings = (town: string): readonly string[] => {
  const written = town.trim().replace(/\s+/g, " ");
  const other = OTHER_NAMES.get(nameKey(town));
  const plain = withoutAccents(written).replace(/[’ʼ`´]/g, "'");
  const all = [
    written,
    ...(other === undefined ? [] : [other]),
    plain,
    respelled(plain, (long) => long),
    respelled(plain, (_, short) => `${short}.`),
    respelled(plain, (_, short) => short),
  ];
  const lower = all.map((text) => text.toLowerCase());
  return all.filter((_, place) => lower.indexOf(lower[place] ?? "") === place);
};
