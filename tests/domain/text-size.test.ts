import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fitsInto } from "../../core/values/text.ts";

test("a JSON value fits into just as many bytes as its text takes in UTF-8", () => {
  fc.assert(fc.property(fc.json({ stringUnit: "binary" }), (text) => {
    const value: unknown = JSON.parse(text);
    const bytes = new TextEncoder().encode(JSON.stringify(value)).byteLength;
    assert.ok(fitsInto(value, bytes));
    assert.ok(!fitsInto(value, bytes - 1));
  }));
});
