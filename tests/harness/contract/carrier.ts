import assert from "node:assert/strict";
import { runnerOf, type Test, type TestFunctions } from "../runner.ts";
import type { CarrierSubject } from "./carrier-support.ts";
import { telling } from "./carrier/identity.ts";
import { keeping } from "./carrier/numbers.ts";
import { searching } from "./carrier/offers.ts";
import { ordering } from "./carrier/orders.ts";
import { releasing } from "./carrier/releases.ts";

export type { CarrierSubject } from "./carrier-support.ts";

/** Declares the tests of one topic; each has a file of its own in `carrier/`. */
type Topic = (test: Test, subject: () => CarrierSubject) => void;

const TOPICS: readonly Topic[] = [
  telling,
  searching,
  ordering,
  keeping,
  releasing,
];

/**
 * Declares the tests that every adapter of the `Carrier` port passes, with the functions of your
 * test runner. `open` is called once; the carrier's inventory need not be fresh.
 */
export const carrierContract = (
  functions: TestFunctions,
  name: string,
  open: () => Promise<CarrierSubject>,
): void => {
  const { describe, test, before, after } = runnerOf(functions);
  describe(`carrier: ${name}`, () => {
    let opened: CarrierSubject | undefined;
    before(async () => {
      opened = await open();
    });
    after(() => opened?.close());
    const subject = (): CarrierSubject => {
      assert.ok(opened !== undefined);
      return opened;
    };
    for (const declare of TOPICS) declare(test, subject);
  });
};
