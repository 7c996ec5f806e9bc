/** What refusals say of what a carrier requires, and of what it cannot search by, word for word. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { requirementsRefused, unmetRequirements } from "../../core/number/requirements.ts";
import { unsupported } from "../../core/number/search.ts";
import type { SearchFilters } from "../../core/ports/mod.ts";

const RULE = (index: number) => ({ id: `${index}`, name: `Paper ${index}`, description: null });
const required = (count: number) => [
  {
    country: "US",
    type: "tollFree" as const,
    requirements: [1, 2, 3, 4, 5, 6, 7].slice(0, count).map(RULE),
  },
];

test("a refusal for want of documents names five of them, and counts the others", () => {
  const market = { country: "US", type: "tollFree" } as const;
  const said = (count: number) => unmetRequirements(market, required(count))?.error.message ?? null;
  const begin =
    "The carrier requires documents for toll-free numbers of US, and none are set for the " +
    "organization: ";
  const end = ". Have the operator set a requirement group for them.";
  assert.equal(said(0), null);
  assert.equal(said(2), `${begin}Paper 1, Paper 2${end}`);
  assert.equal(said(5), `${begin}Paper 1, Paper 2, Paper 3, Paper 4, Paper 5${end}`);
  assert.equal(said(7), `${begin}Paper 1, Paper 2, Paper 3, Paper 4, Paper 5 and 2 more${end}`);
  assert.equal(
    unmetRequirements({ ...market, type: "local" }, required(2))?.error.message,
    "It is not known what the carrier requires for the number.",
  );
  assert.equal(
    requirementsRefused({ ...market, type: "local" }).error.message,
    "The carrier did not carry out the order: documents that it requires for local numbers of US " +
      "are missing, or it did not accept them. Have the operator look after the requirement group, " +
      "and buy again.",
  );
});

test("a refusal of a search names the filter and what it asks for", () => {
  const abilities = { features: ["voice"], patterns: ["contains"] } as const;
  const said = (filters: Partial<SearchFilters>) =>
    unsupported({ country: "US", type: "local", limit: 1, ...filters }, abilities);
  assert.deepEqual(said({ features: ["voice", "fax", "mms"] }), {
    code: "SEARCH_NOT_SUPPORTED",
    filter: "features",
    fault: "asks for fax, mms, by which the carrier cannot search",
    message:
      "The carrier cannot do this search: features asks for fax, mms, by which the carrier " +
      "cannot search.",
  });
  assert.equal(
    said({ contains: "55", startsWith: "415" })?.message,
    "The carrier cannot do this search: startsWith is a filter by which the carrier cannot search.",
  );
  assert.equal(said({ features: ["voice"], contains: "55" }), null);
});
