/** International businesses: their e-mail addresses, names, and postal addresses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { COUNTRY_CODES, isCountry } from "../../core/values/country.ts";
import { missingOf, postalFormOf } from "../../core/verification/address.ts";
import { EMAILS, NO_EMAILS } from "./emails.ts";
import { assertFailure, BUSINESS, spekoCall, withSpeko } from "./speko-support.ts";

const { businessProfile, authorizedRepresentative } = BUSINESS;

test("a representative may have any valid e-mail address, and no other text", () =>
  withSpeko(async ({ call }) => {
    const status = async (email: string) => {
      const body = {
        ...BUSINESS,
        authorizedRepresentative: { ...authorizedRepresentative, email },
      };
      return (await call("PUT", "/kyb/draft", body)).status;
    };
    for (const email of EMAILS) assert.equal(await status(email), 200, email);
    for (const email of NO_EMAILS.filter((text) => text !== "")) {
      assert.equal(await status(email), 400, JSON.stringify(email));
    }
  }));

test("a business has a name in any script, which comes back as it was written", () =>
  withSpeko(async ({ call }) => {
    const names = [
      "Müller & Söhne GmbH",
      "株式会社アクメ",
      "ООО «Ромашка»",
      "شركة المثال",
      "חברת דוגמה",
      "उदाहरण लिमिटेड",
      "บริษัท ตัวอย่าง",
      "예시 주식회사",
      "Παράδειγμα ΑΕ",
      "შპს მაგალითი",
      "Օրինակ ՍՊԸ",
      "எடுத்துக்காட்டு நிறுவனம்",
      "ምሳሌ ኃ.የተ.የግ.ማ",
      "示例有限公司",
    ];
    for (const legalName of names) {
      const body = { ...BUSINESS, businessProfile: { ...businessProfile, legalName } };
      const { status, json } = await call("PUT", "/kyb/draft", body);
      assert.equal(status, 200, legalName);
      assert.equal(json.businessProfile.legalName, legalName);
    }
  }));

test("a business is in any country of ISO 3166-1, also one without its own numbering plan", () =>
  withSpeko(async ({ call }) => {
    for (const country of COUNTRY_CODES) {
      const address = { ...businessProfile.address, country };
      const body = { ...BUSINESS, businessProfile: { ...businessProfile, country, address } };
      assert.equal((await call("PUT", "/kyb/draft", body)).status, 200, country);
    }
  }));

test("there are 249 countries, each of which the runtime's own data know", () => {
  assert.equal(COUNTRY_CODES.length, 249);
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  for (const code of COUNTRY_CODES) assert.ok(names.of(code), code);
});

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
/** Reserved or in use elsewhere, and none of ISO 3166-1's countries. */
const NO_COUNTRIES = ["UK", "EU", "XK", "AC", "CP", "DG", "EA", "EZ", "IC", "SU", "TA", "UN", "ZZ"];
const NO_CODES = ["USA", "U", " ", " US", "840", "ＵＳ", "United States"];

test("a business is in no country that ISO 3166-1 does not assign", () =>
  withSpeko(async ({ call }) => {
    const refused = async (member: "country" | "address", country: string) => {
      const address = { ...businessProfile.address, country };
      const given = member === "country" ? { country } : { address };
      const body = { ...BUSINESS, businessProfile: { ...businessProfile, ...given } };
      const { status, json } = await call("PUT", "/kyb/draft", body);
      return status === 400 && json.error.includes(`businessProfile.${member}`);
    };
    for (const country of [...NO_COUNTRIES, ...NO_CODES]) {
      assert.ok(await refused("country", country), country);
      assert.ok(await refused("address", country), country);
    }
    const all = LETTERS.flatMap((first) => LETTERS.map((second) => `${first}${second}`));
    assert.deepEqual(all.filter(isCountry), COUNTRY_CODES);
  }));

const whole = {
  street: "1 Main Street",
  city: "Town",
  state: "State",
  postalCode: "12345",
  country: "US",
};

