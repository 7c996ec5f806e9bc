/** The numbers of one line, in all the ways in which people write it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import metadata from "libphonenumber-js/max/metadata";
import type { E164 } from "../../core/values/e164.ts";
import { isE164 } from "../../core/values/e164.ts";
import { spellingsOf } from "../../core/values/line.ts";
import { runs } from "../support/runs.ts";

/** Ways to write the number of one line. */
const LINES: readonly (readonly E164[])[] = [
  ["+525512345678", "+5215512345678", "+52015512345678", "+520445512345678"],
  ["+5491123456789", "+541123456789", "+54111523456789", "+5401123456789", "+540111523456789"],
  ["+5492954123456", "+542954123456", "+54295415123456"],
  ["+5493511234567", "+543511234567", "+54351151234567"],
  ["+390612345678", "+39612345678"],
  // Not an area's number, since a mobile one has no 0 before it, and the other way round.
  ["+393311613025"],
  ["+3903311613025"],
  ["+390371141433"],
  ["+39371141433"],
  ["+39800123456"],
  ["+390800123456"],
  ["+14155550101", "+114155550101"],
  ["+79161234567", "+789161234567"],
  ["+4930901820", "+49030901820"],
  ["+3612345678", "+360612345678"],
  ["+37061234567", "+370861234567", "+370061234567"],
  ["+375171234567", "+3758171234567", "+37580171234567", "+3750171234567"],
  ["+99366123456", "+993866123456"],
  ["+992917123456", "+9928917123456"],
  ["+6922351234", "+69212351234"],
  ["+2290195123456", "+22995123456"],
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
  const withSpellings = fc.stringMatching(
    /^\+(?:1|7|36|39|52|54|370|375|49|229|247|692|992|993)[0-9]{5,12}$/,
  );
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
    { numRuns: runs(2_000) },
  );
});

/** A number in service: written in this way and no other, and of a known type. */
const isInService = (e164: E164): boolean => {
  const read = parsePhoneNumberFromString(e164);
  return read?.number === e164 && read.isValid();
};

/** Numbers that are both in service by the tables, and one line's all the same. */
const ONE_LINE: Readonly<Record<string, (shorter: string, longer: string) => boolean>> = {
  // Argentina: callers write 9 before the area code of a mobile number, and its holder does not.
  54: (shorter, longer) => longer === `9${shorter}`,
  // Gabon: before 2019 a number was written with or without its 0.
  241: (shorter, longer) => shorter.length === 7 && longer === `0${shorter}`,
};

/** The parts of the tables that are read here, of a country: patterns of its numbers by type. */
const PATTERNS = 11;
type Country = { readonly [PATTERNS]?: readonly (readonly [pattern: string] | 0)[] };

const patternsOf = (code: string): readonly RegExp[] => {
  const { country_calling_codes: codes, countries } = metadata;
  const sharing = Object.entries(codes).find(([each]) => each === code)?.[1] ?? [];
  const plans: Readonly<Record<string, Country>> = Object(countries);
  return sharing.flatMap((country) => plans[country]?.[PATTERNS] ?? [])
    .flatMap((type) => type === 0 || type[0] === "" ? [] : [new RegExp(`^(?:${type[0]})$`)]);
};

const nationalOf = (code: string, e164: E164): string => e164.slice(1 + code.length);

/**
 * Spellings of a number of this calling code that are in service, and are not known to be one line.
 */
const takenFor = (code: string, e164: E164): readonly E164[] =>
  spellingsOf(e164).slice(1).filter(isInService).filter((other) => {
    const [shorter = "", longer = ""] = [e164, other].map((each) => nationalOf(code, each))
      .toSorted((a, b) => a.length - b.length);
    return !(ONE_LINE[code]?.(shorter, longer) ?? false);
  });

test("no two numbers that are in service are taken for one line, in any plan", () => {
  for (const code of Object.keys(metadata.country_calling_codes)) {
    const [first, ...others] = patternsOf(code).map((pattern) => fc.stringMatching(pattern));
    if (first === undefined) continue;
    let tried = 0;
    fc.assert(
      fc.property(fc.oneof(first, ...others), (national) => {
        const e164 = `+${code}${national}`;
        if (!isE164(e164) || !isInService(e164)) return;
        tried += 1;
        assert.deepEqual(takenFor(code, e164), [], e164);
      }),
      { numRuns: runs(150) },
    );
    assert.ok(tried > 0, `no number of +${code} was tried`);
  }
});
