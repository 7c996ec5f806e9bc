import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { check } from "./checker.ts";
import type { History } from "./history.ts";
import { recordInMemory } from "./memory.ts";
import { PLANTED } from "./planted.ts";

describe("a recorded history", () => {
  let history: History | undefined;
  const theHistory = (): History => history ?? assert.fail("nothing was recorded");

  before(async () => {
    history = await recordInMemory({ seed: 20_261_121, calls: 1_000 });
  });

  test("breaks no rule where nothing is wrong", () => {
    assert.deepEqual(check(theHistory()), []);
    assert.ok(theHistory().calls.some(({ answer }) => answer === "unknown"));
  });

  test("is the same after it was written down", () => {
    assert.deepEqual(check(JSON.parse(JSON.stringify(theHistory()))), []);
  });

  for (const [name, { breaks, plant }] of Object.entries(PLANTED)) {
    test(`breaks the rule "${breaks}" where ${name}`, () => {
      const broken = check(plant(theHistory()));
      assert.ok(broken.some(({ rule }) => rule === breaks), JSON.stringify(broken.slice(0, 5)));
    });
  }
});
