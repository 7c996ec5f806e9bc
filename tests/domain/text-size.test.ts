import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fitsInto, hasAtMost } from "../../core/values/text.ts";

test("a JSON value fits into just as many bytes as its text takes in UTF-8", () => {
  fc.assert(fc.property(fc.json({ stringUnit: "binary" }), (text) => {
    const value: unknown = JSON.parse(text);
    const bytes = new TextEncoder().encode(JSON.stringify(value)).byteLength;
    assert.ok(fitsInto(value, bytes));
    assert.ok(!fitsInto(value, bytes - 1));
  }));
});

test("text has at most so many characters, where a pair of surrogates counts once", () => {
  assert.equal(hasAtMost("abc", 3), true);
  assert.equal(hasAtMost("abcd", 3), false);
  assert.equal(hasAtMost("😀😀😀", 3), true);
  assert.equal(hasAtMost("😀😀😀a", 3), false);
});
