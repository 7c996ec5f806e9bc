/** The number of an import, which no carrier looks at. */
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import * as v from "valibot";
import { type E164, E164Schema } from "../core/values/e164.ts";

/** A number as libphonenumber has it, or as it was written where that knows no such number. */
const canonicalOf = (e164: E164): string => parsePhoneNumberFromString(e164)?.number ?? e164;

/**
 * A number in the one form that E.164 has for it: one that is written in two ways would be claimed
 * twice. There is no national prefix, as the first 0 in +49 030 123456. A number that the library does
 * not know is taken as it is written.
 */
export const ImportedNumberSchema = v.pipe(
  E164Schema,
  v.check(
    (e164) => canonicalOf(e164) === e164,
    ({ input }) => `must be in E.164 form, which is ${canonicalOf(input)} for this number`,
  ),
);
