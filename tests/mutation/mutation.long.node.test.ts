/** `npm run mutation`, for some minutes, with a new seed each time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../tidy/command.ts";

const MINUTES = 10;
/** Twice that: the tests are run without a mutant first, whatever the time. */
const LIMIT_MS = 2 * MINUTES * 60_000;

test(`in ${MINUTES} minutes of changes to the code, the tests notice enough of them`, async () => {
  const parameters = ["--mutants", "100", "--minutes", String(MINUTES)];
  const { ok, output } = await run(
    "node",
    ["--import", "tsx", "tests/mutation/run.ts", ...parameters],
    { echo: false, limit_ms: LIMIT_MS },
  );
  assert.ok(ok, output);
});
