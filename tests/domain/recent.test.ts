/** The cache never exceeds its bounds, whatever it holds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openRecent } from "../../core/values/recent.ts";

type Step = readonly ["set", string, number] | readonly ["delete", string] | readonly ["clear"];

const key = fc.constantFrom("a", "b", "c", "d", "e");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constant("set" as const), key, fc.nat(12)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("delete" as const), key) },
  { weight: 1, arbitrary: fc.constant(["clear"] as const) },
);

const LIMIT = 3;
const SPACE = { most: 20, each: 10, of: (value: number) => value };

/** The same, as a list whose last entry was used last. */
const naive = (entries: readonly (readonly [string, number])[], taken: Step) => {
  if (taken[0] === "clear") return [];
  const others = entries.filter(([name]) => name !== taken[1]);
  if (taken[0] === "delete" || taken[2] > SPACE.each) return others;
  let kept = [...others, [taken[1], taken[2]] as const];
  const total = () => kept.reduce((sum, [, value]) => sum + value, 0);
  while (kept.length > LIMIT || total() > SPACE.most) kept = kept.slice(1);
  return kept;
};

test("the least recently used entry is evicted first, by number and by space", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const recent = openRecent<number>({ limit: LIMIT, space: SPACE });
    let entries: readonly (readonly [string, number])[] = [];
    for (const taken of steps) {
      if (taken[0] === "set") recent.set(taken[1], taken[2]);
      else if (taken[0] === "delete") recent.delete(taken[1]);
      else recent.clear();
      entries = naive(entries, taken);
      assert.equal(recent.size(), entries.length);
      for (const name of ["a", "b", "c", "d", "e"]) {
        const value = entries.find(([known]) => known === name)?.[1];
        assert.deepEqual([recent.get(name), recent.has(name)], [value, value !== undefined]);
      }
    }
  }));
});

test("a few of those that may be are forgotten at a time, and none behind one that may not", () => {
  const recent = openRecent<number>({ limit: 100 });
  for (let value = 0; value < 10; value++) recent.set(String(value), value);
  recent.forget((value) => value < 6);
  assert.deepEqual([recent.size(), recent.has("3"), recent.has("4")], [6, false, true]);
  recent.forget((value) => value < 6);
  assert.deepEqual([recent.size(), recent.has("5"), recent.has("6")], [4, false, true]);
});
