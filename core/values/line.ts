/**
 * The ways in which the number of one line is written in E.164 form. A holder of one form holds all
 * of them: no number is refused for how it is written, only for being taken already.
 */
import { callingCodeOf } from "./calling-code.ts";
import { type E164, isE164 } from "./e164.ts";

/**
 * What people leave between the calling code and the national number, by calling code; elsewhere
 * the 0 that is dialled within the country. Mexico had 1 for mobile numbers until 2019, and dialled
 * the others. Benin put 01 before all its numbers in 2024. Italy's 0 belongs to the number, and is
 * left out in error. Ascension dials nothing, and has numbers that differ by a 0.
 */
const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  1: ["1"],
  7: ["8"],
  36: ["06"],
  52: ["1", "01", "044", "045"],
  229: ["01"],
  247: [],
  370: ["8", "0"],
  375: ["8", "80", "0"],
  692: ["1"],
  992: ["8"],
  993: ["8"],
};

/**
 * The numbers before which a prefix is left, where before others it makes another line's number.
 * Italy's mobile and service numbers have no 0, and are an area's numbers if one is put before
 * them. Belarus has service numbers of several lengths that begin with 80.
 */
const PRECEDED: Readonly<Record<string, RegExp>> = {
  39: /^(?![138]|(?:43|55|70)\d{8}$)/,
  375: /^[1-9]/,
};

/** Argentina's area codes have two to four digits, and each has eight to six others after it. */
const ARGENTINE = /^(?:11\d{8}|[23]\d{9})$/;
const areasOf = (digits: string): readonly number[] => digits.startsWith("11") ? [2] : [3, 4];
const MOBILE_WITHIN = "15";

/**
 * An Argentine number without its signs of a mobile one: 9 before the area code, or 15 after it.
 */
const withoutMobile = (national: string): string | null => {
  const plain = national.replace(/^0/, "");
  for (const digits of [plain, plain.replace(/^9/, "")]) {
    if (ARGENTINE.test(digits)) return digits;
    for (const area of areasOf(digits)) {
      const without = digits.slice(0, area) + digits.slice(area + MOBILE_WITHIN.length);
      if (digits.startsWith(MOBILE_WITHIN, area) && ARGENTINE.test(without)) return without;
    }
  }
  return null;
};

/** The ten digits are one subscriber's, whether or not they are written as a mobile number. */
const argentine = (national: string): readonly string[] => {
  const plain = withoutMobile(national);
  if (plain === null) return [national];
  const within = areasOf(plain).map((area) =>
    plain.slice(0, area) + MOBILE_WITHIN + plain.slice(area)
  );
  return [plain, `9${plain}`, ...within].flatMap((digits) => [digits, `0${digits}`]);
};

const prefixed = (code: string, national: string): readonly string[] => {
  const prefixes = PREFIXES[code] ?? ["0"];
  const rests = prefixes.filter((prefix) => national.startsWith(prefix))
    .map((prefix) => national.slice(prefix.length));
  const preceded = [national, ...rests].filter((digits) => PRECEDED[code]?.test(digits) ?? true);
  return preceded.flatMap((digits) => [digits, ...prefixes.map((prefix) => `${prefix}${digits}`)]);
};

/**
 * All ways to write the number of this line, this one first. Where it is doubtful that two of them
 * reach the same line, they count as doing so, since a number must not be held twice; but no two
 * that are in service are different lines.
 */
export const spellingsOf = (e164: E164): readonly E164[] => {
  const known = callingCodeOf(e164);
  if (known === null) return [e164];
  const { code, national } = known;
  const all = code === "54" ? argentine(national) : prefixed(code, national);
  return [...new Set([e164, ...all.map((digits): E164 => `+${code}${digits}`).filter(isE164)])];
};
