import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { simulate } from "../harness/simulation/simulated-run.ts";
import { PLANTED } from "./planted.ts";
import { lineFor, lookFor } from "../harness/simulation/search.ts";
import { Tape, tapes } from "../harness/simulation/tape.ts";
import { runs, seedOfRun } from "../support/runs.ts";

const RUNS = runs(200);

test(`simulation breaks no rule, whatever fails in it, in ${RUNS} runs`, async () => {
  const seed = seedOfRun();
  const { failure } = await lookFor({ runs: RUNS, seed });
  assert.equal(failure, null, `${failure?.error}\n${lineFor(seed, failure?.path ?? "")}`);
});

test("simulated run is the same, event by event, when its tape is played again", async () => {
  const [tape = []] = fc.sample(tapes, { numRuns: 1, seed: 7 });
  const play = async (): Promise<readonly string[]> => {
    const notes: string[] = [];
    await simulate(tape, (what, at) => notes.push(`${at} ${what}`));
    return notes;
  };
  const first = await play();
  assert.ok(first.length > 20);
  assert.deepEqual(await play(), first);
});

test("some runs have an order that waits for documents", async () => {
  // About one in a hundred has; with this seed one of the first.
  for (const tape of fc.sample(tapes, { numRuns: 200, seed: 18 })) {
    let waits = false;
    await simulate(tape, (what) => {
      if (what === "event OrderWaits") waits = true;
    });
    if (waits) return;
  }
  assert.fail("none of 200 runs has one");
});

test("simulated run that breaks a rule is found again, smaller, by its seed and path", async () => {
  const plant = PLANTED["takes a lost answer to an order for a no"];
  assert.ok(plant !== undefined);
  const found = await lookFor({ runs: 100, seed: 3, plant, shrinkMs: 2_000 });
  assert.ok(found.failure !== null);
  const { path, error } = found.failure;
  assert.ok(path.includes(":"), `${path} leads to no smaller run`);
  const again = await lookFor({ runs: 1, seed: 3, path, plant, asFound: true });
  assert.equal(again.runs, 1);
  assert.equal(String(again.failure?.error), String(error));
});

test("tape gives the calmest choice when it is at its end", () => {
  const tape = new Tape([5]);
  assert.equal(tape.below(3), 2);
  assert.deepEqual([tape.below(3), tape.chance(999), tape.one(["calm", "wild"])], [
    0,
    false,
    "calm",
  ]);
});
