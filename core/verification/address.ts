/** What a postal address has in each country: some have no postal codes, some no cities. */
import { isCountry } from "../values/country.ts";
import { seenOf } from "../values/text.ts";
import type { Address } from "../events/verification.ts";

/**
 * What the addresses of countries have besides the street, after the address metadata that Google
 * publishes of the postal services' forms (libaddressinput, as commerceguys/addressing has it in
 * 2025): `c` a city, `s` a state, province, prefecture or island, `z` a postal code. Capital
 * letters are asked for: `C` and `Z` where the metadata require them (but Monaco and the Vatican,
 * which are their own city), `S` only where a letter does not arrive without. `/` asks for one of
 * the letters before and after it. What a form does not have may be given anyway.
 */
const FORMS: Readonly<Record<string, string>> = {
  "": "MO",
  c: "AG",
  s: "NR",
  z: "GI",
  Z: "SG",
  cz: "MC VA VG",
  cZ: "SM",
  cSZ: "JP",
  "C/S": "AE HK",
  "C/Sz": "CO ID KY",
  C: `
    AO AQ AW BF BI BJ BO BQ BV BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GQ GY KM LC LY ML
    MR MS MW NU PS QA RW SB SL SS ST SX SY TD TF TG TK TL TO TT UG VU WS YE`,
  Cs: "BS JM KI KN PA SC SR TV ZW",
  Cz: `
    AD AF AI AL AZ BA BD BG BH BM BN BT CY DO DZ EC EH ET FO GE GN GT GW HR HT IL IS JO KE KG KH KW
    LA LB LK LR LS MA MD ME MG MK MM MT MU MV NA NE NP OM PK PY RS SA SD SI SN SZ TJ TM TN TZ VC ZM`,
  Csz: `
    AM AR BB BY CC CL CR CU CV CX EG HM HN IE IQ IR KP KZ MN MZ NF NG NI PE PG PH SO SV TH UM UY UZ
    VE VN`,
  CZ: `
    AT AX BE BL CH CZ DE DK FI FK FR GB GF GG GL GP GR GS GU HU IM IO JE LI LU LV MF MQ NC NL NO NZ
    PL PM PN PR PT RE RO SE SH SJ SK TC WF YT ZA`,
  CsZ: "AS EE ES FM IT KR LT MH MP MY PF PW RU TR TW UA VI",
  CSZ: "AU BR CA CN IN MX US",
};

const FORM_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(FORMS).flatMap(([form, codes]) =>
    codes.trim().split(/\s+/).map((country) => [country, form] as const)
  ),
);

/** How a country's addresses have a member: asked for, there but not asked for, or not at all. */
export type Use = "asked" | "had" | "none";

/** What the addresses of a country have besides street and country. */
export type PostalForm = {
  readonly city: Use;
  readonly state: Use;
  readonly postalCode: Use;
  /** Whether a state may replace a city: Hong Kong's areas, the Emirates, islands. */
  readonly cityOrState: boolean;
};

const useOf = (form: string, letter: string): Use => {
  if (form.includes(letter.toUpperCase())) return "asked";
  return form.includes(letter) ? "had" : "none";
};

/** The postal form of a country; null for an unknown country. */
export const postalFormOf = (country: string): PostalForm | null => {
  const form = FORM_OF.get(country);
  if (form === undefined) return null;
  return {
    city: useOf(form, "c"),
    state: useOf(form, "s"),
    postalCode: useOf(form, "z"),
    cityOrState: form.includes("/"),
  };
};

const isMissing = (part: string | null): boolean => part === null || seenOf(part) === "";

/**
 * The members of an address that its country's addresses have, and that are missing in it; none
 * when the address is whole. One that names no country of ISO 3166-1 lacks its country.
 */
export const missingOf = (address: Address): readonly (keyof Address)[] => {
  const form = postalFormOf(address.country ?? "");
  const needed: (keyof Address)[] = ["street", "country"];
  if (form !== null) {
    const isInState = form.cityOrState && !isMissing(address.state);
    if (form.city === "asked" && !isInState) needed.push("city");
    if (form.state === "asked" && !form.cityOrState) needed.push("state");
    if (form.postalCode === "asked") needed.push("postalCode");
  }
  return needed.filter((member) =>
    member === "country" ? !isCountry(address.country ?? "") : isMissing(address[member])
  );
};
