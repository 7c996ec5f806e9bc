/** Countries of ISO 3166-1, as postal addresses, businesses and searches name them. */
import * as v from "valibot";

/** Every officially assigned code of ISO 3166-1 alpha-2 (ISO Online Browsing Platform, 2026). */
const CODES = `
  AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
  BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
  EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
  GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
  KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
  MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
  QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
  TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
  ZW
`;

const COUNTRIES: ReadonlySet<string> = new Set(CODES.trim().split(/\s+/));

/** All codes, in alphabetical order. */
export const COUNTRY_CODES: readonly string[] = [...COUNTRIES];

/** Whether `code` is a country: two capital letters that ISO 3166-1 assigns. */
export const isCountry = (code: string): boolean => COUNTRIES.has(code);

/**
 * What ISO 3166-1 assigns to no country and keeps for Ascension, Tristan da Cunha and Kosovo: their
 * numbers have these codes at carriers and in numbering plans.
 */
const OF_NUMBERS_ONLY: readonly string[] = ["AC", "TA", "XK"];

/**
 * The codes that numbers may have for their country: all of ISO 3166-1, and three that it reserves.
 */
export const NUMBER_COUNTRY_CODES: readonly string[] = [...COUNTRY_CODES, ...OF_NUMBERS_ONLY];

const NUMBER_COUNTRIES: ReadonlySet<string> = new Set(NUMBER_COUNTRY_CODES);

/**
 * Whether numbers may have `code` for their country. Which of them has any is a carrier's to say.
 */
export const isNumberCountry = (code: string): boolean => NUMBER_COUNTRIES.has(code);

const RULE = "must be an ISO 3166-1 alpha-2 country code, such as US";

const Letters = v.pipe(
  v.string("must be a string"),
  // Other letters become these when they are made capitals, such as \u00df.
  v.regex(/^[a-z]{2}$/i, RULE),
  v.toUpperCase(),
);

/**
 * A schema for a country of an address, for callers of every API: in capitals or not, read as
 * capitals.
 */
export const CountrySchema = v.pipe(Letters, v.check(isCountry, RULE));

/** The same for the country of a number, which need not have any. */
export const NumberCountrySchema = v.pipe(Letters, v.check(isNumberCountry, RULE));
