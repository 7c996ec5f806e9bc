import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parsePhoneNumber } from "libphonenumber-js/max";
import {
  type Inventory,
  openInventory,
  take,
} from "../../../adapters/carrier/sandbox/inventory.ts";
import { CANADA } from "../../../adapters/carrier/sandbox/plans/canada.ts";
import { US_A_TO_M } from "../../../adapters/carrier/sandbox/plans/us-a-m.ts";
import { US_N_TO_W } from "../../../adapters/carrier/sandbox/plans/us-n-w.ts";
import { WORLD } from "../../../adapters/carrier/sandbox/plans/other-countries.ts";
import type { Offer, SearchFilters } from "../../../core/ports/mod.ts";
import { isE164 } from "../../../core/values/e164.ts";
import { formatMoney } from "../../../core/values/money.ts";
import { runs } from "../../support/runs.ts";

const US = Object.keys({ ...US_A_TO_M, ...US_N_TO_W });
const CA = Object.keys(CANADA);
const TOLL_FREE = ["800", "833", "844", "855", "866", "877", "888"];
const COUNTRIES = ["US", "CA", ...WORLD.map(({ country }) => country)];

// Overlays that are younger than the metadata in use, which knows no country for them.
const YOUNG = ["357", "436", "621", "624", "679", "729", "837", "861", "924"];

const inventory = openInventory();

const list = (filters: SearchFilters, from: Inventory = inventory): readonly Offer[] =>
  take(from.listed(filters), filters.limit);

const assertPossible = (offer: Offer): void => {
  assert.ok(isE164(offer.e164), offer.e164);
  const parsed = parsePhoneNumber(offer.e164);
  assert.ok(parsed.isPossible(), offer.e164);
  if (YOUNG.includes(offer.e164.slice(2, 5)) && offer.e164.startsWith("+1")) return;
  const shared = offer.country === "CA" && offer.type === "tollFree";
  assert.equal(parsed.country, shared ? "US" : offer.country, offer.e164);
};

const anyFilters: fc.Arbitrary<SearchFilters> = fc.record({
  country: fc.constantFrom(...COUNTRIES, "ZZ"),
  type: fc.constantFrom("local", "tollFree"),
  areaCode: fc.constantFrom("415", "212", "416", "800", "999", ...US),
  locality: fc.constantFrom("San Francisco", "são paulo", "LONDON", "Toronto", "", "Nowhere"),
  limit: fc.integer({ min: 1, max: 100 }),
}, { requiredKeys: ["country", "type", "limit"] });

describe("sandbox inventory", () => {
  it("listed gives possible numbers of the country, none twice, for any filters", () => {
    fc.assert(fc.property(anyFilters, (filters) => {
      const offers = list(filters);
      assert.equal(new Set(offers.map(({ e164 }) => e164)).size, offers.length);
      offers.forEach(assertPossible);
    }));
  });

  it("listed gives the same offers in every instance, and quoting one gives it again", () => {
    fc.assert(
      fc.property(anyFilters, (filters) => {
        const offers = list(filters);
        assert.deepEqual(list(filters, openInventory()), offers);
        if (filters.country === "CA" && filters.type === "tollFree") return;
        for (const offer of offers) assert.deepEqual(inventory.offerOf(offer.e164), offer);
      }),
      { numRuns: runs(40) },
    );
  });
});

describe("sandbox inventory of the US and Canada", () => {
  it("listed obeys the numbering plan's rules in every area code of the US and Canada", () => {
    for (const [country, areaCodes] of [["US", US], ["CA", CA]] as const) {
      for (const areaCode of areaCodes) {
        const offers = list({ country, type: "local", areaCode, limit: 110 });
        assert.equal(offers.length, 110);
        offers.forEach(assertPossible);
        for (const { e164, region } of offers) {
          assert.match(e164, /^\+1\d{3}(?!.11)[2-9]\d{6}$/);
          assert.ok((region.rateCenter?.length ?? 99) <= 10, region.rateCenter ?? areaCode);
          assert.match(region.state ?? "", /^[A-Z]{2}$/);
        }
      }
    }
  });

  it("listed knows every area code that the metadata of phone numbers has", () => {
    const known = Array.from({ length: 800 }, (_, place) => String(place + 200)).filter((code) => {
      const parsed = parsePhoneNumber(`+1${code}2345678`);
      return parsed.getType() === "FIXED_LINE_OR_MOBILE" && /US|CA/.test(parsed.country ?? "");
    });
    assert.deepEqual(known.filter((code) => !US.includes(code) && !CA.includes(code)), []);
    assert.deepEqual([...US, ...CA].filter((code) => !known.includes(code)).sort(), YOUNG);
  });

  it("listed has all of an area code's 10,000 numbers only once", () => {
    const offers = list({ country: "US", type: "local", areaCode: "415", limit: 10_001 });
    assert.equal(offers.length, 10_000);
    assert.equal(new Set(offers.map(({ e164 }) => e164)).size, 10_000);
  });

  it("listed begins with the two numbers that the Talkturo documents show", () => {
    const offers = list({ country: "US", type: "local", areaCode: "415", limit: 2 });
    assert.deepEqual(
      offers.map(({ e164, monthly, setup, features }) => [
        e164,
        formatMoney(monthly),
        formatMoney(setup),
        features,
      ]),
      [["+14155550101", "1.00", "1.00", ["voice", "sms"]], [
        "+14155550198",
        "1.00",
        "1.00",
        ["voice", "sms"],
      ]],
    );
  });

  it("listed finds the towns of an area code, and toll-free numbers by prefix", () => {
    for (const locality of ["San Francisco", "San Rafael", "Sausalito", "mill valley"]) {
      const filters = { country: "US", type: "local", areaCode: "415", locality, limit: 100 };
      assert.equal(list(filters as SearchFilters).length, 100);
    }
    for (const country of ["US", "CA"]) {
      for (const areaCode of TOLL_FREE) {
        assert.equal(list({ country, type: "tollFree", areaCode, limit: 3 }).length, 3);
      }
    }
  });
});

describe("sandbox inventory of all countries", () => {
  it("listed gives a hundred possible local numbers in every country", () => {
    for (const country of COUNTRIES) {
      const offers = list({ country, type: "local", limit: 100 });
      assert.equal(offers.length, 100, country);
      offers.forEach(assertPossible);
      list({ country, type: "tollFree", limit: 100 }).forEach(assertPossible);
    }
  });

  it("offerOf gives an offer when the plan has the number, listed or not", () => {
    for (const e164 of ["+12345678901", "+14155551234", "+442079460018", "+18002345678"] as const) {
      assert.equal(inventory.offerOf(e164)?.e164, e164);
    }
  });

  it("offerOf gives nothing when no plan has the number", () => {
    const none = ["+1234567890", "+14151115555", "+14159115555", "+19995550101", "+999123456789"];
    for (const e164 of none) assert.equal(isE164(e164) && inventory.offerOf(e164), undefined);
  });
});
