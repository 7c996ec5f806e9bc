/** What is a bearer token by its form; anything else is looked up nowhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenIdOf } from "../../adapters/ledger/engine/token.ts";

test("a token's id is what comes before its secret", () => {
  assert.equal(tokenIdOf("tk_0a.A-z_9"), "tk_0a");
  assert.equal(tokenIdOf(`tk_${"z".repeat(40)}.${"Z".repeat(64)}`), `tk_${"z".repeat(40)}`);
});

test("a text that is not a token as a whole has no id", () => {
  for (
    const text of [
      "",
      "tk_1",
      "tk_1.",
      ".secret",
      "tk_.secret",
      "xtk_1.secret",
      "pn_1.secret",
      "tk_A.secret",
      "tk_1.se cret",
      "tk_1.secret ",
      " tk_1.secret",
      "tk_1.secret.more",
      "tk_1.secret\n",
      `tk_${"z".repeat(41)}.secret`,
      `tk_1.${"z".repeat(65)}`,
    ]
  ) {
    assert.equal(tokenIdOf(text), null, JSON.stringify(text));
  }
});
