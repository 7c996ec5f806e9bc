import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Violation } from "../harness/simulation/checker.ts";
import { PLANTED } from "./planted.ts";
import { lookFor } from "../harness/simulation/search.ts";

/** A planted fault must be found within this many runs. */
const WITHIN = 1_000;
/**
 * The same runs every time, so that none is missed by bad luck, and of a seed that is quick.
 */
const SEED = 1;

describe("simulation finds a ledger that", () => {
  for (const [name, plant] of Object.entries(PLANTED)) {
    test(name, async (context) => {
      const { runs, failure } = await lookFor({ runs: WITHIN, seed: SEED, plant, asFound: true });
      assert.ok(failure !== null, `not found within ${WITHIN} runs`);
      const { error } = failure;
      assert.ok(error instanceof Violation, String(error));
      context.diagnostic(`${error.rule} is broken, after ${runs} runs`);
    });
  }
});
