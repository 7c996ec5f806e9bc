/**
 * What a carrier sells is sold, whatever the tables of a library have: area codes and prefixes that
 * are newer than the tables, reserved toll-free codes, countries that they lack.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { getCountries, getCountryCallingCode } from "libphonenumber-js/min";
import * as v from "valibot";
import { openTelnyxCarrier } from "../../adapters/carrier/telnyx/mod.ts";
import type { Carrier, CarrierNumber, Offer } from "../../core/ports/mod.ts";
import type { E164 } from "../../core/values/e164.ts";
import { money } from "../../core/values/money.ts";
import { ok } from "../../core/values/result.ts";
import { ImportSchema } from "../../http/speko/schemas.ts";
import { openTestApp } from "../support/app.ts";
import { runs } from "../support/runs.ts";

const offered = (e164: E164, country: string, type: Offer["type"] = "local"): Offer => ({
  e164,
  type,
  country,
  setup: money(1_000_000),
  monthly: money(1_000_000),
  features: ["voice", "sms"],
  region: { state: null, locality: null, rateCenter: null },
});

const OFFERS: readonly Offer[] = [
  // In service, and younger than the library's tables.
  offered("+14365550101", "US"),
  offered("+19245550101", "US"),
  // A code that is not assigned yet.
  offered("+12225550101", "CA"),
  // Reserved toll-free codes.
  offered("+18225550101", "US", "tollFree"),
  offered("+18855550101", "CA", "tollFree"),
  // Prefixes that no table has, and one country's number held in another.
  offered("+449912345678", "GB"),
  offered("+33012345678", "FR"),
  offered("+79991234567", "KZ"),
  // Codes of territories outside ISO 3166-1, or of no country.
  offered("+38320123456", "XK"),
  offered("+999123456789", "ZZ"),
];

/** A carrier that sells these numbers and nothing else. */
const openCarrier = (offers: readonly Offer[]): Carrier => {
  const sold = new Map<string, CarrierNumber>();
  const left = () =>
    offers.filter(({ e164 }) => [...sold.values()].every((one) => one.e164 !== e164));
  return {
    name: "strange",
    settlingMs: 0,
    searchesBy: { features: ["sms"], patterns: ["contains", "startsWith", "endsWith"] },
    search: ({ country, type }) =>
      Promise.resolve(ok(left().filter((one) => one.country === country && one.type === type))),
    quote: (e164) => Promise.resolve(ok(left().find((one) => one.e164 === e164) ?? null)),
    order: ({ key, e164 }) => {
      const carrierId = `c_${e164.slice(1)}`;
      sold.set(key, { e164, carrierId, status: "active", orderKey: key, connectionId: null });
      return Promise.resolve(ok({ status: "confirmed", carrierId }));
    },
    findOrder: (key) => {
      const number = sold.get(key);
      return Promise.resolve(
        ok(number === undefined ? null : { status: "confirmed", carrierId: number.carrierId }),
      );
    },
    findNumber: (e164) =>
      Promise.resolve(ok([...sold.values()].find((one) => one.e164 === e164) ?? null)),
    inventory: () => Promise.resolve(ok({ numbers: [...sold.values()], next: null })),
    has: ({ e164 }) => Promise.resolve(ok([...sold.values()].some((one) => one.e164 === e164))),
    connect: () => Promise.resolve(ok("connected")),
    release: () => Promise.resolve(ok("released")),
  };
};

const open = async () => {
  const app = openTestApp({ carrier: openCarrier(OFFERS) });
  after(() => app.close());
  const token = await app.organization("acme", "Scale");
  const call = (method: string, path: string, body?: unknown) =>
    app.request(method, path, { token, body });
  return { call };
};

test("every number that the carrier offers is shown, whatever its digits", async () => {
  const { call } = await open();
  for (const { e164, country, type } of OFFERS) {
    // Talkturo asks by a country of ISO 3166-1.
    if (country === "XK" || country === "ZZ") continue;
    const numberType = type === "local" ? "local" : "toll-free";
    const digits = { contains: e164.slice(-6), endsWith: e164.slice(-2), features: ["sms"] };
    const filters = { countryCode: country, numberType, ...digits };
    const { status, json } = await call("POST", "/api/phone-numbers/search", { filters });
    assert.equal(status, 200);
    assert.ok(json.numbers.some((one: { phoneNumber: string }) => one.phoneNumber === e164), e164);
  }
  const speko = await call("GET", "/v1/phone-numbers/available?areaCode=924");
  assert.deepEqual(speko.json.map((one: { e164: string }) => one.e164), ["+19245550101"]);
});

