import * as v from "valibot";
import { isPattern, MAX_PATTERN } from "../core/number/search.ts";
import { CHARACTERS } from "../adapters/validation/bounds.ts";
import { writtenDigits } from "../core/values/written-number.ts";

const RULE = `must be 1 to ${MAX_PATTERN} digits of the national number`;

// A `+` begins a calling code, which is not part of a national number.
const digitsOf = (text: string): string | null =>
  text.length > CHARACTERS.search || text.includes("+") ? null : writtenDigits(text);

/**
 * Digits that a search is for, as people write them: spaces, dashes, brackets and invisible
 * characters are ignored.
 */
export const PatternSchema = v.pipe(
  v.string(RULE),
  v.rawTransform(({ dataset, addIssue, NEVER }): string => {
    const digits = digitsOf(dataset.value);
    if (digits !== null && isPattern(digits)) return digits;
    addIssue({ message: RULE });
    return NEVER;
  }),
);
