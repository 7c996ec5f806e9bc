/** What a search asks for: towns as people write them, area codes near one another, digits. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { sha256 } from "../../adapters/hash/sha256.ts";
import { CANADA } from "../../adapters/carrier/sandbox/plans/canada.ts";
import { US_A_TO_M } from "../../adapters/carrier/sandbox/plans/us-a-m.ts";
import { US_N_TO_W } from "../../adapters/carrier/sandbox/plans/us-n-w.ts";
import { FEATURES, PATTERNS } from "../../core/ports/carrier.ts";
import {
  beginningOf,
  hasDigits,
  inOneForm,
  isPattern,
  matches,
  nationalOf,
  searchKey,
  unsupported,
} from "../../core/number/search.ts";
import type { Offer, SearchFilters } from "../../core/ports/mod.ts";
import { nearbyAreaCodes, stateOfAreaCode } from "../../core/values/area-codes.ts";
import { townKey, townSpellings } from "../../core/values/town.ts";
import { e164 } from "../harness/arbitraries/values.ts";
import { E164_1, offerOf } from "../harness/story/mod.ts";
import type { E164 } from "../../core/values/e164.ts";

/**
 * The plan below as it was when it named the state and the towns of each area code apart from the
 * list of the states: the hash of its JSON. A plan that changes has another.
 */
const PLAN_HASH = "5ea94d864af3bd8d18728ec7dd92a94e524054fb254c4b67767ddf93e6f20216";

const PLAN: Readonly<Record<string, string>> = { ...US_A_TO_M, ...US_N_TO_W, ...CANADA };
const stateIn = (areaCode: string): string => PLAN[areaCode]?.slice(0, 2) ?? "";
const mainTown = (areaCode: string): string | undefined =>
  /^..: ([^,=]+)/.exec(PLAN[areaCode] ?? "")?.[1];

describe("towns", () => {
  test("are the same however people write them", () => {
    const same = [
      ["St. Louis", "Saint Louis", "st louis", " ST.  LOUIS ", "St.Louis"],
      ["Fort Worth", "Ft. Worth", "ft worth", "FT WORTH"],
      ["Mount Vernon", "Mt. Vernon", "mt vernon"],
      ["New York", "New York City", "new york city", "NYC", "NEW  YORK"],
      ["Montréal", "Montreal", "MONTREAL", "Montre\u0301al"],
      ["Québec", "Quebec", "Quebec City", "Ville de Québec"],
      ["Saint-Jérôme", "St-Jerome", "St. Jérôme", "ST JEROME"],
      ["Sault Ste. Marie", "Sault Sainte Marie", "sault ste marie"],
      ["St. John's", "St. John’s", "Saint Johns"],
      ["Trois-Rivières", "trois rivieres"],
      ["São Paulo", "sao paulo"],
      ["Łódź", "lodz"],
      ["Washington", "Washington, D.C.", "Washington DC"],
      ["Gießen", "Giessen"],
      ["東京", " 東京 "],
    ];
    for (const [first = "", ...others] of same) {
      for (const other of others) {
        assert.equal(townKey(first), townKey(other), `${first} and ${other}`);
      }
    }
    const keys = same.map(([first = ""]) => townKey(first));
    assert.equal(new Set(keys).size, keys.length);
  });

  test("are not the same where names only resemble each other", () => {
    const different = [
      ["Kansas City", "Kansas"],
      ["Salt Lake City", "Salt Lake"],
      ["Staten Island", "Saint Aten Island"],
      ["Stockton", "Saint Ockton"],
      ["Montgomery", "Mount Gomery"],
      ["Saint John", "St. John's"],
      ["York", "New York"],
    ] as const;
    for (const [one, other] of different) {
      assert.notEqual(townKey(one), townKey(other), `${one} and ${other}`);
    }
  });

  test("have spellings that all name them, the one that was written first", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("St.", "Saint", "ft", "Mount", "Été", "o'Neil", "-", "x", "ß")),
        (words) => {
          const town = words.join(" ").trim();
          const spellings = townSpellings(town);
          assert.equal(spellings[0], town);
          assert.ok(spellings.length <= 6);
          for (const spelling of spellings) assert.equal(townKey(spelling), townKey(town));
        },
      ),
    );
    assert.deepEqual(townSpellings("Chicago"), ["Chicago"]);
    assert.deepEqual(townSpellings("Ft Worth"), ["Ft Worth", "Fort Worth", "Ft. Worth"]);
  });

  test("have a key also where the text is odd, and none where it has no letters", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(townKey(townKey(text)), townKey(text));
    }));
    for (const text of ["", " ", "...", "-'-"]) assert.equal(townKey(text), "", text);
  });
});

