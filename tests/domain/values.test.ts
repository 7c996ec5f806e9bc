import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import {
  calendarDaysBetween,
  isoDate,
  isoTime,
  isoTimeOrNull,
  monthsAfter,
} from "../../core/values/calendar.ts";
import { E164Schema, isE164 } from "../../core/values/e164.ts";
import { filledOf } from "../../adapters/validation/bounds.ts";
import { automation, isId, isNewId, OPERATOR } from "../../core/values/identity.ts";
import {
  formatMoney,
  minus,
  money,
  MoneySchema,
  parseMoney,
  plus,
  toDollars,
} from "../../core/values/money.ts";
import { ALICE, instant } from "../harness/specification.ts";
import { runs } from "../support/runs.ts";
import { ActorSchema, IdSchema } from "../../adapters/validation/values.ts";

test("parseMoney reads whole dollars and up to six places", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["0", 0],
    ["25", 25_000_000],
    ["1.00", 1_000_000],
    ["0.0035", 3_500],
    ["0.1", 100_000],
    ["999999999.999999", 999_999_999_999_999],
  ];
  for (const [text, micros] of cases) assert.deepEqual(parseMoney(text), money(micros), text);
});

test("parseMoney returns undefined when the text is not an unsigned decimal that it can hold", () => {
  const cases = ["", "-1", "+1", "1.", ".5", "1,00", "1e3", " 1", "0.0000001", "1000000000", "١"];
  for (const text of cases) assert.equal(parseMoney(text), undefined, text);
});

test("formatMoney writes two places, and more where the amount has more", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0.00"],
    [1_000_000, "1.00"],
    [25_500_000, "25.50"],
    [3_500, "0.0035"],
    [1_000_001, "1.000001"],
    [-1_500_000, "-1.50"],
  ];
  for (const [micros, text] of cases) assert.equal(formatMoney(money(micros)), text);
});

test("money adds and subtracts exactly where floats would not", () => {
  const tenCents = money(100_000);
  const twentyCents = money(200_000);
  assert.deepEqual(plus(tenCents, twentyCents), money(300_000));
  assert.deepEqual(minus(tenCents, twentyCents), money(-100_000));
  assert.equal(toDollars(plus(tenCents, twentyCents)), 0.3);
});

test("stored money is refused when it is not a whole number of micros, or not in dollars", () => {
  assert.ok(v.is(MoneySchema, money(1)));
  for (const unfit of [{ ...money(1), micros: 0.5 }, { ...money(1), currency: "EUR" }, null]) {
    assert.equal(v.is(MoneySchema, unfit), false);
  }
});

test("monthsAfter gives the month's last day when the day does not exist", () => {
  const cases: readonly (readonly [string, number, string])[] = [
    ["2026-01-31T10:00:00Z", 1, "2026-02-28T10:00:00Z"],
    ["2026-01-31T10:00:00Z", 2, "2026-03-31T10:00:00Z"],
    ["2026-01-31T10:00:00Z", 3, "2026-04-30T10:00:00Z"],
    ["2028-01-30T23:59:59Z", 1, "2028-02-29T23:59:59Z"],
    ["2024-02-29T00:00:00Z", 12, "2025-02-28T00:00:00Z"],
    ["2024-02-29T00:00:00Z", 48, "2028-02-29T00:00:00Z"],
    ["2099-12-31T00:00:00Z", 2, "2100-02-28T00:00:00Z"],
    ["2026-10-31T01:30:00Z", 0, "2026-10-31T01:30:00Z"],
    ["2026-03-31T00:00:00Z", -1, "2026-02-28T00:00:00Z"],
  ];
  for (const [anchor, months, expected] of cases) {
    assert.equal(monthsAfter(instant(anchor), months), instant(expected), `${anchor} + ${months}`);
  }
});

test("monthsAfter keeps the time of day when the anchor lies before 1970", () => {
  const anchor = instant("1969-12-31T22:15:00.500Z");
  assert.equal(monthsAfter(anchor, 2), instant("1970-02-28T22:15:00.500Z"));
});

