import type { Terms } from "../number-block.ts";
import { money } from "../../../../core/values/money.ts";

/** Numbers outside North America: the shapes of national numbers, `#` being any digit. */
export type WorldPlan = {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly callingCode: string;
  readonly local: Terms;
  /** Shape → town. */
  readonly areas: Readonly<Record<string, string>>;
  readonly tollFree: (Terms & { readonly shape: string }) | null;
};

/** What a number costs a month and at first, in micros of a dollar, and what it can do. */
const terms = (
  monthly: number,
  features: Terms["features"],
  setup: number = 1_000_000,
): Terms => ({ monthly: money(monthly), setup: money(setup), features });

const VOICE = ["voice"] as const;
const VOICE_SMS = ["voice", "sms"] as const;
const VOICE_FAX = ["voice", "fax"] as const;

const plan = (
  country: string,
  callingCode: string,
  local: Terms,
  areas: WorldPlan["areas"],
  tollFree: WorldPlan["tollFree"] = null,
): WorldPlan => ({ country, callingCode, local, areas, tollFree });

/** The plans, after each regulator's published numbering plan; prices are the sandbox's own. */
export const WORLD: readonly WorldPlan[] = [
  plan("GB", "44", terms(1_150_000, VOICE_SMS), {
    "20 7### ####": "London",
    "20 8### ####": "London",
    "121 4## ####": "Birmingham",
    "131 5## ####": "Edinburgh",
    "141 3## ####": "Glasgow",
    "161 8## ####": "Manchester",
    "113 2## ####": "Leeds",
    "117 9## ####": "Bristol",
  }, { ...terms(2_500_000, VOICE), shape: "800 2## ####" }),
  plan("DE", "49", terms(1_125_000, VOICE), {
    "30 2### ####": "Berlin",
    "40 3### ####": "Hamburg",
    "89 2### ####": "München",
    "69 2### ####": "Frankfurt am Main",
    "221 2## ####": "Köln",
    "711 2## ####": "Stuttgart",
    "211 3## ####": "Düsseldorf",
    "341 2## ####": "Leipzig",
  }, { ...terms(3_000_000, VOICE), shape: "800 3## ####" }),
  plan("FR", "33", terms(1_250_000, VOICE_FAX), {
    "1 42 ## ## ##": "Paris",
    "1 53 ## ## ##": "Paris",
    "4 72 ## ## ##": "Lyon",
    "4 91 ## ## ##": "Marseille",
    "5 61 ## ## ##": "Toulouse",
    "5 56 ## ## ##": "Bordeaux",
    "3 20 ## ## ##": "Lille",
    "2 40 ## ## ##": "Nantes",
  }, { ...terms(3_500_000, VOICE), shape: "80 05# ## ##" }),
  plan("BR", "55", terms(4_000_000, ["voice", "whatsapp"], 2_000_000), {
    "11 3### ####": "São Paulo",
    "21 3### ####": "Rio de Janeiro",
    "31 3### ####": "Belo Horizonte",
    "41 3### ####": "Curitiba",
    "51 3### ####": "Porto Alegre",
    "61 3### ####": "Brasília",
    "71 3### ####": "Salvador",
    "81 3### ####": "Recife",
  }),
  plan("AU", "61", terms(2_000_000, VOICE_SMS), {
    "2 9### ####": "Sydney",
    "3 9### ####": "Melbourne",
    "7 3### ####": "Brisbane",
    "8 92## ####": "Perth",
    "8 8### ####": "Adelaide",
  }, { ...terms(4_000_000, VOICE), shape: "1800 ### ###" }),
  plan("IE", "353", terms(1_500_000, VOICE), { "1 6## ####": "Dublin", "21 4## ####": "Cork" }),
  plan("ES", "34", terms(1_500_000, VOICE), {
    "91 5## ## ##": "Madrid",
    "93 2## ## ##": "Barcelona",
    "96 3## ## ##": "Valencia",
  }),
  plan("NL", "31", terms(1_500_000, VOICE), {
    "20 6## ####": "Amsterdam",
    "10 4## ####": "Rotterdam",
    "70 3## ####": "Den Haag",
  }),
  plan("IT", "39", terms(1_750_000, VOICE), { "06 6### ####": "Roma", "02 8### ####": "Milano" }),
  plan("BE", "32", terms(1_500_000, VOICE), {
    "2 5## ## ##": "Bruxelles",
    "3 2## ## ##": "Antwerpen",
  }),
  plan("CH", "41", terms(2_000_000, VOICE), {
    "44 2## ## ##": "Zürich",
    "22 7## ## ##": "Genève",
    "31 3## ## ##": "Bern",
  }),
  plan("PT", "351", terms(1_500_000, VOICE), { "21 3## ####": "Lisboa", "22 2## ####": "Porto" }),
  plan("PL", "48", terms(1_500_000, VOICE_SMS), {
    "22 6## ## ##": "Warszawa",
    "12 4## ## ##": "Kraków",
  }),
  plan("SE", "46", terms(1_500_000, VOICE_SMS), {
    "8 6## ### ##": "Stockholm",
    "31 7## ## ##": "Göteborg",
  }),
  plan("MX", "52", terms(3_000_000, VOICE), {
    "55 5### ####": "Ciudad de México",
    "33 3### ####": "Guadalajara",
  }),
  plan("JP", "81", terms(4_500_000, VOICE), { "3 5### ####": "Tokyo", "6 6### ####": "Osaka" }),
  plan("NZ", "64", terms(2_500_000, VOICE), {
    "9 3## ####": "Auckland",
    "4 4## ####": "Wellington",
  }),
];