test("an address has what its country's addresses have, and may lack the rest", () => {
  for (const country of COUNTRY_CODES) {
    assert.deepEqual(missingOf({ ...whole, country }), [], country);
    assert.deepEqual(missingOf({ ...whole, country, street: " " }), ["street"], country);
  }
  const lacks = (country: string, without: Partial<typeof whole> | Record<string, null>) =>
    missingOf({ ...whole, country, ...without });
  assert.deepEqual(lacks("US", { postalCode: "" }), ["postalCode"]);
  assert.deepEqual(lacks("US", { state: null, city: null }), ["city", "state"]);
  assert.deepEqual(lacks("HK", { postalCode: "" }), []);
  assert.deepEqual(lacks("HK", { postalCode: null, city: null }), []);
  assert.deepEqual(lacks("HK", { postalCode: null, city: null, state: null }), ["city"]);
  assert.deepEqual(lacks("SG", { city: null, state: null }), []);
  assert.deepEqual(lacks("SG", { city: null, postalCode: null }), ["postalCode"]);
  assert.deepEqual(lacks("MC", { city: null, state: null, postalCode: null }), []);
  assert.deepEqual(lacks("IE", { postalCode: null, state: null }), []);
  assert.deepEqual(lacks("AE", { postalCode: null, city: null }), []);
  assert.deepEqual(lacks("DE", { postalCode: null, state: null }), ["postalCode"]);
  assert.deepEqual(missingOf({ ...whole, country: null }), ["country"]);
});

test("POST submit names the member that an address lacks", () =>
  withSpeko(async ({ call }) => {
    const submit = async (address: object) =>
      await call("POST", "/kyb/submit", {
        ...BUSINESS,
        businessProfile: { ...businessProfile, address },
      });
    const address = { street: "1 Main Street", city: "Springfield", country: "US" };
    for (
      const [given, lacking] of [[address, "state"], [
        { ...address, state: "IL" },
        "postalCode",
      ]] as const
    ) {
      const answer = await submit(given);
      assert.equal(answer.status, 400);
      assert.ok(
        answer.json.error.includes(`businessProfile.address.${lacking}`),
        answer.json.error,
      );
    }
    assert.equal((await submit({ ...address, state: "IL", postalCode: "62701" })).status, 200);
  }));

/** An address of the country with exactly the fields of its form. */
const barest = (country: string): Record<string, string> => {
  const form = postalFormOf(country);
  assert.ok(form !== null, country);
  return {
    street: "1 Main Street",
    ...(form.city === "asked" && !form.cityOrState && { city: "Town" }),
    ...((form.state === "asked" || form.cityOrState) && { state: "State" }),
    ...(form.postalCode === "asked" && { postalCode: "12345" }),
    country,
  };
};

test("POST submit takes an address of any country without fields that its form lacks", () =>
  withSpeko(async ({ app }) => {
    for (const country of COUNTRY_CODES) {
      const call = spekoCall(app, await app.organization(`org_${country}`));
      const profile = { ...businessProfile, country, address: barest(country) };
      const { status, json } = await call("POST", "/kyb/submit", {
        ...BUSINESS,
        businessProfile: profile,
      });
      assert.equal(status, 200, `${country}: ${json.error}`);
    }
  }));

test("POST submit names each missing member that the country's form requires", () =>
  withSpeko(async ({ call }) => {
    for (const country of COUNTRY_CODES) {
      const address = barest(country);
      for (const member of ["street", "city", "state", "postalCode"]) {
        if (!Object.hasOwn(address, member)) continue;
        const { [member]: _, ...without } = address;
        const profile = { ...businessProfile, country, address: without };
        const answer = await call("POST", "/kyb/submit", { ...BUSINESS, businessProfile: profile });
        const named = postalFormOf(country)?.cityOrState && member === "state" ? "city" : member;
        assertFailure(answer, 400, "VALIDATION_ERROR");
        const path = `businessProfile.address.${named} `;
        assert.ok(answer.json.error.includes(path), `${country}: ${answer.json.error}`);
      }
    }
  }));

