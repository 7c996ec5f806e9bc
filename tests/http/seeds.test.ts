import assert from "node:assert/strict";
import { test } from "node:test";
import { KEPT_PAGES, readPages } from "../support/seeds.ts";

test("the examples and calls that are checked in are those of the documentation, where that is here", () => {
  const pages = readPages();
  // Where they are not, all other tests hold what is checked in.
  if (pages === null) return;
  assert.deepEqual(KEPT_PAGES, JSON.parse(JSON.stringify(pages)));
});