test("calendarDaysBetween counts midnights and not hours", () => {
  const days = (from: string, to: string) => calendarDaysBetween(instant(from), instant(to));
  assert.equal(days("2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z"), 1);
  assert.equal(days("2026-01-31T00:00:00Z", "2026-01-31T23:59:59Z"), 0);
  assert.equal(days("2026-02-01T00:00:00Z", "2026-01-31T23:59:59Z"), -1);
  assert.equal(days("2024-02-28T12:00:00Z", "2024-03-01T00:00:00Z"), 2);
});

test("isoTime and isoDate say what Date itself says, in any year from 0 to 9999", () => {
  const years = {
    min: Date.parse("0000-01-01T00:00:00Z"),
    max: Date.parse("9999-12-31T23:59:59Z"),
  };
  fc.assert(fc.property(fc.integer(years), (at) => {
    const text = new Date(at).toISOString();
    assert.equal(isoTime(at), `${text.slice(0, 19)}Z`);
    assert.equal(isoDate(at), text.slice(0, 10));
  }));
});

test("isoTime and isoDate are in UTC, to the second and to the day", () => {
  const at = instant("2026-01-31T23:59:59.999Z");
  assert.equal(isoTime(at), "2026-01-31T23:59:59Z");
  assert.equal(isoDate(at), "2026-01-31");
});

test("isE164 accepts plus and 7 to 15 digits that do not begin with 0", () => {
  for (const text of ["+14155550101", "+4930123", "+123456789012345"]) assert.ok(isE164(text));
  const unfit = [
    "",
    "+",
    "14155550101",
    "+0415555010",
    "+123456",
    "+1234567890123456",
    "+1 415 555 0101",
    "+1415555010a",
    "+14155550101\n",
    "+١٤١٥٥٥٥٠١٠١",
  ];
  for (const text of unfit) assert.equal(isE164(text), false, JSON.stringify(text));
  assert.equal(v.is(E164Schema, 14155550101), false);
});

test("isId accepts 1 to 200 characters that print, of which an emoji is one", () => {
  for (const text of ["a", "x".repeat(200), "😀".repeat(200), "Ann Müller 📞", "__proto__", ".."]) {
    assert.ok(isId(text));
  }
  for (
    const text of ["", "x".repeat(201), "😀".repeat(201), "a\u0000b", "a\nb", "\u007f", "\ud800"]
  ) {
    assert.equal(isId(text), false, JSON.stringify(text));
  }
  assert.equal(v.is(IdSchema, 7), false);
});

/** Pairs that look the same: what a new id may be, and its double that it may not. */
const DOUBLES: readonly (readonly [string, string])[] = [
  ["acme", "\ufeffacme"],
  ["acme", "acme\ufeff"],
  ["acme", "ac\u200bme"],
  ["acme", "ac\u00adme"],
  ["acme", "ac\u2060me"],
  ["acme", "ac\u034fme"],
  ["acme", "ac\ufe0fme"],
  ["acme", "ac\u{e0061}me"],
  ["acme", "\u202aacme\u202c"],
  ["acme", "acme\u200f"],
  ["acme", "\u2066acme\u2069"],
  ["acme", "acme\u061c"],
  ["acme", "acme\u180e"],
  ["acme", "acme\u115f"],
  ["acme", "acme\u3164"],
  ["acme", "acme\uffa0"],
  ["acme", "acme\u2800"],
  ["acme", "acme\ufffe"],
  ["acme", "acme\u{1fffe}"],
  ["acme", "acme\ue000"],
  ["acme", " acme"],
  ["acme", "acme "],
  ["acme", "acme\u00a0"],
  ["acme", "\u3000acme"],
  ["acme", "\u2028acme"],
  ["acme", "acme\u0085"],
  ["acme", "\u0301acme"],
  ["ac me", "ac\u00a0me"],
  ["ac me", "ac\u2009me"],
  ["caf\u00e9", "cafe\u0301"],
  ["\u00c5ngstr\u00f6m", "\u212bngstr\u00f6m"],
  ["\u03a9", "\u2126"],
  ["\uac00", "\u1100\u1161"],
  ["q\u0323\u0307", "q\u0307\u0323"],
];

