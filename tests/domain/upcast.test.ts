import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { type EventDefinitions, firstVersion, upcast } from "../../core/events/definition.ts";
import { toDraft } from "../../core/events/vocabulary.ts";

/** First a price in dollars, then in cents, then with its currency. */
const PRICED = {
  Priced: {
    version: 3,
    schema: v.object({ cents: v.number(), currency: v.string() }),
    upcast: {
      1: (data) => ({ cents: v.parse(v.object({ dollars: v.number() }), data).dollars * 100 }),
      2: (data) => ({ ...v.parse(v.object({ cents: v.number() }), data), currency: "USD" }),
    },
  },
  Torn: {
    version: 3,
    schema: v.object({}),
    upcast: { 1: (data) => data },
  },
  Named: firstVersion(v.object({ name: v.object({ first: v.string() }) })),
} satisfies EventDefinitions;

const read = (type: string, version: number, data: unknown) =>
  upcast(PRICED, { type, version, data });

test("upcast goes through every step when the event is of the first version", () => {
  assert.deepEqual(read("Priced", 1, { dollars: 2 }), { cents: 200, currency: "USD" });
});

test("upcast goes through the last step alone when the event is one version old", () => {
  assert.deepEqual(read("Priced", 2, { cents: 7 }), { cents: 7, currency: "USD" });
});

test("upcast changes nothing when the event is of the newest version", () => {
  const data = { cents: 7, currency: "EUR" };
  assert.deepEqual(read("Priced", 3, data), data);
});

test("upcast leaves the stored data as it is when it reads it", () => {
  const data = Object.freeze({ dollars: 2 });
  read("Priced", 1, data);
  assert.deepEqual(data, { dollars: 2 });
});

test("upcast throws a sentence when the event is newer than this code", () => {
  assert.throws(
    () => read("Priced", 4, {}),
    { message: "This code does not know version 4 of event Priced" },
  );
});

test("upcast throws a sentence when a step is missing", () => {
  assert.throws(
    () => read("Torn", 1, {}),
    { message: "Event Torn has no step up from version 2" },
  );
  assert.throws(() => read("Priced", 0, {}), /Event Priced has no step up from version 0/);
});

test("upcast names the place when the data does not fit", () => {
  assert.throws(
    () => read("Named", 1, { name: { first: 7 } }),
    /^Error: A stored Named does not fit its schema at name\.first: .*[Ee]xpected string/,
  );
  assert.throws(
    () => read("Named", 1, null),
    /^Error: A stored Named does not fit its schema at its top level: /,
  );
});

test("an event that could not be read again has no stored form", () => {
  const event = { type: "NumberPurchased", data: { holding: "pn_1" } } as never;
  assert.throws(
    () => toDraft(event),
    /^Error: A new NumberPurchased does not fit its schema at carrierId: /,
  );
});
