/** The number of an import that is written in its country's ways; no carrier checks it. */
import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min";
import { callingCodeFor, callingCodeOf } from "../core/values/calling-code.ts";
import { type E164, hasPossibleLength, isE164 } from "../core/values/e164.ts";
import { afterPrefix, writtenNumber } from "../core/values/written-number.ts";

/**
 * What is dialled before a national number within the country, by calling code; 0 for all others.
 */
const TRUNK_PREFIXES: Readonly<Record<string, string>> = { 1: "1", 36: "06", 375: "8" };

/** Mexico's mobile numbers before 2019, and its prefixes within the country. */
const OLD_MEXICO = /^\+52(?:044|045|01|1)(\d{10})$/;

/**
 * A number without the trunk prefix, where libphonenumber too says that it is written with one. The
 * library is used for nothing else here, except for where Argentina's mobile prefix belongs: its
 * tables do not decide whether a number is in service, or can be.
 */
const canonicalOf = (e164: E164): string => {
  const { code = "", national = "" } = callingCodeOf(e164) ?? {};
  if (code === "52") return e164.replace(OLD_MEXICO, "+52$1");
  if (code === "54") return parsePhoneNumberFromString(e164)?.number ?? e164;
  const prefix = TRUNK_PREFIXES[code] ?? "0";
  if (code === "" || !national.startsWith(prefix)) return e164;
  const without = `+${code}${national.slice(prefix.length)}`;
  return parsePhoneNumberFromString(e164)?.number === without ? without : e164;
};

/** Longer texts are not parsed: no number has so many characters, however it is formatted. */
const LONGEST = 100;

/** A number with its calling code, in its one form; null where the code is another. */
const readInternational = (text: string, code: string): E164 | null => {
  if (!isE164(text) || callingCodeOf(text)?.code !== code) return null;
  const e164 = canonicalOf(text);
  return isE164(e164) && hasPossibleLength(e164) ? e164 : null;
};

/** The country whose numbering plan applies in this one, which may not have its own. */
const planOf = (country: string, main: string): CountryCode | undefined =>
  [country, main].find((one): one is CountryCode => isSupportedCountry(one));

/**
 * A number as it is written within a country, by the library's tables; null where they do not know
 * it.
 */
const readNational = (digits: string, country: CountryCode | undefined): E164 | null => {
  if (country === undefined) return null;
  const read = parsePhoneNumberFromString(digits, country);
  return read?.isPossible() && isE164(read.number) ? read.number : null;
};

/**
 * The number that a text means in a country, in national or international form; null where it is
 * not a number, or has another calling code than the country. Countries that share a calling code
 * count as one: in the United States, a text may be a number of Canada.
 */
export const readNumber = (country: string, text: string): E164 | null => {
  const digits = text.length > LONGEST ? null : writtenNumber(text);
  const plan = callingCodeFor(country);
  if (digits === null || plan === null) return null;
  const { code } = plan;
  if (digits.startsWith("+")) return readInternational(digits, code);
  // A number that is possible within the country takes precedence over an international call
  // prefix, which belongs to another one.
  const national = readNational(digits, planOf(country, plan.main));
  if (national !== null) return readInternational(national, code);
  for (const rest of afterPrefix(digits)) {
    const e164 = readInternational(`+${rest}`, code);
    if (e164 !== null) return e164;
  }
  return null;
};
