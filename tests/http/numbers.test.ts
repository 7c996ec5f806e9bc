/** JSON numbers are kept as they were sent, or refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { withoutLostNumbers } from "../../http/numbers.ts";
import { parseJson } from "../../http/body.ts";

const isLost = (literal: string): boolean => withoutLostNumbers(`[${literal}]`) === "[1e999]";

test("a number that changes when it is parsed is lost", () => {
  for (
    const literal of [
      "9007199254740993",
      "9007199254740993.0",
      "9.007199254740993e15",
      "900719925474099300e-2",
      "123456789012345678901234567890",
      "1e-400",
      "1E-400",
      "2e-324",
      "0.00000000000000001e-320",
      `1${"0".repeat(30)}1`,
    ]
  ) assert.ok(isLost(literal), literal);
});

test("a number that is kept, and a fraction that is rounded to the nearest, is not", () => {
  for (
    const literal of [
      "0",
      "0.0",
      "0e-999",
      // JSON writes it as 0, which is the same number.
      "-0",
      "-0.0",
      "0e99999999999999999999",
      "9007199254740992",
      "9007199254740991",
      "9007199254740992.0",
      "1e20",
      "1E+20",
      "100000000000000000000",
      "1e23",
      "5e-324",
      "1.7976931348623157e308",
      "0.1",
      "0.10000000000000001",
      "3.141592653589793238462643383279",
      "9007199254740993.5",
    ]
  ) assert.equal(isLost(literal), false, literal);
});

test("whatever JSON writes comes back the same, be it in a text or a number", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.double({ noNaN: true }), (value, number) => {
    const json = JSON.stringify({ value, number, text: `9007199254740993 " 1e-400 \\` });
    assert.equal(withoutLostNumbers(json), json);
  }));
});

/** The integer that a number is as JSON writes it, `3.7e+22` for one. */
const written = (value: number): bigint => {
  const [mantissa = "", power = "0"] = JSON.stringify(value).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return BigInt(whole + fraction) * 10n ** BigInt(Number(power) - fraction.length);
};

test("an integer beyond 2^53 is lost exactly where JSON would write another", () => {
  fc.assert(fc.property(fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }), (integer) => {
    const isOther = written(Number(integer)) !== integer;
    assert.equal(isLost(String(integer)), isOther);
    assert.equal(withoutLostNumbers(`[-${integer}]`), isOther ? "[-1e999]" : `[-${integer}]`);
  }));
});

test("a member that no call reads may hold any number", () => {
  const read = parseJson(new TextEncoder().encode('{"a":"1e-400","b":9007199254740993,"c":1}'));
  assert.deepEqual(read, { ok: true, value: { a: "1e-400", b: Infinity, c: 1 } });
});
