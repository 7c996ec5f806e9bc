/** Countries of ISO 3166-1, as postal addresses, businesses and searches name them. */
import { callingCodeFor, countriesWithCode } from "./calling-code.ts";

/** The codes that numbers may have for their country, in alphabetical order. */
export const NUMBER_COUNTRY_CODES: readonly string[] = countriesWithCode().toSorted();

/**
 * Whether numbers may have `code` for their country. Which of them has any is a carrier's to say.
 */
export const isNumberCountry = (code: string): boolean => callingCodeFor(code) !== null;

/**
 * What ISO 3166-1 assigns to no country and keeps for Ascension, Tristan da Cunha and Kosovo: their
 * numbers have these codes at carriers and in numbering plans.
 */
const OF_NUMBERS_ONLY: readonly string[] = ["AC", "TA", "XK"];

/** Whether `code` is a country: two capital letters that ISO 3166-1 assigns. */
export const isCountry = (code: string): boolean =>
  isNumberCountry(code) && !OF_NUMBERS_ONLY.includes(code);

/**
 * Every officially assigned code of ISO 3166-1 alpha-2 (ISO Online Browsing Platform, 2026), in
 * alphabetical order. Each country has a calling code, be it another one's.
 */
export const COUNTRY_CODES: readonly string[] = NUMBER_COUNTRY_CODES.filter(isCountry);
