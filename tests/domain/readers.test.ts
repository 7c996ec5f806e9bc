/** The readers of what comes from outside: times, countries, and numbers as people write them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { callingCodeFor, callingCodeOf } from "../../core/values/calling-code.ts";
import { isoTime, parseTime } from "../../core/values/calendar.ts";
import {
  COUNTRY_CODES,
  isCountry,
  isNumberCountry,
  NUMBER_COUNTRY_CODES,
} from "../../core/values/country.ts";
import { type E164, E164Schema, hasPossibleLength } from "../../core/values/e164.ts";
import { afterPrefix, writtenDigits, writtenNumber } from "../../core/values/written-number.ts";
import { E164_1 } from "../harness/story/mod.ts";
import { CountrySchema, NumberCountrySchema } from "../../adapters/validation/values.ts";

test("parseTime reads back every moment that isoTime writes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => {
      assert.equal(parseTime(isoTime(seconds * 1_000)), seconds * 1_000);
    }),
  );
});

test("parseTime reads days, fractions and offsets", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["2026-03-01", "2026-03-01T00:00:00Z"],
    ["2028-02-29", "2028-02-29T00:00:00Z"],
    ["2026-01-31T23:59:59Z", "2026-01-31T23:59:59Z"],
    ["2026-03-01T10:00Z", "2026-03-01T10:00:00Z"],
    ["2026-03-01T10:00:00.123456Z", "2026-03-01T10:00:00Z"],
    ["2026-03-01T00:30:00+05:30", "2026-02-28T19:00:00Z"],
  ];
  for (const [text, time] of cases) assert.equal(isoTime(parseTime(text) ?? 0), time, text);
});

test("parseTime gives null for what no calendar and no clock shows", () => {
  const unfit = [
    "",
    "2026-02-30",
    "2026-02-29T10:00:00Z",
    "2026-13-01",
    "2026-00-10",
    "2026-04-31T00:00:00+02:00",
    "2026-03-01T24:00:00Z",
    "2026-03-01T10:60:00Z",
    "2026-03-01T10:00:60Z",
    "2026-03-01T10:00:61Z",
    "2026-03-01T10:00:00+24:00",
    "2026-03-01T10:00:00+01:60",
    "2026-03-01T10:00:00",
    "2026-03-01 10:00:00Z",
    "1772359200",
    "noon",
    "２０２６-03-01",
  ];
  for (const text of unfit) assert.equal(parseTime(text), null, text);
});

/** Every officially assigned code of ISO 3166-1 alpha-2 (ISO Online Browsing Platform, 2026). */
const ISO_3166 = `
  AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
  BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
  EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
  GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
  KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
  MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
  QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
  TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
  ZW
`;

test("countries are the 249 of ISO 3166-1, and nothing else", () => {
  assert.equal(COUNTRY_CODES.length, 249);
  assert.deepEqual(COUNTRY_CODES, ISO_3166.trim().split(/\s+/));
  for (const code of COUNTRY_CODES) assert.ok(isCountry(code), code);
  for (const code of ["", "us", "XK", "AC", "TA", "UK", "EU", "AN", "ZZ", "USA"]) {
    assert.equal(isCountry(code), false, code);
  }
});

test("a country is read in capitals or not, and nothing else is read as one", () => {
  for (const code of COUNTRY_CODES) {
    for (const schema of [CountrySchema, NumberCountrySchema]) {
      for (const text of [code, code.toLowerCase()]) assert.equal(v.parse(schema, text), code);
    }
  }
  for (
    const text of ["", "U", "USA", " US", "\u00df", "\uff35\uff33", "ZZ", "UK", "\u0131s", 1, null]
  ) {
    assert.ok(!v.is(CountrySchema, text), String(text));
    assert.ok(!v.is(NumberCountrySchema, text), String(text));
  }
});

test("numbers have the countries of ISO 3166-1 and three more", () => {
  assert.deepEqual(
    NUMBER_COUNTRY_CODES.filter((code) => !isCountry(code)).toSorted(),
    ["AC", "TA", "XK"],
  );
  for (const code of NUMBER_COUNTRY_CODES) assert.ok(isNumberCountry(code), code);
  assert.deepEqual(callingCodeFor("PN"), { code: "64", main: "NZ" });
  assert.equal(callingCodeFor("ZZ"), null);
});

