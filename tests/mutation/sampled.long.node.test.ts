/** A sample of the mutation run of each part whose share is reached, drawn by the run's seed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { ROOT } from "../tidy/command.ts";

const MUTANTS = 40;
/** Of a part in which 95 of 100 are killed, three in a thousand samples of 40 have fewer. */
const LEAST = 34;

test(`the tests kill ${LEAST} of ${MUTANTS} mutants of core`, () => {
  const seed = process.env["TESTS_SEED"] ?? String(Date.now() % 1_000_000);
  const parameters = ["--part", "core", "--seed", seed, "--mutants", String(MUTANTS)];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "tests/mutation/run.ts", ...parameters],
    { cwd: ROOT, env, encoding: "utf8" },
  );
  console.log(stdout);
  const [, killed, tried] = /^core: (\d+) of (\d+) mutants killed/m.exec(stdout) ?? [];
  assert.equal(Number(tried), MUTANTS, `${stdout}\n${stderr}`);
  assert.ok(Number(killed) >= LEAST, stdout);
});