test("every number that the carrier offers is bought and listed in all dialects, in the country that the offer says", async () => {
  const { call } = await open();
  for (const [place, { e164 }] of OFFERS.entries()) {
    const bought = place % 2 === 0
      ? await call("POST", "/v1/phone-numbers", { e164 })
      : await call("POST", "/api/phone-numbers/purchase", { phoneNumber: e164, teamId: "acme" });
    assert.equal(bought.status, 200, `${e164}: ${JSON.stringify(bought.json)}`);
  }
  const all = OFFERS.map(({ e164 }) => e164).toSorted();
  const speko = await call("GET", "/v1/phone-numbers");
  assert.deepEqual(speko.json.map((one: { e164: string }) => one.e164).toSorted(), all);
  const talkturo = await call("GET", "/api/phone-numbers/purchase?teamId=acme");
  const shown = talkturo.json.numbers.map((one: { phone_number: string }) => one.phone_number);
  assert.deepEqual(shown.toSorted(), all);
  const talkover = await call("GET", "/api/v1/phone-numbers");
  const countries = talkover.json.data.map((one: { number: string; country_code: string }) => [
    one.number,
    one.country_code,
  ]);
  const expected = OFFERS.map(({ e164, country }) => [e164, country]);
  assert.deepEqual(Object.fromEntries(countries), Object.fromEntries(expected));
  for (const one of talkover.json.data) {
    for (const form of [one.formatted_number, one.international_number]) {
      assert.ok(one.number.endsWith(form.replace(/\D/g, "").slice(-6)), form);
    }
    const found = await call("GET", `/api/v1/phone-numbers?search=${one.number.slice(1)}`);
    assert.equal(found.json.data.length, 1, one.number);
  }
});

test("an import is taken whatever its digits, and as it is written", () => {
  const codes = [...new Set(getCountries().map((country) => getCountryCallingCode(country)))];
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 6, maxLength: 12 });
  const read = (e164: E164) => v.parse(ImportSchema, { e164, sipConnectionInstallationId: "sip" });
  fc.assert(
    fc.property(fc.constantFrom(...codes), digits, (code, rest) => {
      const e164: E164 = `+${code}${rest.slice(0, 15 - code.length)}`;
      assert.equal(read(e164).e164, e164);
    }),
    { numRuns: runs(2_000) },
  );
  for (const { e164 } of OFFERS) assert.equal(read(e164).e164, e164);
});

/** Telnyx, selling one number as of this type and country. */
const telnyxWith = (e164: E164, country: string, type: string) => {
  const asked: string[] = [];
  const answer: typeof fetch = (input) => {
    const query = new URL(String(input)).searchParams;
    const area = query.get("filter[national_destination_code]") ?? "";
    const start = query.get("filter[phone_number][starts_with]") ?? "";
    asked.push(`${query.get("filter[country_code]")} ${query.get("filter[phone_number_type]")}`);
    const isIt = query.get("filter[country_code]") === country &&
      query.get("filter[phone_number_type]") === type && e164.endsWith(`${area}${start}`);
    const row = {
      phone_number: e164,
      cost_information: { upfront_cost: "1.00", monthly_cost: "1.00", currency: "USD" },
      features: [{ name: "voice" }],
      region_information: [],
    };
    return Promise.resolve(Response.json({ data: isIt ? [row] : [] }));
  };
  return { carrier: openTelnyxCarrier({ apiKey: "KEY", fetch: answer }), asked };
};

test("Telnyx is asked for a number where it is known to be sold, whatever our tables say", async () => {
  const sold = [
    // A code of the Caribbean that is younger than the tables, and codes of no country.
    ["+12225550101", "JM", "local"],
    ["+80012345678", "US", "toll_free"],
    ["+999123456789", "GB", "local"],
  ] as const;
  for (const [e164, country, type] of sold) {
    const { carrier } = telnyxWith(e164, country, type);
    const quoted = await carrier.quote(e164, { country });
    assert.ok(quoted.ok && quoted.value?.country === country, e164);
  }
});

test("Telnyx is asked for a number as every type it may be, and its answer counts", async () => {
  const sold = [
    ["+18225550101", "US", "toll_free"],
    ["+18875550101", "CA", "toll_free"],
    // A code reserved for toll-free numbers that a carrier sells as geographic.
    ["+18855550101", "US", "local"],
    ["+12225550101", "CA", "local"],
    ["+38349123456", "XK", "local"],
    ["+2478123456", "AC", "local"],
    ["+449912345678", "GB", "toll_free"],
  ] as const;
  for (const [e164, country, type] of sold) {
    const { carrier, asked } = telnyxWith(e164, country, type);
    const quoted = await carrier.quote(e164);
    assert.ok(quoted.ok && quoted.value?.e164 === e164, `${e164}: asked ${asked.join(", ")}`);
    assert.deepEqual([quoted.value.country, asked.length <= 8], [country, true]);
  }
});
