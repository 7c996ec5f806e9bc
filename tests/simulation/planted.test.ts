import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Violation } from "./checker.ts";
import { PLANTED } from "./planted.ts";
import { lookFor } from "./search.ts";

/** A planted fault must be found within so many histories. */
const WITHIN = 1_000;
/** The same histories every time, so that a fault is not missed by bad luck. */
const SEED = 20_261_121;

describe("simulation finds a ledger that", () => {
  for (const [name, plant] of Object.entries(PLANTED)) {
    test(name, async (context) => {
      const { runs, failure } = await lookFor({ runs: WITHIN, seed: SEED, plant, asFound: true });
      assert.ok(failure !== null, `not found within ${WITHIN} histories`);
      const { error } = failure;
      assert.ok(error instanceof Violation, String(error));
      context.diagnostic(`${error.rule} is broken, after ${runs} histories`);
    });
  }
});
