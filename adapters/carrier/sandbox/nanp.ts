import type { NumberType } from "../../../core/ports/mod.ts";
import type { E164 } from "../../../core/values/e164.ts";
import { money } from "../../../core/values/money.ts";
import { type Block, hash, type Region, scattered, type Terms } from "./number-block.ts";
import { MAGIC, magicOf } from "./magic.ts";
import { CANADA } from "./plans/canada.ts";
import { US_A_TO_M } from "./plans/us-a-m.ts";
import { US_N_TO_W } from "./plans/us-n-w.ts";

const TOLL_FREE = ["800", "833", "844", "855", "866", "877", "888"];
const NUMBER_FORM = /^\+1[2-9]\d{2}(?!.11)[2-9]\d{6}$/;
const RATE_CENTER_LENGTH = 10;

const LOCAL_TERMS: Terms = {
  monthly: money(1_000_000),
  setup: money(1_000_000),
  features: ["voice", "sms"],
};
const LOCAL_WITH_MMS: Terms = { ...LOCAL_TERMS, features: ["voice", "sms", "mms"] };
const TOLL_FREE_TERMS: Terms = { ...LOCAL_TERMS, monthly: money(2_000_000) };

// A vanity number at an unexpected price: above what any default plan allows.
const EXPENSIVE = { setup: money(90_000_000_000), monthly: money(9_000_000_000) };

const NOWHERE: Region = { state: null, locality: null, rateCenter: null };

// The two that the Talkturo documents show come first, the magic ones last.
const fictionalLines = (): readonly string[] => {
  const all = Array.from({ length: 100 }, (_, line) => `55501${String(line).padStart(2, "0")}`);
  const shown = ["5550101", "5550198"];
  const plain = all.filter((line) => !shown.includes(line) && MAGIC[line] === undefined);
  const magic = all.filter((line) =>
    MAGIC[line] !== undefined && MAGIC[line].behaviour !== "notAvailable"
  );
  return [...shown, ...plain, ...magic];
};

const FICTIONAL = fictionalLines();
const EXCHANGES = Array.from({ length: 800 }, (_, place) => String(place + 200))
  .filter((exchange) => !exchange.endsWith("11") && exchange !== "555");
const LINES_PER_EXCHANGE = 10_000;

const numberAt = (areaCode: string, index: number): E164 => {
  const fictional = FICTIONAL[index];
  if (fictional !== undefined) return `+1${areaCode}${fictional}`;
  const place = scattered(
    areaCode,
    index - FICTIONAL.length,
    EXCHANGES.length * LINES_PER_EXCHANGE,
  );
  const exchange = EXCHANGES[place % EXCHANGES.length] ?? "";
  const line = String(Math.floor(place / EXCHANGES.length)).padStart(4, "0");
  return `+1${areaCode}${exchange}${line}`;
};

/** Reads `CA: San Francisco=SNFC CNTRL, San Rafael`; see `plans/areas.ts`. */
const regionsOf = (text: string): readonly Region[] => {
  const [state = "", towns = ""] = text.split(": ");
  return towns.split(", ").map((town) => {
    const [locality = "", given] = town.split("=");
    const rateCenter = given ?? locality.toUpperCase().slice(0, RATE_CENTER_LENGTH).trimEnd();
    return { state, locality, rateCenter };
  });
};

// A rate centre is served by whole exchanges; the fictional 555 belongs to the main town's.
const regionOf = (regions: readonly Region[], e164: E164): Region => {
  const exchange = e164.slice(5, 8);
  const place = exchange === "555" ? 0 : hash(e164.slice(2, 8)) % regions.length;
  return regions[place] ?? NOWHERE;
};

/** Prices and features of lines; `features` are those that any of them has. */
type Lines = { readonly features: Terms["features"]; readonly termsOf: (e164: E164) => Terms };

const PLAIN: Lines = { features: LOCAL_TERMS.features, termsOf: () => LOCAL_TERMS };
const AMERICAN: Lines = {
  features: LOCAL_WITH_MMS.features,
  termsOf: (e164) => e164.endsWith("5") ? LOCAL_WITH_MMS : LOCAL_TERMS,
};
const FREE: Lines = { features: TOLL_FREE_TERMS.features, termsOf: () => TOLL_FREE_TERMS };

const openBlock = (
  country: string,
  type: NumberType,
  areaCode: string,
  regions: () => readonly Region[],
  { features, termsOf }: Lines,
): Block => ({
  country,
  type,
  areaCode,
  shape: `+1${areaCode}${"#".repeat(7)}`,
  features,
  regions,
  has: (e164) => e164.startsWith(`+1${areaCode}`) && NUMBER_FORM.test(e164),
  numberAt: (index) => numberAt(areaCode, index),
  offer: (e164) => ({
    e164,
    type,
    country,
    ...termsOf(e164),
    ...(magicOf(e164) === "expensive" && EXPENSIVE),
    region: regionOf(regions(), e164),
  }),
});

const localBlocks = (
  country: string,
  areas: Readonly<Record<string, string>>,
  lines: Lines,
): readonly Block[] =>
  Object.entries(areas).map(([areaCode, text]) => {
    // Parsed on first use: parsing all of them would add some milliseconds to every start.
    let read: readonly Region[] | undefined;
    return openBlock(country, "local", areaCode, () => read ??= regionsOf(text), lines);
  });

const tollFreeBlocks = (country: string): readonly Block[] =>
  TOLL_FREE.map((prefix) => openBlock(country, "tollFree", prefix, () => [], FREE));

/**
 * The blocks of the US and of Canada: every geographic area code, and the toll-free prefixes, which
 * the two countries share (the US has them first, so a quote calls them American). A number belongs
 * to a block when its exchange is 2XX to 9XX but not N11 (NANPA's rules). Local lines do voice and
 * sms; American ones that end in 5 also do mms. The exchange 555 comes first: 0100 to 0199 of it
 * are set aside for fiction.
 */
export const nanpBlocks = (): readonly Block[] => [
  ...localBlocks("US", { ...US_A_TO_M, ...US_N_TO_W }, AMERICAN),
  ...localBlocks("CA", CANADA, PLAIN),
  ...tollFreeBlocks("US"),
  ...tollFreeBlocks("CA"),
];
