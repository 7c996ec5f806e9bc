/** The search for numbers as a predicate, to compare the search by an index with. */
import { CHARACTERS } from "../../adapters/validation/bounds.ts";
import { type E164, isE164 } from "../../core/values/e164.ts";
import { spellingsOf } from "../../core/values/line.ts";
import { afterPrefix, numberWithin, writtenDigits } from "../../core/values/written-number.ts";

/** The fields that a search matches. */
export type Searched = {
  readonly id: string;
  readonly e164: E164;
  readonly national: string;
  readonly international: string;
};

const digitsOf = (text: string): string => text.replace(/\D/g, "");

/** A trunk prefix that is written within an international form and not dialled. */
const TRUNK = "(0)";

/**
 * A predicate: whether a search text is a part of a number, in any notation (`writtenDigits`) and
 * with any text around it (`numberWithin`), or of its id. The digits are compared with those of its
 * E.164, national and international forms (only one of them has a trunk prefix); after an
 * international call prefix, with the beginning of its E.164 form. White space at the ends is
 * ignored, since a raw `+` in a query decodes to it. An empty text matches all. The text is parsed
 * once for all numbers.
 */
export const searchFor = (text: string): (searched: Searched) => boolean => {
  const wanted = text.normalize("NFKC").trim();
  // A character such as U+FDFA becomes eighteen; ids and numbers are shorter.
  if (wanted.length > CHARACTERS.search) return () => false;
  const id = wanted.toLowerCase();
  const number = numberWithin(wanted);
  const digits = writtenDigits(number);
  const isOfNumber = digits === null
    ? () => false
    : digits === ""
    ? isInForm(wanted)
    : searchForDigits(number, digits);
  return (searched) => searched.id.toLowerCase().includes(id) || isOfNumber(searched);
};

const formsOf = ({ e164, national, international }: Searched) => [e164, national, international];

const isInForm = (wanted: string) => (searched: Searched): boolean =>
  formsOf(searched).some((form) => form.includes(wanted));

const searchForDigits = (number: string, digits: string): (searched: Searched) => boolean => {
  const parts = [digits, writtenDigits(number.replace(TRUNK, "")) ?? ""]
    .filter((part) => part !== "");
  const beginnings = parts.flatMap(afterPrefix).map((part) => `+${part}`);
  // The whole number as its plan once had it, or with a prefix dialled only within the country.
  const spellings = new Set(
    parts.map((part): E164 => `+${part}`).filter(isE164).flatMap(spellingsOf),
  );
  return (searched) =>
    spellings.has(searched.e164) || formsOf(searched).map(digitsOf).some((form) =>
      parts.some((part) => form.includes(part))
    ) ||
    beginnings.some((beginning) => searched.e164.startsWith(beginning));
};