test("a new id has no double that looks the same, and one from before the rule is an id still", () => {
  for (const [id, double] of DOUBLES) {
    assert.ok(isNewId(id), JSON.stringify(id));
    assert.equal(isNewId(double), false, JSON.stringify(double));
    if (!/[\u0000-\u001f]/.test(double)) assert.ok(isId(double), JSON.stringify(double));
  }
  for (
    const id of ["a", "x".repeat(200), "Ann Müller 📞", "株式会社", "ООО-1", "محل", "__proto__"]
  ) {
    assert.ok(isNewId(id), id);
  }
});

test("a new id is never one that a URL takes for a step within its path", () => {
  for (const id of [".", ".."]) assert.equal(isNewId(id), false);
  for (const id of ["...", "..x", ".a", "a.", "%2e", "a/../b", "?", "#", "\\"]) {
    const { pathname } = new URL(`http://localhost/a/${encodeURIComponent(id)}/b`);
    assert.equal(decodeURIComponent(pathname), `/a/${id}/b`);
    assert.ok(isNewId(id), id);
  }
});

test("text says something when a reader sees a character of it", () => {
  const schema = filledOf(20);
  for (const text of ["a", " a ", "👩‍💻", "\u202bמ\u202c"]) assert.ok(v.is(schema, text));
  const unseen = [
    "",
    " ",
    "\u00a0\t",
    "\u200b",
    "\ufeff\u2060",
    "\u3164",
    "\u2800",
    "\u{e0041}",
    "\u0007",
  ];
  for (const text of unseen) assert.equal(v.is(schema, text), false, JSON.stringify(text));
});

/** What a reader does not see, left out; the rest as Unicode compares it. */
const asSeen = (text: string): string =>
  text.replace(/[\p{Cf}\p{Cc}\p{DI}]/gu, "").normalize("NFC").replace(/\s+/gu, " ").trim();

test("two new ids that look alike are the same, whatever their Unicode form", () => {
  const text = fc.string({ unit: "binary", minLength: 1, maxLength: 6 });
  const twins = text.chain((one) =>
    fc.tuple(
      fc.constant(one),
      fc.constantFrom("NFC", "NFD", "NFKC", "NFKD").map((form) => one.normalize(form)),
      fc.constantFrom("\ufeff", "\u200b", " ", "\u202e", "\u00ad", ""),
    )
  );
  fc.assert(
    fc.property(twins, ([one, other, more]) => {
      for (const double of [other, `${more}${other}`, `${other}${more}`, more + one, one + more]) {
        if (!isNewId(one) || !isNewId(double) || asSeen(one) !== asSeen(double)) continue;
        assert.equal(double, one);
      }
    }),
    { numRuns: runs(2_000) },
  );
});

test("stored actors are read back when they are a user, the operator or the ledger", () => {
  for (const actor of [ALICE, OPERATOR, { kind: "ledger", automation: "trials" }]) {
    assert.deepEqual(v.parse(ActorSchema, actor), actor);
  }
  assert.equal(v.is(ActorSchema, { kind: "user", email: "a@example.com" }), false);
});

test("automation acts as the ledger, under its name", () => {
  assert.deepEqual(automation("renewals"), { kind: "ledger", automation: "renewals" });
});

test("isoTimeOrNull is null for null, and else the ISO time", () => {
  assert.equal(isoTimeOrNull(null), null);
  assert.equal(isoTimeOrNull(instant("2026-01-31T12:00:00Z")), "2026-01-31T12:00:00Z");
  assert.equal(isoTimeOrNull(0), "1970-01-01T00:00:00Z");
});