/** Addresses as written on letters: street, city, state, postal code, country. */
const ON_LETTERS = [
  ["1600 Pennsylvania Avenue NW", "Washington", "DC", "20500", "US"],
  ["150 Elgin Street", "Ottawa", "ON", "K2P 1L4", "CA"],
  ["10 Downing Street", "London", null, "SW1A 2AA", "GB"],
  ["Leeson Lane", "Dublin 2", null, null, "IE"],
  ["Ring 1", "Bonn", null, "53111", "DE"],
  ["55 rue du Faubourg Saint-Honoré", "Paris", null, "75008", "FR"],
  ["Calle de Alcalá 45", "Madrid", null, "28014", "ES"],
  ["Via Nazionale 91", "Roma", "RM", "00184", "IT"],
  ["150 Kennedy Road", null, "Hong Kong Island", null, "HK"],
  ["150 Kennedy Road", "Wan Chai", null, null, "HK"],
  ["Avenida da Praia Grande 594", null, null, null, "MO"],
  ["16 Raffles Quay", null, null, "048581", "SG"],
  ["2 avenue Saint-Laurent", null, null, null, "MC"],
  ["Casina Pio IV", null, null, "00120", "VA"],
  ["Main Street 5", null, null, "GX11 1AA", "GI"],
  ["Sheikh Zayed Road 12", null, "Dubai", null, "AE"],
  ["1-1 Chiyoda, Chiyoda-ku", null, "Tokyo", "100-8111", "JP"],
  ["Sejong-daero 175", "Seoul", null, "03172", "KR"],
  ["Chongyang Road 6", "Wuhan", "Hubei", "430000", "CN"],
  ["Carrera 7 No. 32-16", "Bogotá", null, null, "CO"],
  ["Avenida Paulista 1578", "São Paulo", "SP", "01310-200", "BR"],
  ["Paseo de la Reforma 265", "Ciudad de México", "CDMX", "06500", "MX"],
  ["1 George Street", "Sydney", "NSW", "2000", "AU"],
  ["12 Featherston Street", "Wellington", null, "6011", "NZ"],
  ["Connaught Place 1", "New Delhi", "Delhi", "110001", "IN"],
  ["P.O. Box 30368", "Nairobi", null, null, "KE"],
  ["Plot 4, Kimathi Avenue", "Kampala", null, null, "UG"],
  ["Corniche Road 9", "Doha", null, null, "QA"],
  ["Bolshaya Nikitskaya 7", "Moscow", null, "125009", "RU"],
  ["The Square", "Adamstown", null, "PCRN 1ZZ", "PN"],
  ["Rue Félix Éboué 4", "Djibouti", null, null, "DJ"],
  ["Civic Centre", null, "Yaren District", null, "NR"],
] as const;

test("POST submit takes addresses as written on letters", () =>
  withSpeko(async ({ app }) => {
    for (const [nth, [street, city, state, postalCode, country]] of ON_LETTERS.entries()) {
      const call = spekoCall(app, await app.organization(`org_${nth}`));
      const address = { street, city, state, postalCode, country };
      const businessHere = { ...businessProfile, country, address };
      const answer = await call("POST", "/kyb/submit", {
        ...BUSINESS,
        businessProfile: businessHere,
      });
      assert.equal(answer.status, 200, `${country}: ${answer.json.error}`);
      assert.deepEqual(answer.json.businessProfile.address, address);
    }
  }));

test("POST submit takes a business without registration, and a representative without phone", async () => {
  for (const none of [undefined, null, ""]) {
    await withSpeko(async ({ call }) => {
      const { registrationId: _, ...profile } = businessProfile;
      const { phone: __, ...representative } = authorizedRepresentative;
      const isAbsent = none === undefined;
      const answer = await call("POST", "/kyb/submit", {
        ...BUSINESS,
        businessProfile: isAbsent ? profile : { ...profile, registrationId: none },
        authorizedRepresentative: isAbsent ? representative : { ...representative, phone: none },
      });
      const sent = answer.json;
      assert.equal(sent.status, "submitted");
      assert.equal(sent.businessProfile.registrationId, null);
      assert.equal(sent.authorizedRepresentative.phone, null);
    });
  }
});
