/** How the suite of carriers reports what a carrier leaves out: skipped, with the reason. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import type { Carrier } from "../../../core/ports/mod.ts";
import { failed } from "../../../core/values/result.ts";
import { carrierContract, type CarrierSubject } from "../../harness/contract/carrier.ts";
import { runSuite, type TestResult } from "../../harness/runner.ts";
import { sandboxSubject } from "./sandbox.ts";

/** The suite's results for a carrier, whose names are given without the suite's. */
const resultsFor = async (
  change: (carrier: Carrier) => Carrier,
  more: Partial<CarrierSubject> = {},
): Promise<readonly TestResult[]> => {
  const isFaulty = more.faults !== undefined;
  const options = isFaulty ? {} : { withoutFaults: "the carrier is in this process" };
  const open = (): Promise<CarrierSubject> => {
    const clock = openTestClock(0);
    const carrier = change(openSandboxCarrier({ clock }));
    return Promise.resolve({ ...sandboxSubject(carrier, clock), ...more });
  };
  const results = await runSuite((runner) => carrierContract(runner, "partial", open, options));
  return results.map((result) => ({ ...result, name: result.name.replace(/^.*? > /, "") }));
};

const namesOf = (results: readonly TestResult[]) => results.map(({ name }) => name);
const failedOf = (results: readonly TestResult[]) => results.filter(({ error }) => error !== null);
const skippedOf = (results: readonly TestResult[]) => results.filter(({ skipped }) => skipped);
const passedOf = (results: readonly TestResult[]) =>
  results.filter(({ error, skipped }) => error === null && skipped === undefined);

const away = () =>
  Promise.resolve(failed({ kind: "unreachable" as const, message: "Nobody answers." }));

/** A carrier that cannot be reached, and leaves out all that it may. */
const STUB: Carrier = {
  name: "stub",
  settlingMs: 60_000,
  search: away,
  quote: away,
  order: away,
  findOrder: away,
  findNumber: away,
  inventory: away,
  has: away,
  connect: away,
  release: away,
};

describe("the suite of carriers, of what a carrier leaves out", () => {
  test("passes nothing of a stub but its properties, and skips with a reason what it lacks", async () => {
    const faults = { begin: () => {}, end: () => {} };
    const results = await resultsFor(() => STUB, { faults, documents: undefined });
    assert.deepEqual(namesOf(passedOf(results)), [
      "the name is one that events can hold",
      "settlingMs is how long an order may take to come into sight, which may be 0",
      "suspend and resume are both there, or neither",
    ]);
    const optional = results.filter(({ name }) =>
      /^(?:cancellation|requirements|suspend (?!and resume are both)|resume)\b/.test(name)
    );
    assert.ok(optional.length > 30);
    for (const { name, skipped } of optional) {
      assert.match(skipped ?? "", /^the carrier (?:has no `|requires no documents)/, name);
    }
  });

  test("skips the tests of each call alone when the others are there", async () => {
    const reasons = async (change: (carrier: Carrier) => Carrier) => {
      const results = await resultsFor(change);
      assert.deepEqual(failedOf(results), []);
      return [...new Set(skippedOf(results).map(({ skipped }) => skipped))];
    };
    const always = ["the carrier searches by all filters"];
    assert.deepEqual(await reasons((carrier) => carrier), always);
    assert.deepEqual(await reasons(({ cancel: _cancel, ...carrier }) => carrier), [
      ...always,
      "the carrier has no `cancel`",
    ]);
    assert.deepEqual(
      await reasons(({ suspend: _suspend, resume: _resume, ...carrier }) => carrier),
      [
        ...always,
        "the carrier has no `suspend` and `resume`",
      ],
    );
  });

  test("fails a carrier that has one of suspend and resume", async () => {
    const results = await resultsFor(({ resume: _resume, ...carrier }) => carrier);
    assert.deepEqual(namesOf(failedOf(results)), ["suspend and resume are both there, or neither"]);
  });
});
