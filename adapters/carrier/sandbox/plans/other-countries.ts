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

const terms = (monthly: number, setup: number, features: Terms["features"]): Terms => ({
  monthly: money(monthly),
  setup: money(setup),
  features,
});

const VOICE = ["voice"] as const;
const VOICE_SMS = ["voice", "sms"] as const;
const VOICE_FAX = ["voice", "fax"] as const;

/** The plans, after each regulator's published numbering plan; prices are the sandbox's own. */
export const WORLD: readonly WorldPlan[] = [
  {
    country: "GB",
    callingCode: "44",
    local: terms(1_150_000, 1_000_000, VOICE_SMS),
    areas: {
      "20 7### ####": "London",
      "20 8### ####": "London",
      "121 4## ####": "Birmingham",
      "131 5## ####": "Edinburgh",
      "141 3## ####": "Glasgow",
      "161 8## ####": "Manchester",
      "113 2## ####": "Leeds",
      "117 9## ####": "Bristol",
    },
    tollFree: { ...terms(2_500_000, 1_000_000, VOICE), shape: "800 2## ####" },
  },
  {
    country: "DE",
    callingCode: "49",
    local: terms(1_125_000, 1_000_000, VOICE),
    areas: {
      "30 2### ####": "Berlin",
      "40 3### ####": "Hamburg",
      "89 2### ####": "München",
      "69 2### ####": "Frankfurt am Main",
      "221 2## ####": "Köln",
      "711 2## ####": "Stuttgart",
      "211 3## ####": "Düsseldorf",
      "341 2## ####": "Leipzig",
    },
    tollFree: { ...terms(3_000_000, 1_000_000, VOICE), shape: "800 3## ####" },
  },
  {
    country: "FR",
    callingCode: "33",
    local: terms(1_250_000, 1_000_000, VOICE_FAX),
    areas: {
      "1 42 ## ## ##": "Paris",
      "1 53 ## ## ##": "Paris",
      "4 72 ## ## ##": "Lyon",
      "4 91 ## ## ##": "Marseille",
      "5 61 ## ## ##": "Toulouse",
      "5 56 ## ## ##": "Bordeaux",
      "3 20 ## ## ##": "Lille",
      "2 40 ## ## ##": "Nantes",
    },
    tollFree: { ...terms(3_500_000, 1_000_000, VOICE), shape: "80 05# ## ##" },
  },
  {
    country: "BR",
    callingCode: "55",
    local: terms(4_000_000, 2_000_000, ["voice", "whatsapp"]),
    areas: {
      "11 3### ####": "São Paulo",
      "21 3### ####": "Rio de Janeiro",
      "31 3### ####": "Belo Horizonte",
      "41 3### ####": "Curitiba",
      "51 3### ####": "Porto Alegre",
      "61 3### ####": "Brasília",
      "71 3### ####": "Salvador",
      "81 3### ####": "Recife",
    },
    tollFree: null,
  },
  {
    country: "AU",
    callingCode: "61",
    local: terms(2_000_000, 1_000_000, VOICE_SMS),
    areas: {
      "2 9### ####": "Sydney",
      "3 9### ####": "Melbourne",
      "7 3### ####": "Brisbane",
      "8 92## ####": "Perth",
      "8 8### ####": "Adelaide",
    },
    tollFree: { ...terms(4_000_000, 1_000_000, VOICE), shape: "1800 ### ###" },
  },
  {
    country: "IE",
    callingCode: "353",
    local: terms(1_500_000, 1_000_000, VOICE),
    areas: { "1 6## ####": "Dublin", "21 4## ####": "Cork" },
    tollFree: null,
  },
  {
    country: "ES",
    callingCode: "34",
    local: terms(1_500_000, 1_000_000, VOICE),
    areas: { "91 5## ## ##": "Madrid", "93 2## ## ##": "Barcelona", "96 3## ## ##": "Valencia" },
    tollFree: null,
  },
  {
    country: "NL",
    callingCode: "31",
    local: terms(1_500_000, 1_000_000, VOICE),
    areas: { "20 6## ####": "Amsterdam", "10 4## ####": "Rotterdam", "70 3## ####": "Den Haag" },
    tollFree: null,
  },
  {
    country: "IT",
    callingCode: "39",
    local: terms(1_750_000, 1_000_000, VOICE),
    areas: { "06 6### ####": "Roma", "02 8### ####": "Milano" },
    tollFree: null,
  },
  {
    country: "BE",
    callingCode: "32",
    local: terms(1_500_000, 1_000_000, VOICE),
    areas: { "2 5## ## ##": "Bruxelles", "3 2## ## ##": "Antwerpen" },
    tollFree: null,
  },
  {
    country: "CH",
    callingCode: "41",
    local: terms(2_000_000, 1_000_000, VOICE),
    areas: { "44 2## ## ##": "Zürich", "22 7## ## ##": "Genève", "31 3## ## ##": "Bern" },
    tollFree: null,
  },
  {
    country: "PT",
    callingCode: "351",
    local: terms(1_500_000, 1_000_000, VOICE),
    areas: { "21 3## ####": "Lisboa", "22 2## ####": "Porto" },
    tollFree: null,
  },
  {
    country: "PL",
    callingCode: "48",
    local: terms(1_500_000, 1_000_000, VOICE_SMS),
    areas: { "22 6## ## ##": "Warszawa", "12 4## ## ##": "Kraków" },
    tollFree: null,
  },
  {
    country: "SE",
    callingCode: "46",
    local: terms(1_500_000, 1_000_000, VOICE_SMS),
    areas: { "8 6## ### ##": "Stockholm", "31 7## ## ##": "Göteborg" },
    tollFree: null,
  },
  {
    country: "MX",
    callingCode: "52",
    local: terms(3_000_000, 1_000_000, VOICE),
    areas: { "55 5### ####": "Ciudad de México", "33 3### ####": "Guadalajara" },
    tollFree: null,
  },
  {
    country: "JP",
    callingCode: "81",
    local: terms(4_500_000, 1_000_000, VOICE),
    areas: { "3 5### ####": "Tokyo", "6 6### ####": "Osaka" },
    tollFree: null,
  },
  {
    country: "NZ",
    callingCode: "64",
    local: terms(2_500_000, 1_000_000, VOICE),
    areas: { "9 3## ####": "Auckland", "4 4## ####": "Wellington" },
    tollFree: null,
  },
];
