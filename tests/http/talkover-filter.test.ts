import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { partsOf, textsOf } from "../../adapters/numbering/search.ts";
import { pageOf } from "../../http/talkover/filter.ts";
import { type Searched, searchFor } from "./search-model.ts";
import { written } from "../../adapters/numbering/written-number.ts";
import type { E164 } from "../../core/values/e164.ts";
import { character } from "../harness/arbitraries/contents.ts";

/** Whether a list that is searched for a text has the number. */
const matches = (number: Searched, text: string): boolean => {
  const texts = textsOf(number);
  return partsOf(text)?.some(({ text: place, part }) => texts[place]?.includes(part)) ?? true;
};

const REAL: readonly E164[] = [
  "+14155550101",
  "+442079460018",
  "+4930901820",
  "+33612345678",
  "+5511987654321",
  "+61291234567",
  "+390612345678",
  "+81312345678",
  "+1234567890",
];

const numbers: fc.Arbitrary<E164> = fc.oneof(
  fc.constantFrom(...REAL),
  fc.stringMatching(/^\+[1-9]\d{6,14}$/).map((text) => text as E164),
);

const searched = (e164: E164, id = "pn_x"): Searched => {
  const { national, international } = written(e164);
  return { id, e164, national, international };
};

const digitsOf = (text: string): string => text.replace(/\D/g, "");

const marks = fc.stringMatching(/^[ ().\-/\u00a0\u2011\u2013]{0,3}$/);

/** A run of the digits, with separators before, between and after them. */
const punctuated = (digits: string): fc.Arbitrary<string> =>
  fc.tuple(fc.nat(digits.length - 1), fc.nat(digits.length - 1)).chain(([a, b]) => {
    const run = digits.slice(Math.min(a, b), Math.max(a, b) + 1);
    return fc.array(marks, { minLength: run.length + 1, maxLength: run.length + 1 }).map(
      (between) => run.split("").map((digit, at) => between[at] + digit).join("") + between.at(-1),
    );
  });

test("search finds a number when it is written nationally, internationally or in E.164", () => {
  fc.assert(fc.property(numbers, marks, (e164, space) => {
    const { national, international } = written(e164);
    const forms = [e164, ` ${e164.slice(1)}`, national, international];
    for (const form of forms) {
      assert.ok(matches(searched(e164), form), form);
      assert.ok(matches(searched(e164), `${space}${form}${space}`), form);
    }
  }));
});

test("search finds a number when any run of its digits is given, however punctuated", () => {
  const sample = numbers.chain((e164) =>
    fc.constantFrom(e164, written(e164).national).chain((form) =>
      fc.record({ e164: fc.constant(e164), text: punctuated(digitsOf(form)) })
    )
  );
  fc.assert(fc.property(sample, ({ e164, text }) => {
    assert.ok(matches(searched(e164), text));
  }));
});

test("search finds a number when a trunk prefix follows the country in brackets", () => {
  assert.ok(matches(searched("+442079460018"), "+44 (0)20 7946 0018"));
  assert.ok(!matches(searched("+442079460018"), "+44 (0)21 7946 0018"));
});

test("search finds a number when it is pasted with invisible characters, or any dash or bracket", () => {
  const forms = [
    "\u202a+1 415 555 0101\u202c",
    "+1\u2212415\u2212555\u22120101",
    "[415] 555-0101",
    "{415} 555 0101",
    "tel:+1-415-555-0101",
    "001 415 555 0101",
    "011 1 415 555 0101",
    "415\u200b555\ufeff0101",
    "(415)\u30fb555\u20140101",
  ];
  for (const form of forms) assert.ok(matches(searched("+14155550101"), form), form);
  assert.ok(!matches(searched("+14155550101"), "00 55 50"));
});

test("search finds a number in a former or domestic notation of its plan", () => {
  const cases: readonly (readonly [E164, string])[] = [
    ["+525512345678", "+52 1 55 1234 5678"],
    ["+5491123456789", "+54 11 2345-6789"],
    ["+5491123456789", "+54 11 15 2345-6789"],
    ["+4930901820", "+49 030 901820"],
    ["+390612345678", "+39 6 1234 5678"],
  ];
  for (const [e164, form] of cases) {
    assert.ok(matches(searched(e164), form), form);
    assert.ok(!matches(searched("+14155550123"), form), form);
  }
});

