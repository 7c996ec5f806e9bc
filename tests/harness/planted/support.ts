/** How each contract suite is shown to find bad adapters. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runSuite, type TestRunner } from "../runner.ts";

/** The names of the tests that failed. */
const failures = async (declare: (runner: TestRunner) => void): Promise<readonly string[]> => {
  const results = await runSuite(declare);
  assert.ok(results.length > 0);
  return results.filter(({ error }) => error !== null).map(({ name }) => name);
};

/** The runner, whose tests are only run until one has failed. */
const untilFailure = (runner: TestRunner): TestRunner => {
  let hasFailed = false;
  const test: TestRunner["test"] = (name, work) =>
    runner.test(name, async (context) => {
      if (hasFailed) return;
      hasFailed = true;
      await work(context);
      hasFailed = false;
    });
  return { ...runner, test };
};

/** What is planted: each fault by what it does, and how it changes a correct adapter. */
export type Planted<Port> = Readonly<Record<string, (port: Port) => Partial<Port>>>;

/** How many bad adapters of each port must be found. */
const LEAST = 10;

/** Declares a test for an adapter without fault, and one for each fault that is planted in it. */
export const findsOut = <Port extends object>(
  planted: Planted<Port>,
  declareFor: (runner: TestRunner, plant: (port: Port) => Port) => void,
): void => {
  test("passes an adapter that keeps its word", async () => {
    assert.ok(Object.keys(planted).length >= LEAST);
    assert.deepEqual(await failures((runner) => declareFor(runner, (port) => port)), []);
  });
  for (const [fault, change] of Object.entries(planted)) {
    test(`finds out one that ${fault}`, async () => {
      const plant = (port: Port): Port => ({ ...port, ...change(port) });
      const found = await failures((runner) => declareFor(untilFailure(runner), plant));
      assert.notDeepEqual(found, []);
    });
  }
};
