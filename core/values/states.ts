/** The states of the United States and the provinces of Canada, as people write them. */
import { nameKey } from "./town.ts";

const US = `
  AL Alabama; AK Alaska; AZ Arizona; AR Arkansas; CA California; CO Colorado; CT Connecticut
  DE Delaware; DC District of Columbia; FL Florida; GA Georgia; HI Hawaii; ID Idaho; IL Illinois
  IN Indiana; IA Iowa; KS Kansas; KY Kentucky; LA Louisiana; ME Maine; MD Maryland
  MA Massachusetts; MI Michigan; MN Minnesota; MS Mississippi; MO Missouri; MT Montana; NE Nebraska
  NV Nevada; NH New Hampshire; NJ New Jersey; NM New Mexico; NY New York; NC North Carolina
  ND North Dakota; OH Ohio; OK Oklahoma; OR Oregon; PA Pennsylvania; PR Puerto Rico
  RI Rhode Island; SC South Carolina; SD South Dakota; TN Tennessee; TX Texas; UT Utah; VT Vermont
  VA Virginia; WA Washington; WV West Virginia; WI Wisconsin; WY Wyoming
`;

const CANADA = `
  AB Alberta; BC British Columbia; MB Manitoba; NB New Brunswick; NL Newfoundland and Labrador
  NL Newfoundland; NS Nova Scotia; NT Northwest Territories; NU Nunavut; ON Ontario
  PE Prince Edward Island; PE PEI; QC Quebec; QC PQ; SK Saskatchewan; YT Yukon
`;

/** The codes by the keys of the codes themselves and of the names. */
const codesOf = (table: string): ReadonlyMap<string, string> => {
  const entries = table.trim().split(/;|\n/).map((entry) => entry.trim());
  return new Map(entries.flatMap((entry): [string, string][] => {
    const code = entry.slice(0, 2);
    // "Mt" is a word for Mount as well, so its key is that.
    return [code.toLowerCase(), nameKey(code), nameKey(entry.slice(3))].map((key) => [key, code]);
  }));
};

const CODES: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  US: codesOf(US),
  CA: codesOf(CANADA),
};

/** The most words in the name of one of them. */
export const STATE_WORDS = 3;

/** The two letters of the state of this country that a text names; null where it names none. */
export const stateNamed = (text: string, country: string): string | null => {
  const codes = Object.hasOwn(CODES, country) ? CODES[country] : undefined;
  const key = nameKey(text);
  // "N.Y." has a dot after each letter.
  return codes?.get(key) ?? codes?.get(key.replaceAll(" ", "")) ?? null;
};