test("search finds a number in text copied with it: a word, a scheme, parameters, an extension", () => {
  const forms = [
    "tel:+1-415-555-0123;ext=5",
    "tel:415-555-0123;phone-context=+1",
    "sms:+14155550123?body=hello",
    "sip:+14155550123@example.com",
    "whatsapp:+14155550123",
    "Tel.: (415) 555-0123",
    "\u202aPhone:\u00a0415 555 0123\u202c",
    "+1 415 555 0123 ext. 5",
    "415-555-0123 x5",
    "415.555.0123 #5",
    "+1 415 555 0123,,5",
    "'+14155550123",
    '"+1 (415) 555-0123"',
    "\u201e+1 415 555 0123\u201c",
    "<+14155550123>",
    "\u260e\ufe0f +1 415 555 0123",
    "+1.415.555",
    "\uff14\uff11\uff15\uff0d\uff15\uff15\uff15",
  ];
  for (const form of forms) {
    assert.ok(matches(searched("+14155550123"), form), form);
    assert.ok(!matches(searched("+14165560124"), form), form);
  }
  // Text around a number matches nothing alone.
  for (const form of ["tel:", "Tel.:", "x5", "ext. 5", ";ext=5", ",,5", "sip:@example.com"]) {
    assert.ok(!matches(searched("+14155550123"), form), form);
  }
});

test("search finds nothing when the digits are neither in the number nor in the id", () => {
  fc.assert(fc.property(numbers, fc.stringMatching(/^\d{1,15}$/), (e164, digits) => {
    const { national, international } = written(e164);
    const inNumber = [e164, national, international].some((form) =>
      digitsOf(form).includes(digits)
    );
    // After an international call prefix comes the beginning of a number.
    const isAbroad = ["00", "011"].some((prefix) =>
      digits.length > prefix.length && digits.startsWith(prefix) &&
      e164.startsWith(`+${digits.slice(prefix.length)}`)
    );
    assert.equal(matches(searched(e164), digits), inNumber || isAbroad);
  }));
});

test("search finds a number by its id when any part of that is given", () => {
  const id = "pn_01kg9qxg806hyr7xkp51w2q5e8";
  for (const part of [id, "pn_", "806HYR", " 5e8 "]) {
    assert.ok(matches(searched("+14155550101", id), part), part);
  }
  assert.ok(!matches(searched("+14155550101", id), "pn_02"));
  assert.ok(!matches(searched("+14155550101", id), "415 desk"));
});

test("search finds just what a predicate over the forms of a number finds", () => {
  const text = fc.oneof(
    fc.string({ unit: character }),
    fc.stringMatching(/^[0-9 ()+.\n-]{0,12}$/),
    fc.stringMatching(/^(?:00|011|\+)?[1-9]\d{0,14}$/),
    numbers,
    numbers.map((e164) => written(e164).international),
  );
  const parts = fc.record({ from: fc.nat(16), length: fc.nat(16) });
  fc.assert(fc.property(numbers, text, parts, (e164, whole, { from, length }) => {
    const number = searched(e164);
    for (const asked of [whole, whole.slice(from, from + length)]) {
      assert.equal(matches(number, asked), searchFor(asked)(number), JSON.stringify(asked));
    }
  }));
});

test("search accepts any text", () => {
  fc.assert(fc.property(numbers, fc.string({ unit: character }), (e164, text) => {
    assert.equal(typeof matches(searched(e164), text), "boolean");
  }));
  assert.ok(matches(searched("+14155550101"), "  "));
});

test("pages give every row once, in order, when they are read one after another", () => {
  const rows = fc.array(fc.integer(), { maxLength: 60 });
  fc.assert(fc.property(rows, fc.integer({ min: 1, max: 100 }), (all, size) => {
    const last = pageOf(all, { page: 1, per_page: size }).meta?.last_page ?? 0;
    const read = Array.from(
      { length: last },
      (_, at) => pageOf(all, { page: at + 1, per_page: size }).rows,
    );
    assert.deepEqual(read.flat(), all);
    const past = pageOf(all, { page: last + 1, per_page: size });
    assert.deepEqual(past.rows, []);
    assert.equal(past.meta?.total, all.length);
  }));
});

test("meta is absent when neither a page nor its length is requested", () => {
  assert.deepEqual(pageOf([1, 2], { page: undefined, per_page: undefined }), { rows: [1, 2] });
});