describe("area codes", () => {
  test("are in the state in which the numbering plan has them, all of them", () => {
    assert.equal(sha256(JSON.stringify(PLAN)), PLAN_HASH);
    for (const areaCode of Object.keys(PLAN)) {
      assert.equal(stateOfAreaCode(areaCode), stateIn(areaCode), areaCode);
    }
    for (const areaCode of ["", "000", "999", "800", "41", "4155"]) {
      assert.equal(stateOfAreaCode(areaCode), null, areaCode);
    }
  });

  const nearbyIn = (areaCode: string, country = areaCode in CANADA ? "CA" : "US") =>
    nearbyAreaCodes(areaCode, { country, isTollFree: false });

  test("have no neighbours of another country, or another kind", () => {
    assert.deepEqual([nearbyIn("416", "US"), nearbyIn("415", "CA"), nearbyIn("833")], [[], [], []]);
    assert.deepEqual(nearbyAreaCodes("415", { country: "US", isTollFree: true }), []);
  });

  test("have all others of their state near them, overlays first", () => {
    for (const areaCode of Object.keys(PLAN)) {
      const nearby = nearbyIn(areaCode);
      const state = Object.keys(PLAN).filter((other) => stateIn(other) === stateIn(areaCode));
      assert.deepEqual([areaCode, ...nearby].toSorted(), state.toSorted(), areaCode);
    }
    assert.deepEqual(nearbyIn("415").slice(0, 3), ["628", "510", "341"]);
    assert.deepEqual(nearbyIn("212").slice(0, 3), ["332", "646", "917"]);
    assert.equal(mainTown("628"), mainTown("415"));
  });

  test("that are toll-free have the other toll-free ones near them, and unknown ones none", () => {
    assert.deepEqual(nearbyAreaCodes("888", { country: "US", isTollFree: true }), [
      "833",
      "844",
      "855",
      "866",
      "877",
      "800",
    ]);
    for (const areaCode of ["999", "000", "822", ""]) {
      assert.deepEqual(nearbyIn(areaCode), []);
    }
  });
});

const digits = (most: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: most });

const FILTERS: SearchFilters = { country: "US", type: "local", limit: 10 };
const offer: Offer = { ...offerOf("+14155550105"), features: ["voice", "sms", "mms"] };

describe("filters by digits", () => {
  test("are of the national number, the area code among them", () => {
    fc.assert(fc.property(e164, fc.nat(14), fc.nat(14), (number, from, to) => {
      const national = nationalOf(number);
      const part = national.slice(Math.min(from, to), Math.max(from, to));
      assert.ok(hasDigits(number, {
        startsWith: national.slice(0, from),
        contains: part,
        endsWith: national.slice(to),
      }));
      assert.ok(!hasDigits(number, { startsWith: `${national}0` }));
    }));
    assert.ok(hasDigits("+14155550101", { startsWith: "4155", contains: "155", endsWith: "01" }));
    assert.ok(!hasDigits("+14155550101", { startsWith: "1415" }));
  });

  test("that are an area code and a beginning have one beginning, or contradict each other", () => {
    fc.assert(fc.property(digits(3), digits(14), e164, (areaCode, startsWith, number) => {
      const beginning = beginningOf({ areaCode, startsWith });
      const isOf = hasDigits(number, { areaCode, startsWith });
      assert.equal(beginning !== null && nationalOf(number).startsWith(beginning), isOf);
    }));
    assert.equal(beginningOf({ areaCode: "415", startsWith: "212" }), null);
    assert.equal(beginningOf({ areaCode: "415", startsWith: "4" }), "415");
    assert.equal(beginningOf({}), "");
  });
});

