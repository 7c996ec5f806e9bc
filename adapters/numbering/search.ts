/** The search for numbers by what people write of them, as texts and parts of texts of lists. */
import type { TextPart } from "../../core/ports/mod.ts";
import { type E164, isE164 } from "../../core/values/e164.ts";
import { spellingsOf } from "../../core/values/line.ts";
import { afterPrefix, numberWithin, writtenDigits } from "../../core/values/written-number.ts";
import { CHARACTERS } from "../validation/bounds.ts";
import { written } from "./written-number.ts";

/** The text of a number's id, and that of its forms: a line for each, and one for its digits. */
const [ID, FORMS] = [0, 1];

/** Ends a line, and begins the next; no form has it. */
const LINE = "\n";

const digitsOf = (text: string): string => text.replace(/\D/g, "");

/** The texts that a number is found by. */
export const textsOf = (
  { id, e164 }: { readonly id: string; readonly e164: E164 },
): readonly [id: string, forms: string] => {
  const { national, international } = written(e164);
  const forms = [e164, national, international];
  const lines = [...new Set([...forms, ...forms.map(digitsOf)])];
  return [id.toLowerCase(), `${LINE}${lines.join(LINE)}${LINE}`];
};

/** A trunk prefix that is written within an international form and not dialled. */
const TRUNK = "(0)";

/** The parts of forms that show a number of which these digits are written. */
const formsWith = (number: string, digits: string): readonly string[] => {
  const parts = [digits, writtenDigits(number.replace(TRUNK, "")) ?? ""]
    .filter((part) => part !== "");
  const beginnings = parts.flatMap(afterPrefix).map((part) => `${LINE}+${part}`);
  // The whole number as its plan once had it, or with a prefix dialled only within the country.
  const spellings = parts.map((part): E164 => `+${part}`).filter(isE164).flatMap(spellingsOf)
    .map((spelling) => `${LINE}${spelling}${LINE}`);
  return [...parts, ...beginnings, ...spellings];
};

/**
 * The parts of which a number's texts have one where this text is a part of the number, in any
 * notation (`writtenDigits`) and with any text around it (`numberWithin`), or of its id; null where
 * all numbers have it. Digits are compared with those of the E.164, national and international
 * forms (only one of them has a trunk prefix); after an international call prefix, with the
 * beginning of the E.164 form. White space at the ends is ignored, since a raw `+` in a query
 * decodes to it.
 */
export const partsOf = (search: string): readonly TextPart[] | null => {
  const wanted = search.normalize("NFKC").trim();
  if (wanted === "") return null;
  // A character such as U+FDFA becomes eighteen; ids and numbers are shorter.
  if (wanted.length > CHARACTERS.search) return [];
  const number = numberWithin(wanted);
  const digits = writtenDigits(number);
  const plain = wanted.includes(LINE) ? [] : [wanted];
  const forms = digits === null ? [] : digits === "" ? plain : formsWith(number, digits);
  return [
    { text: ID, part: wanted.toLowerCase() },
    ...[...new Set(forms)].map((part) => ({ text: FORMS, part })),
  ];
};
