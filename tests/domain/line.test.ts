/** The numbers of one line, in all the ways in which people write it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { E164 } from "../../core/values/e164.ts";
import { isE164 } from "../../core/values/e164.ts";
import { spellingsOf } from "../../core/values/line.ts";

/** Ways to write the number of one line. */
const LINES: readonly (readonly E164[])[] = [
  ["+525512345678", "+5215512345678", "+52015512345678", "+520445512345678"],
  ["+5491123456789", "+541123456789", "+54111523456789", "+5401123456789", "+540111523456789"],
  ["+5492954123456", "+542954123456", "+54295415123456"],
  ["+5493511234567", "+543511234567", "+54351151234567"],
  ["+390612345678", "+39612345678"],
  ["+393471234567", "+3903471234567"],
  ["+14155550101", "+114155550101"],
  ["+79161234567", "+789161234567"],
  ["+4930901820", "+49030901820"],
  ["+3612345678", "+360612345678"],
  ["+37061234567", "+370861234567", "+370061234567"],
];

test("every way to write a line's number leads to every other", () => {
  for (const line of LINES) {
    for (const one of line) {
      for (const other of line) assert.ok(spellingsOf(one).includes(other), `${one} ${other}`);
    }
  }
});

test("numbers of different lines are not each other's spellings", () => {
  const lines = LINES.flatMap((line, at) => line.map((e164) => ({ e164, at })));
  for (const one of lines) {
    for (const other of lines) {
      if (one.at !== other.at) assert.ok(!spellingsOf(one.e164).includes(other.e164));
    }
  }
  assert.ok(!spellingsOf("+541123456789").includes("+541123456780"));
});

test("a number is the first of its own few spellings, each of which leads back to it", () => {
  const anyPlan = fc.stringMatching(/^\+[1-9]\d{6,14}$/);
  const withSpellings = fc.stringMatching(/^\+(?:1|7|36|39|52|54|370|375|49)[0-9]{7,12}$/);
  fc.assert(
    fc.property(fc.oneof(anyPlan, withSpellings), (text) => {
      if (!isE164(text)) return;
      const all = spellingsOf(text);
      assert.equal(all[0], text);
      assert.ok(all.length <= 20, `${all.length}`);
      assert.equal(new Set(all).size, all.length);
      for (const each of all) {
        assert.ok(isE164(each), each);
        assert.ok(spellingsOf(each).includes(text), `${text} ${each}`);
      }
    }),
    { numRuns: 2_000 },
  );
});
