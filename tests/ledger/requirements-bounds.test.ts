/** How much is taken and kept of what carriers say that they require. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readAnswer } from "../../adapters/ledger/engine/carrier-results.ts";
import { openRequirementsCache } from "../../adapters/ledger/engine/requirements-cache.ts";

test("what is kept of carriers' requirements is bounded, and the oldest is forgotten first", () => {
  const cache = openRequirementsCache(() => 0);
  const marketAt = (place: number) =>
    ({ country: `${place}`, type: "local", requirements: [] }) as const;
  for (let place = 0; place < 2_500; place++) cache.note("one", marketAt(place));
  assert.equal(cache.known("one").length, 2_000);
  assert.equal(cache.last("one", marketAt(0)), null);
  assert.deepEqual(cache.last("one", marketAt(2_499)), marketAt(2_499));
  assert.equal(cache.known("other").length, 0);
});

test("more requirements than any number has are not an answer", () => {
  const value = Array.from({ length: 1_001 }, () => ({ id: "a", name: "A", description: null }));
  assert.throws(() => readAnswer("requirements", { ok: true, value }), {
    name: "TypeError",
    message: "requirements().value must be at most 1000 requirements, not 1001",
  });
});
