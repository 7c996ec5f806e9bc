/** Towns that are written together with their state. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { US_A_TO_M } from "../../adapters/carrier/sandbox/plans/us-a-m.ts";
import { US_N_TO_W } from "../../adapters/carrier/sandbox/plans/us-n-w.ts";
import { CANADA } from "../../adapters/carrier/sandbox/plans/canada.ts";
import { matches, searchKey } from "../../core/number/search.ts";
import type { SearchFilters } from "../../core/ports/mod.ts";
import { placesOf, placeTest } from "../../core/values/place.ts";
import { stateNamed } from "../../core/values/states.ts";
import { offerOf } from "../harness/story/mod.ts";
import { townSpellings } from "../../core/values/town.ts";

const FILTERS: SearchFilters = { country: "US", type: "local", limit: 10 };

type Town = readonly [town: string, state: string | null, country?: string];

const lies = ([locality, state, country = "US"]: Town, asked: string): boolean =>
  matches(
    { ...offerOf("+14155550105"), country, region: { state, locality, rateCenter: null } },
    { ...FILTERS, country, locality: asked },
  );

const AS_PEOPLE_WRITE: readonly (readonly [Town, readonly string[]])[] = [
  [["Austin", "TX"], [
    "Austin, TX",
    "Austin,TX",
    "Austin TX",
    "austin tx",
    " AUSTIN ,  TX ",
    "Austin, Texas",
    "austin texas",
    "Austin, T.X.",
    "Austin (TX)",
    "Austin, TX, USA",
    "Austin, TX, United States",
    "Austin TX US",
    "Austin, USA",
  ]],
  [["St. Louis", "MO"], ["St. Louis, MO", "Saint Louis MO", "st louis, missouri", "ST. LOUIS MO."]],
  [["New York", "NY"], [
    "New York, NY",
    "New York, New York",
    "NYC, NY",
    "New York City NY",
    "New York, N.Y.",
  ]],
  [["Washington", "DC"], [
    "Washington, DC",
    "Washington, D.C.",
    "Washington DC",
    "Washington, District of Columbia",
  ]],
  [["Billings", "MT"], ["Billings, MT", "billings mt", "Billings Montana"]],
  [["Kansas City", "KS"], ["Kansas City, KS", "Kansas City Kansas"]],
  [["Kansas City", "MO"], ["Kansas City, Missouri"]],
  [["Charleston", "WV"], ["Charleston, West Virginia", "Charleston WV"]],
  [["Port Washington", "NY"], [
    "Port Washington",
    "Port Washington, NY",
    "Port Washington New York",
  ]],
  [["West New York", "NJ"], ["West New York", "West New York NJ"]],
  [["Virginia Beach", "VA"], ["Virginia Beach", "Virginia Beach, Virginia"]],
  [["Winston-Salem", "NC"], ["Winston Salem, North Carolina"]],
  [["Montréal", "QC", "CA"], [
    "Montreal, QC",
    "Montréal, Québec",
    "montreal quebec",
    "Montréal (QC), Canada",
  ]],
  [["Quebec", "QC", "CA"], ["Quebec City, QC", "Québec, Québec"]],
  [["Saint John's", "NL", "CA"], ["St. John's, Newfoundland and Labrador", "St Johns NL"]],
  [["Toronto", "ON", "CA"], ["Toronto, ON", "Toronto Ontario", "Toronto, Canada", "Toronto, CA"]],
  // A carrier may give a state by its name, or only a town.
  [["Austin", "Texas"], ["Austin, TX"]],
  [["Austin", null], ["Austin, TX", "Austin Texas"]],
  [["München", "Bayern", "DE"], ["München, Bayern", "Munchen, bayern"]],
  [["München", null, "DE"], ["München, Bayern", "München, DE"]],
];

test("a town is found by its name with its state, as people write both", () => {
  for (const [town, ways] of AS_PEOPLE_WRITE) {
    for (const way of ways) assert.ok(lies(town, way), `${town.join(" ")} by ${way}`);
  }
});

test("a town is not found by a state that it is not in", () => {
  const others: readonly (readonly [Town, string])[] = [
    [["Kansas City", "KS"], "Kansas City, MO"],
    [["Springfield", "IL"], "Springfield Massachusetts"],
    [["Austin", "TX"], "Austin, Travis County"],
    [["Austin", "TX"], "Texas"],
    [["Austin", "TX"], "TX"],
    [["Austin", "TX"], ", TX"],
    [["Austin", "TX"], "TX, Austin"],
    [["Austin", "TX"], "Austin, ON"],
    [["Austin", "TX"], "Austin, Canada"],
    [["Charleston", "VA"], "Charleston, West Virginia"],
    [["New York", "NY"], "York, New"],
    [["München", "Bayern", "DE"], "München, Hessen"],
  ];
  for (const [town, asked] of others) {
    assert.ok(!lies(town, asked), `${town.join(" ")} by ${asked}`);
  }
});

const PLAN: readonly (readonly [string, string])[] = Object.entries({
  US: { ...US_A_TO_M, ...US_N_TO_W },
  CA: CANADA,
}).flatMap(([country, plan]) =>
  Object.values<string>(plan).map((entry) => [country, entry.slice(0, 2)] as const)
);

test("the states of all area codes have their names", () => {
  for (const [country, state] of PLAN) assert.equal(stateNamed(state, country), state);
  for (const text of ["", "Tex", "XX", "constructor", "Ontario"]) {
    assert.equal(stateNamed(text, "US"), null);
  }
  assert.equal(stateNamed("TX", "constructor"), null);
});

test("any text means at most two places, and every town that has its name", () => {
  const part = fc.constantFrom(
    "Austin",
    "St.",
    "TX",
    "Texas",
    "New",
    "York",
    ",",
    " ",
    "USA",
    "(",
    "mt",
    "é",
  );
  const text = fc.oneof(
    fc.array(part).map((parts) => parts.join(" ")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(fc.property(text, fc.constantFrom("US", "CA", "DE", "ZZ"), (asked, country) => {
    const places = placesOf(asked, country);
    assert.ok(places.length <= 2);
    for (const { town, state } of places) assert.ok(lies([town, state, country], asked));
  }));
});

test("spellings that mean the same place are one search, and others are not", () => {
  const key = (locality: string, country = "US") => searchKey({ ...FILTERS, country, locality });
  const austin = key("Austin, TX");
  for (const way of ["austin,tx", "Austin, Texas", "AUSTIN, TX, USA"]) {
    assert.equal(key(way), austin);
  }
  // A town may have that whole name.
  assert.notEqual(key("Port Washington"), key("Port, Washington"));
  assert.notEqual(key("Austin"), austin);
  assert.notEqual(key("Austin, MO"), austin);
});

test("place matches where its town and its state match, as far as they are known", () => {
  assert.deepEqual(placesOf("St.  Louis,  Missouri", "US"), [{ town: "St. Louis", state: "MO" }]);
  const louis = placeTest("St. Louis, MO", "US");
  assert.deepEqual(
    [louis("St. Louis", "MO"), louis("St. Louis", "TX"), louis("Dallas", "MO"), louis(null, "MO")],
    [true, false, false, true],
  );
  assert.deepEqual([louis("St. Louis", null), louis("Dallas", null)], [true, false]);
  assert.deepEqual([louis(null, "TX"), louis(null, null)], [false, true]);
});

test("place that is only the name of a state is a town", () => {
  for (const name of ["Georgia", "New Hampshire", "District of Columbia"]) {
    assert.deepEqual(placesOf(name, "US"), [{ town: name, state: null }]);
  }
});

test("comma separates a town from its state where both have letters", () => {
  assert.deepEqual(placesOf("München, Bayern", "DE"), [{ town: "München", state: "bayern" }]);
  for (const half of ["München,", ", Bayern", "München, -", "-, Bayern"]) {
    assert.deepEqual(placesOf(half, "DE"), [{ town: half, state: null }]);
  }
  assert.deepEqual(placesOf(", -", "DE"), []);
});

test("town is searched as it is written, with single spaces, and each spelling once", () => {
  assert.deepEqual(townSpellings("  San   José "), ["San José", "San Jose"]);
  assert.ok(townSpellings("NYC").length > 1);
});

test("place of one word has no state", () => {
  assert.equal(placeTest("Georgia", "US")("Georgia", "TX"), true);
  assert.equal(placeTest("Springfield IL", "US")("Springfield", "IL"), true);
  assert.equal(placeTest("Springfield IL", "US")("Springfield", "MO"), false);
});