describe("filters", () => {
  test("combine with AND", () => {
    const { region } = offer;
    const locality = region.locality ?? "";
    const fitting: readonly Partial<SearchFilters>[] = [
      {},
      { areaCode: "415", features: ["mms", "voice"], contains: "5550", endsWith: "105" },
      { locality: locality.toUpperCase() },
    ];
    for (const filters of fitting) assert.ok(matches(offer, { ...FILTERS, ...filters }));
    const strange: readonly Partial<SearchFilters>[] = [
      { country: "CA" },
      { type: "tollFree" },
      { areaCode: "416" },
      { features: ["voice", "fax"] },
      { contains: "5550", endsWith: "106" },
      { locality: "Oakland" },
      { locality: "..." },
    ];
    for (const filters of strange) {
      assert.ok(!matches(offer, { ...FILTERS, ...filters }), JSON.stringify(filters));
    }
  });

  test("by a town match a local number whose town is not known, and no toll-free one", () => {
    const nowhere = { ...offer, region: { state: null, locality: null, rateCenter: null } };
    assert.ok(matches(nowhere, { ...FILTERS, locality: "Oakland" }));
    const inNewYork = { ...offer, region: { state: "NY", locality: null, rateCenter: null } };
    for (const locality of ["Albany", "Albany, NY", "Albany, New York, USA", "Port Washington"]) {
      assert.ok(matches(inNewYork, { ...FILTERS, locality }), locality);
    }
    for (const locality of ["Austin, TX", "Austin, Texas, USA"]) {
      assert.ok(!matches(inNewYork, { ...FILTERS, locality }), locality);
    }
    const free = { ...nowhere, type: "tollFree" } as const;
    assert.ok(!matches(free, { ...FILTERS, type: "tollFree", locality: "Oakland" }));
  });
});

describe("searches", () => {
  test("have one key for all who mean the same, and another for all others", () => {
    const key = searchKey({ ...FILTERS, features: ["sms", "voice"], locality: "St. Louis" });
    const same = {
      ...FILTERS,
      locality: "saint  louis",
      features: ["voice", "sms", "sms"],
    } as const;
    assert.equal(searchKey(same), key);
    const others: readonly Partial<SearchFilters>[] = [
      { features: ["voice"] },
      { locality: "Saint Paul" },
      { contains: "1" },
      { startsWith: "1" },
      { endsWith: "1" },
      { areaCode: "314" },
      { limit: 9 },
    ];
    const keys = others.map((filters) => searchKey({ ...same, ...filters }));
    assert.equal(new Set([key, ...keys]).size, others.length + 1);
    assert.equal(searchKey({ ...FILTERS, features: [] }), searchKey(FILTERS));
    const inTexas = searchKey({ ...FILTERS, locality: "Austin, TX" });
    assert.equal(searchKey({ ...FILTERS, locality: "austin, texas" }), inTexas);
    assert.notEqual(searchKey({ ...FILTERS, locality: "Dallas, TX" }), inTexas);
    const { country, type, ...rest } = same;
    assert.equal(searchKey({ ...rest, type, country }), key);
  });

  test("that a carrier cannot do are named", () => {
    const able = { features: ["voice", "sms"], patterns: ["startsWith"] } as const;
    const wish = { ...FILTERS, features: ["sms", "whatsapp", "fax"] } as const;
    assert.equal(unsupported(wish, able)?.filter, "features");
    assert.match(unsupported(wish, able)?.message ?? "", /features .*whatsapp, fax/);
    assert.equal(
      unsupported({ ...FILTERS, contains: "1", startsWith: "2" }, able)?.filter,
      "contains",
    );
    assert.equal(unsupported({ ...FILTERS, startsWith: "2", features: ["sms"] }, able), null);
    // An adapter that is older than the filters does not say what it can do.
    for (const name of PATTERNS) {
      assert.equal(unsupported({ ...FILTERS, [name]: "1" })?.filter, name);
    }
    for (const feature of FEATURES) assert.ok(unsupported({ ...FILTERS, features: [feature] }));
    assert.equal(unsupported({ ...FILTERS, areaCode: "415", locality: "Oakland" }), null);
    assert.equal(unsupported({ ...FILTERS, features: [] }), null);
  });
});

test("pattern is 1 to 14 digits, and a national number has no calling code", () => {
  for (const text of ["1", "12345678901234"]) assert.equal(isPattern(text), true);
  for (const text of ["", "123456789012345", "1a", "a1", "-1", "a"]) {
    assert.equal(isPattern(text), false, text);
  }
  assert.equal(nationalOf(E164_1), "4155550101");
  assert.equal(nationalOf("+9991234567" as E164), "9991234567");
});

test("filters are normalized: each feature once, and no empty list", () => {
  const filters = { country: "US", type: "local", limit: 1 } as const;
  assert.deepEqual(inOneForm(filters), filters);
  assert.deepEqual(inOneForm({ ...filters, features: [] }), filters);
  assert.deepEqual(
    inOneForm({ ...filters, features: ["sms", "voice", "sms"] }).features?.length,
    2,
  );
});
