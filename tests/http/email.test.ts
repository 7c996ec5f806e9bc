/**
 * The parser of e-mail addresses alone; `shared-parsers.test.ts` proves that every call uses it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isEmail } from "../../adapters/validation/email.ts";
import { EMAILS, NO_EMAILS } from "./emails.ts";

test("accepts every valid address, and no other text", () => {
  for (const email of EMAILS) assert.ok(isEmail(email), email);
  for (const text of NO_EMAILS) assert.ok(!isEmail(text), JSON.stringify(text));
});

const ATOM = fc.string({ unit: fc.constantFrom(..."aZ9!#$%&'*+/=?^_`{|}~-éß用д😀"), minLength: 1 });
const local = fc.array(ATOM, { minLength: 1 }).map((words) => words.join("."))
  .filter((text) => text.length <= 64);

test("takes words with dots between, and any text of ASCII between quotes once it is escaped", () => {
  fc.assert(fc.property(local, (text) => assert.ok(isEmail(`${text}@acme.example`))));
  const printable = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 31 });
  fc.assert(fc.property(printable, (text) => {
    const quoted = text.replace(/["\\]/g, (sign) => `\\${sign}`);
    assert.ok(isEmail(`"${quoted}"@acme.example`), quoted);
    const allEscaped = [...text].map((sign) => `\\${sign}`).join("");
    assert.ok(isEmail(`"${allEscaped}"@acme.example`), allEscaped);
  }));
});

test("refuses every line terminator, in any position", () => {
  const controls = fc.constantFrom(..."\r\n\0\t\v\f\x7f\x85\u2028\u2029");
  fc.assert(fc.property(fc.constantFrom(...EMAILS), fc.nat(), controls, (email, place, control) => {
    const at = place % (email.length + 1);
    assert.ok(!isEmail(email.slice(0, at) + control + email.slice(at)));
  }));
});

test("reads any text of a body's size, whatever it repeats", () => {
  const SIZE = 64 * 1_024;
  for (
    const part of ["a", ".", "a.", '"', "\\", '\\"', '"\\', "@", "a@", "é", "😀\u200d", "例え."]
  ) {
    const text = part.repeat(SIZE / part.length);
    for (const odd of [text, `"${text}`, `${text}@acme.example`, `ada@${text}`, `"${text}"@a.b`]) {
      assert.ok(!isEmail(odd));
    }
  }
});
