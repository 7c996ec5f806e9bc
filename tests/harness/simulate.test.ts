import assert from "node:assert/strict";
import { test } from "node:test";
import { ok } from "../../core/values/result.ts";
import { type Plant, simulate } from "./simulate.ts";

/** Looks no order up, as if every look-up found nothing. */
const forgetful: Plant = () => (outside) => ({
  ...outside,
  carrier: { ...outside.carrier, findOrder: () => Promise.resolve(ok(null)) },
});

test("simulate() says that all is well, of as many runs as it was asked for", async () => {
  assert.deepEqual(await simulate(1, { runs: 10 }), { ok: true, seed: 1, runs: 10 });
});

test("simulate() returns the broken rule, and the run, which its path reproduces", async () => {
  const options = { runs: 200, plant: forgetful, shrinkMs: 0 };
  const first = await simulate(7, options);
  assert.ok(!first.ok);
  assert.equal(first.rule, "recorded here");
  // What a shorter run breaks first may be another rule; how short it gets is a matter of time.
  const verdict = await simulate(7, { ...options, shrinkMs: 1_000 });
  assert.ok(!verdict.ok);
  assert.ok(verdict.message.startsWith(`${verdict.rule}: `));
  assert.ok(verdict.lines.length > 0);
  for (const line of verdict.lines) assert.match(line, /^20\d\d-\d\d-\d\dT[\d:.]+Z \S/);
  const again = await simulate(7, { ...options, path: verdict.path });
  assert.ok(!again.ok);
  assert.equal(again.message, verdict.message);
  assert.deepEqual(again.lines, verdict.lines);
});

test("simulate() rejects what does not fit by its path, as it would find nothing wrong", async () => {
  const loose = simulate as (...values: readonly unknown[]) => Promise<unknown>;
  const refused = (path: string, ...values: readonly unknown[]) =>
    assert.rejects(loose(...values), { name: "InvalidArgument", path });
  for (const runs of [0, -1, 1.5, NaN]) await refused("options.runs", 1, { runs });
  await refused("seed", NaN);
  await refused("seed");
  await refused("options", 7, 5);
  await refused("options.plant", 7, { plant: 5 });
  await refused("options.shrinkMs", 7, { shrinkMs: -1 });
  await refused("options.run", 7, { run: 5 });
});
