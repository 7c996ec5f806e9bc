/** The number of an import, which no carrier looks at. */
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import * as v from "valibot";
import { callingCodeOf } from "../core/values/calling-code.ts";
import { type E164, E164Schema } from "../core/values/e164.ts";

/** What is dialled before a national number within the country, by calling code; 0 elsewhere. */
const TRUNK_PREFIXES: Readonly<Record<string, string>> = { 1: "1", 36: "06", 375: "8" };

/**
 * A number without the trunk prefix, where libphonenumber too says that it is written with one. It
 * says nothing else here: whether a number is in service, or can be, is not for its tables to decide.
 */
const canonicalOf = (e164: E164): string => {
  const { code = "", national = "" } = callingCodeOf(e164) ?? {};
  const prefix = TRUNK_PREFIXES[code] ?? "0";
  if (code === "" || !national.startsWith(prefix)) return e164;
  const without = `+${code}${national.slice(prefix.length)}`;
  return parsePhoneNumberFromString(e164)?.number === without ? without : e164;
};

/**
 * A number in the one form that E.164 has for it: one that is written in two ways would be claimed
 * twice. There is no trunk prefix, as the first 0 in +49 030 123456. A number that the library does
 * not know is taken as it is written.
 */
export const ImportedNumberSchema = v.pipe(
  E164Schema,
  v.check(
    (e164) => canonicalOf(e164) === e164,
    ({ input }) => `must be in E.164 form, which is ${canonicalOf(input)} for this number`,
  ),
);
