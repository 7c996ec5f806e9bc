/** The quick test of data: where it passes, valibot gives the very same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { eventDefinitions } from "../../core/events/vocabulary.ts";
import { exactTest } from "../../core/events/exact-match.ts";
import { event } from "../harness/arbitraries/mod.ts";

const passes = (schema: v.GenericSchema, value: unknown): boolean => exactTest(schema)(value);

/** Values that no schema expects where another is. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(undefined, Number.NaN, 0.5, -1, "", "+14155550101", [], {}),
);

/** The value with something else in one place, anywhere in it, or with a key more or less. */
const spoilt = (value: unknown): fc.Arbitrary<unknown> => {
  if (typeof value !== "object" || value === null) return anything;
  const object = value as Record<string, unknown>;
  const inside = Object.keys(object).flatMap((key) => {
    const { [key]: inner, ...rest } = object;
    const within = spoilt(inner).map((other) =>
      Array.isArray(value)
        ? Object.assign([...value], { [key]: other })
        : { ...object, [key]: other }
    );
    return Array.isArray(value) ? [within] : [within, fc.constant(rest)];
  });
  const more = anything.map((other) => ({ ...object, another: other }));
  return fc.oneof(anything, more, ...inside);
};

test("exactTest passes all data that an event may have", () => {
  fc.assert(
    fc.property(event, ({ type, data }) => {
      assert.ok(passes(eventDefinitions[type].schema, data));
    }),
    { numRuns: 1_000 },
  );
});

test("exactTest passes spoilt data only where valibot gives the very same", () => {
  const cases = event.chain(({ type, data }) =>
    spoilt(data).map((other) => ({ schema: eventDefinitions[type].schema, other }))
  );
  fc.assert(
    fc.property(cases, ({ schema, other }) => {
      const { success, output } = v.safeParse(schema, other);
      if (passes(schema, other)) {
        assert.deepEqual({ success, output }, { success: true, output: other });
      }
    }),
    { numRuns: 5_000 },
  );
});

test("exactTest fails where valibot would change the value", () => {
  assert.equal(passes(v.object({ a: v.string() }), { a: "", b: 1 }), false);
  assert.equal(passes(v.object({ a: v.optional(v.string(), "b") }), {}), false);
  assert.equal(passes(v.object({ a: v.fallback(v.optional(v.string()), "b") }), {}), false);
  assert.equal(passes(v.nullable(v.string(), "b"), null), false);
  assert.equal(passes(v.pipe(v.string(), v.trim()), " a"), false);
  assert.equal(passes(v.array(v.string()), Array(1)), false);
});

test("exactTest fails where a key is missing, unless that is what the schema calls optional", () => {
  assert.equal(passes(v.object({ a: v.optional(v.string()) }), {}), true);
  assert.equal(passes(v.object({ a: v.custom(() => true) }), {}), false);
  assert.equal(passes(v.object({ a: v.nullable(v.optional(v.string())) }), {}), false);
});

test("exactTest reads a value's own members only, which may come in any order", () => {
  const schema = v.object({ a: v.string(), b: v.optional(v.string()) });
  assert.ok(passes(schema, { b: "b", a: "a" }));
  assert.ok(!passes(schema, Object.assign(Object.create({ a: "a" }), { x: "x" })));
  assert.ok(!passes(schema, Object.assign(Object.create({ b: "b" }), { a: "a", x: "x" })));
});

test("exactTest has valibot answer for a schema that it does not know, and a copy fails", () => {
  const name = v.pipe(v.string(), v.trim(), v.minLength(2));
  assert.deepEqual(["ab", "a", "ab ", 1].map((value) => passes(name, value)), [
    true,
    false,
    false,
    false,
  ]);
  const union = v.union([v.string(), v.object({ a: v.string() })]);
  assert.deepEqual(["a", 1, { a: "" }].map((value) => passes(union, value)), [true, false, false]);
  assert.equal(passes(v.number(), Number.NaN), false);
});
