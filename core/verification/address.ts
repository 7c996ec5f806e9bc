/** What a postal address has in each country: some have no postal codes, some no cities. */
import type { Address } from "./events.ts";

const list = (codes: string): ReadonlySet<string> => new Set(codes.trim().split(/\s+/));

/**
 * Countries whose addresses always have a postal code, after the address metadata that Google
 * publishes of the postal services' forms (libaddressinput). In all others it may be left out.
 */
const WITH_POSTAL_CODE = list(`
  AS AT AU AX BE BL BR CA CH CN CZ DE DK EE ES FI FK FM FR GB GF GG GL GP GR GS GU HU IM IN IO IT JE
  JP KR LI LT LU LV MF MH MP MQ MX MY NC NL NO NZ PF PL PM PN PR PT PW RE RO RU SE SG SH SJ SK SM TC
  TR TW UA US VI WF YT ZA
`);

/** Countries in which a letter does not arrive without the state, province or prefecture. */
const WITH_STATE = list("AU BR CA CN IN JP MX US");

/** City states and small territories, whose addresses may do without a city. */
const WITHOUT_CITY = list("AG GI MC MO NR SG SM VA VG");

/** Where a region may stand in the place of a city: Hong Kong's areas, the Emirates, islands. */
const WITH_CITY_OR_STATE = list("AE CO HK ID KY");

const isMissing = (part: string | null): boolean => part === null || part.trim() === "";

/**
 * The members of an address that its country's addresses have, and that are missing in it; none when
 * the address is whole. An address without a country lacks that first of all.
 */
export const missingOf = (address: Address): readonly (keyof Address)[] => {
  const country = address.country ?? "";
  const needed: (keyof Address)[] = ["street", "country"];
  const isCityInState = WITH_CITY_OR_STATE.has(country) && !isMissing(address.state);
  if (!WITHOUT_CITY.has(country) && !isCityInState) needed.push("city");
  if (WITH_STATE.has(country)) needed.push("state");
  if (WITH_POSTAL_CODE.has(country)) needed.push("postalCode");
  return needed.filter((member) => isMissing(address[member]));
};