test("a number of North America has ten digits, and no other plan's has a length of its own", () => {
  const national = fc.stringMatching(/^\d{6,13}$/);
  const international = fc.stringMatching(/^[2-9]\d{6,14}$/);
  fc.assert(
    fc.property(national, international, (digits, other) => {
      const isPossible = digits.length === 10 && !/^[01]/.test(digits);
      assert.equal(hasPossibleLength(`+1${digits}`), isPossible, digits);
      assert.ok(hasPossibleLength(`+${other}`), other);
    }),
  );
  // The length does not depend on whether the area code is assigned yet.
  for (const e164 of ["+14155550101", "+12225550101"] as E164[]) assert.ok(hasPossibleLength(e164));
});

test("a calling code is recognized by the first digits, even of a new area code", () => {
  assert.deepEqual(callingCodeOf("+14365550101")?.countries[0], "US");
  assert.deepEqual(callingCodeOf("+14365550101")?.national, "4365550101");
  assert.deepEqual(callingCodeOf("+442079460000")?.countries, ["GB", "GG", "IM", "JE"]);
  assert.deepEqual(callingCodeOf("+35312345678")?.code, "353");
  assert.equal(callingCodeOf("+80012345678"), null);
});

test("countries of calling codes are countries", () => {
  for (let first = 1; first < 1_000; first++) {
    for (const country of callingCodeOf(`+${first}0000000`)?.countries ?? []) {
      assert.ok(isNumberCountry(country), country);
    }
  }
});

const DIGITS = "14155550101";

test("a number is read however people write and paste it", () => {
  const written = [
    "+14155550101",
    "+1 (415) 555-0101",
    "\u202a+1 415 555 0101\u202c",
    "\ufeff+1\u2212415\u2212555\u22120101\u200b",
    "+1 [415] 555-0101",
    "+1.415.555.0101",
    "+1/415/555/0101",
    "+1\u00a0415\u2009555\u30000101",
    "tel:+1-415-555-0101",
    "TEL: +1 415 555 0101",
    "＋１（４１５）５５５－０１０１",
    "+1 ٤١٥ ٥٥٥ ٠١٠١",
    "+1 ४१५ ५५५ ०१०१",
    "1–415—555‑0101",
  ];
  for (const text of written) assert.equal(writtenDigits(text), DIGITS, JSON.stringify(text));
});

test("what is written between the digits of a number never counts", () => {
  const marks = fc.constantFrom(
    " ",
    "-",
    "(",
    ")",
    "[",
    "]",
    "\u2212",
    "\u2013",
    "\u200b",
    "\u202d",
  );
  fc.assert(
    fc.property(
      fc.array(marks, { maxLength: 40 }),
      fc.infiniteStream(fc.nat(10)),
      (all, places) => {
        const characters = [...DIGITS];
        for (const mark of all) characters.splice(places.next().value ?? 0, 0, mark);
        assert.equal(writtenDigits(characters.join("")), DIGITS);
      },
    ),
  );
});

test("a text with letters is not a number", () => {
  for (const text of ["pn_01", "415-CALL", "+1 415x", "1+2", "½"]) {
    assert.equal(writtenDigits(text), null, text);
  }
});

test("a prefix for calls abroad is distinguished from what follows it", () => {
  assert.deepEqual(afterPrefix("0014155550101"), [DIGITS]);
  assert.deepEqual(afterPrefix("01114155550101"), [DIGITS]);
  assert.deepEqual(afterPrefix("4155550101"), []);
  assert.deepEqual(afterPrefix("00"), []);
});

test("calling code of a country names the main country that has it", () => {
  assert.deepEqual(callingCodeFor("CA"), { code: "1", main: "US" });
  assert.deepEqual(callingCodeFor("CH"), { code: "41", main: "CH" });
  assert.equal(callingCodeFor("ZZ"), null);
});

test("number is accepted only as a string with a plus sign", () => {
  const fits = (input: unknown) => v.safeParse(E164Schema, input).success;
  assert.deepEqual([E164_1, [E164_1], 14155550101, "14155550101"].map(fits), [
    true,
    false,
    false,
    false,
  ]);
});

test("scheme of a link is ignored only at the beginning of a number", () => {
  assert.equal(writtenNumber("tel:+1 415"), "+1415");
  assert.equal(writtenNumber("callto:1415"), "1415");
  assert.equal(writtenNumber("14tel:15"), null);
});
