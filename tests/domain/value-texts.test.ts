/** What values are read from, and what is said of those that cannot be read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { claimKeysOf } from "../../core/values/claim-key.ts";
import { moneyFault, parseMoney } from "../../core/values/money.ts";
import { fitsInto, hasAtMost, isNested, seenOf, unfitText } from "../../core/values/text.ts";
import { numberWithin } from "../../core/values/written-number.ts";
import { missingOf, postalFormOf } from "../../core/verification/address.ts";
import { TextSchema } from "../../adapters/validation/values.ts";

test("an amount that cannot be read says why", () => {
  const faults: readonly (readonly [string, string | null])[] = [
    ["1", null],
    ["1.000001", null],
    ["999999999.999999", null],
    ["", "must be a decimal of dollars, such as 25.00"],
    ["1.", "must be a decimal of dollars, such as 25.00"],
    ["a1", "must be a decimal of dollars, such as 25.00"],
    ["1a", "must be a decimal of dollars, such as 25.00"],
    ["-1", "must be a decimal of dollars, such as 25.00"],
    ["1.0000001", "must have at most 6 digits after the point"],
    ["1000000000.0000001", "must have at most 6 digits after the point"],
    [
      "1000000000",
      "must have at most 9 digits before the point, and so be at most 999999999.999999",
    ],
    [
      "1000000000.000001",
      "must have at most 9 digits before the point, and so be at most 999999999.999999",
    ],
  ];
  for (const [text, fault] of faults) {
    assert.equal(moneyFault(text), fault, text);
    assert.equal(parseMoney(text) === undefined, fault !== null, text);
  }
});

test("an unfit text is named by its path, a key by what holds it", () => {
  const half = "\ud800";
  assert.equal(unfitText({ a: { b: ["x", half] } }), "a.b.1");
  assert.equal(unfitText({ a: { b: { [half]: 1 } } }), "a.b");
  assert.equal(unfitText({ a: "\0", b: half }), "a");
  assert.equal(unfitText({ [half]: 1 }), "");
  assert.equal(unfitText(half), "");
  assert.equal(unfitText({ a: null, b: 1, c: true, d: ["\ud83d\ude00"] }), null);
});

test("a text of people's says what is wrong with it", () => {
  const issue = (text: string) => v.safeParse(TextSchema, text).issues?.[0].message ?? null;
  assert.equal(issue("a".repeat(10_000)), null);
  assert.equal(issue("\ud83d\ude00".repeat(10_000)), null);
  assert.equal(issue("a".repeat(10_001)), "must have at most 10000 characters");
  assert.equal(issue("\0"), "must not hold NUL or half a surrogate pair");
  assert.equal(hasAtMost("\ud83d\ude00".repeat(3), 2), false);
  assert.equal(hasAtMost("\ud83d\ude00".repeat(2), 2), true);
  assert.equal(seenOf(" \u200ba\ufeff b\u00a0"), "a b");
});

test("a size is that of UTF-8, at each length of a character", () => {
  for (
    const [text, bytes] of [["\u007f", 1], ["\u0080", 2], ["\u07ff", 2], ["\u0800", 3], [
      "\ud83d\ude00",
      4,
    ]] as const
  ) {
    assert.equal(fitsInto(text, bytes + 2), true, `${bytes}`);
    assert.equal(fitsInto(text, bytes + 1), false, `${bytes}`);
  }
});

test("the number is found in a text with a word before it or an extension after it", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["Tel.: +1 415 555 0101", " +1 415 555 0101"],
    ["Tel. +1 415 555 0101", " +1 415 555 0101"],
    ["Büro-Nr.: 030 1", " 030 1"],
    ["T: 030 1", " 030 1"],
    ["phone 030 1", "phone 030 1"],
    ["1: 030 1", "1: 030 1"],
    [`${"a".repeat(31)}: 030 1`, `${"a".repeat(31)}: 030 1`],
    ["030 1 ext. 12", "030 1"],
    ["030 1;ext=12", "030 1"],
    ["030 1,,12", "030 1"],
    ["030 1, 12", "030 1, 12"],
  ];
  for (const [text, number] of cases) assert.equal(numberWithin(text), number.trimEnd(), text);
});

test("a number may be claimed in either world, as bought and as imported", () => {
  assert.deepEqual(claimKeysOf("+14155550101"), [
    "+14155550101",
    "import:+14155550101",
    "sandbox:+14155550101",
    "sandbox-import:+14155550101",
  ]);
});

test("each kind of postal form has what its countries ask for", () => {
  const formOf = (country: string) => {
    const form = postalFormOf(country);
    if (form === null) return null;
    const { city, state, postalCode, cityOrState } = form;
    return `${city} ${state} ${postalCode}${cityOrState ? ", city or state" : ""}`;
  };
  const forms: Readonly<Record<string, string>> = {
    "none none none": "MO",
    "had none none": "AG",
    "none had none": "NR",
    "none none had": "GI",
    "none none asked": "SG",
    "had none had": "MC VA VG",
    "had none asked": "SM",
    "had asked asked": "JP",
    "asked asked none, city or state": "AE HK",
    "asked asked had, city or state": "CO ID KY",
    "asked none none": "AO GA YE",
    "asked had none": "BS JM KI KN PA SC SR TV ZW",
    "asked none had": "AD KW ZM",
    "asked had had": "AM NG VN",
    "asked none asked": "CZ DE PL ZA",
    "asked had asked": "AS ES UA VI",
    "asked asked asked": "AU BR CA CN IN MX US",
  };
  for (const [form, countries] of Object.entries(forms)) {
    for (const country of countries.split(" ")) assert.equal(formOf(country), form, country);
  }
  assert.equal(formOf(""), null);
  assert.equal(formOf("XX"), null);
  const empty = { street: null, city: null, state: null, postalCode: null, country: null };
  assert.deepEqual(missingOf(empty), ["street", "country"]);
  assert.deepEqual(missingOf({ ...empty, street: "1 Main Street", country: "XX" }), ["country"]);
});

test("number is found in a text without the white space around it", () => {
  assert.equal(numberWithin("  +1 415 555 0101  "), "+1 415 555 0101");
  assert.equal(numberWithin("\u200b+1\u00a0415\u200b "), "+1 415");
  assert.equal(numberWithin("Tel.: 415 ext. 7 "), " 415");
  assert.equal(numberWithin("415 x7 555"), "415 x7 555");
});

test("only lists and objects are nested", () => {
  assert.deepEqual([null, "a", 1, undefined, [], {}].map(isNested), [
    ...Array.from({ length: 4 }, () => false),
    true,
    true,
  ]);
});
