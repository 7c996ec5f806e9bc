/**
 * Country calling codes (ITU-T E.164, list of assigned codes), and the countries that share them.
 */
import type { E164 } from "./e164.ts";

/**
 * Each code with its countries (ISO 3166-1 alpha-2, and what it keeps for others: AC, TA, XK);
 * where several share one, the main one first.
 */
const CODES = `
  1 US AG AI AS BB BM BS CA DM DO GD GU JM KN KY LC MP MS PR SX TC TT VC VG VI; 7 RU KZ; 20 EG
  27 ZA; 30 GR; 31 NL; 32 BE; 33 FR; 34 ES; 36 HU; 39 IT VA; 40 RO; 41 CH; 43 AT
  44 GB GG IM JE; 45 DK; 46 SE; 47 NO SJ; 48 PL; 49 DE; 51 PE; 52 MX; 53 CU; 54 AR; 55 BR
  56 CL; 57 CO; 58 VE; 60 MY; 61 AU CC CX; 62 ID; 63 PH; 64 NZ; 65 SG; 66 TH; 81 JP; 82 KR
  84 VN; 86 CN; 90 TR; 91 IN; 92 PK; 93 AF; 94 LK; 95 MM; 98 IR; 211 SS; 212 MA EH; 213 DZ
  216 TN; 218 LY; 220 GM; 221 SN; 222 MR; 223 ML; 224 GN; 225 CI; 226 BF; 227 NE; 228 TG
  229 BJ; 230 MU; 231 LR; 232 SL; 233 GH; 234 NG; 235 TD; 236 CF; 237 CM; 238 CV; 239 ST
  240 GQ; 241 GA; 242 CG; 243 CD; 244 AO; 245 GW; 246 IO; 247 AC; 248 SC; 249 SD; 250 RW; 251 ET
  252 SO; 253 DJ; 254 KE; 255 TZ; 256 UG; 257 BI; 258 MZ; 260 ZM; 261 MG; 262 RE YT; 263 ZW
  264 NA; 265 MW; 266 LS; 267 BW; 268 SZ; 269 KM; 290 SH; 291 ER; 297 AW; 298 FO; 299 GL
  350 GI; 351 PT; 352 LU; 353 IE; 354 IS; 355 AL; 356 MT; 357 CY; 358 FI AX; 359 BG; 370 LT
  371 LV; 372 EE; 373 MD; 374 AM; 375 BY; 376 AD; 377 MC; 378 SM; 380 UA; 381 RS; 382 ME
  383 XK; 385 HR; 386 SI; 387 BA; 389 MK; 420 CZ; 421 SK; 423 LI; 500 FK; 501 BZ; 502 GT; 503 SV
  504 HN; 505 NI; 506 CR; 507 PA; 508 PM; 509 HT; 590 GP BL MF; 591 BO; 592 GY; 593 EC; 594 GF
  595 PY; 596 MQ; 597 SR; 598 UY; 599 CW BQ; 670 TL; 672 NF AQ; 673 BN; 674 NR; 675 PG; 676 TO
  677 SB; 678 VU; 679 FJ; 680 PW; 681 WF; 682 CK; 683 NU; 685 WS; 686 KI; 687 NC; 688 TV
  689 PF; 690 TK; 691 FM; 692 MH; 850 KP; 852 HK; 853 MO; 855 KH; 856 LA; 880 BD; 886 TW
  960 MV; 961 LB; 962 JO; 963 SY; 964 IQ; 965 KW; 966 SA; 967 YE; 968 OM; 970 PS; 971 AE
  972 IL; 973 BH; 974 QA; 975 BT; 976 MN; 977 NP; 992 TJ; 993 TM; 994 AZ; 995 GE; 996 KG
  998 UZ
`;

const COUNTRIES: ReadonlyMap<string, readonly string[]> = new Map(
  CODES.trim().split(/[;\n]/).map((entry) => {
    const [code = "", ...countries] = entry.trim().split(/\s+/);
    return [code, countries];
  }),
);

/** Countries without their own numbers, whose few telephones are in another one's plan. */
const SERVED: ReadonlyMap<string, string> = new Map([
  ["BV", "47"],
  ["GS", "500"],
  ["HM", "672"],
  ["PN", "64"],
  ["TA", "290"],
  ["TF", "262"],
  ["UM", "1"],
]);

const CODE_OF: ReadonlyMap<string, string> = new Map([
  ...[...COUNTRIES].flatMap(([code, countries]) =>
    countries.map((country): [string, string] => [country, code])
  ),
  ...SERVED,
]);

/**
 * The calling code of a country, and the main country of those that share it; null for a code that
 * is not a country that numbers may have.
 */
export const callingCodeFor = (
  country: string,
): { readonly code: string; readonly main: string } | null => {
  const code = CODE_OF.get(country);
  const main = code === undefined ? undefined : COUNTRIES.get(code)?.[0];
  return code === undefined || main === undefined ? null : { code, main };
};

/** Every country that numbers may have (ISO 3166-1 alpha-2, AC, TA and XK), each once. */
export const countriesWithCode = (): readonly string[] => [...CODE_OF.keys()];

const LONGEST_CODE = 3;

/** Where a number belongs by its first digits alone. */
export type CallingCode = {
  /** `1` to three digits, without `+`. */
  readonly code: string;
  /** At least one; the main one first. */
  readonly countries: readonly string[];
  /** The digits after the code. */
  readonly national: string;
};

/**
 * The calling code of a number with the countries that share it; null for a number of no country,
 * such as +800. It does not show whether the number is in service: only the carrier knows.
 */
export const callingCodeOf = (e164: E164): CallingCode | null => {
  for (let length = 1; length <= LONGEST_CODE; length++) {
    const code = e164.slice(1, 1 + length);
    const countries = COUNTRIES.get(code);
    if (countries !== undefined) return { code, countries, national: e164.slice(1 + length) };
  }
  return null;
};
