import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isWithin, LIMITS, sumBelow } from "./limit.ts";

describe("limit", () => {
  // On purpose, nothing is said about the limit itself.
  test("is kept below it, and not above it", () => {
    assert.equal(isWithin(1, LIMITS.ours), true);
    assert.equal(isWithin(4, LIMITS.ours), false);
  });
});

test("numbers below one are summed up", () => {
  assert.equal(sumBelow(4), 6);
});
