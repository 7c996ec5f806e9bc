/** SHA-256 that asks nothing of the runtime, held against Node's. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { hashOf, portableSha256 } from "../../adapters/hash/sha256.ts";

const expected = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

test("is that of FIPS 180-4", () => {
  assert.equal(
    portableSha256("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("is right around each boundary of a block", () => {
  for (let length = 0; length <= 260; length++) {
    const text = "x".repeat(length);
    assert.equal(portableSha256(text), expected(text), String(length));
  }
});

test("is that of Node's for every text, halves of surrogate pairs included", () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }),
    fc.integer({ min: 0xd800, max: 0xdfff }),
    fc.integer({ min: 0, max: 0x7f }),
  ).map((code) => String.fromCharCode(code));
  const text = fc.array(fc.oneof(unit, fc.string({ unit: "binary" })), { maxLength: 200 })
    .map((parts) => parts.join(""));
  fc.assert(fc.property(text, (given) => assert.equal(portableSha256(given), expected(given))));
});

test("is the runtime's own where there is one, and the library's elsewhere", () => {
  const asked: unknown[][] = [];
  const hash = (...given: unknown[]): string => {
    asked.push(given);
    return "native";
  };
  const getBuiltinModule = (name: string) => name === "node:crypto" ? { hash } : undefined;
  assert.equal(hashOf({ process: { getBuiltinModule } })("abc"), "native");
  assert.deepEqual(asked, [["sha256", "abc", "hex"]]);
  const without = [
    {},
    { process: {} },
    { process: { getBuiltinModule: () => undefined } },
    { process: { getBuiltinModule: () => ({}) } },
  ];
  for (const host of without) assert.equal(hashOf(host), portableSha256);
  assert.equal(hashOf(globalThis)("abc"), portableSha256("abc"));
});
