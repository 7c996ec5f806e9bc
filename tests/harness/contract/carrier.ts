import assert from "node:assert/strict";
import { isCarrierCall, readAnswer } from "../../../adapters/ledger/engine/carrier-results.ts";
import type { Carrier } from "../../../core/ports/mod.ts";
import { runnerOf, skippable, type Test, type TestFunctions } from "../runner.ts";
import type { CarrierSubject } from "./carrier-support.ts";
import { cancelling, cancellingWhileFailing } from "./carrier/cancel.ts";
import { changingWhileFailing } from "./carrier/faults-changes.ts";
import { orderingWhileFailing } from "./carrier/faults-orders.ts";
import { readingWhileFailing } from "./carrier/faults-reads.ts";
import { openGivingBack } from "./carrier/giving-back.ts";
import { telling } from "./carrier/identity.ts";
import { suspendingWhileFailing } from "./carrier/faults-suspension.ts";
import { keeping } from "./carrier/numbers.ts";
import { requiring } from "./carrier/requirements.ts";
import { searching } from "./carrier/offers.ts";
import { ordering } from "./carrier/orders.ts";
import { releasing } from "./carrier/releases.ts";
import { searchFilters } from "./carrier/search.ts";
import { suspending } from "./carrier/suspension.ts";
import { declareFaults, type FaultOptions } from "./transport.ts";

export type { CarrierSubject } from "./carrier-support.ts";

/** Declares the tests of one topic; each has its own file in `carrier/`. */
type Topic = (test: Test, subject: () => CarrierSubject) => void;

const TOPICS: readonly Topic[] = [
  telling,
  searching,
  searchFilters,
  ordering,
  cancelling,
  keeping,
  releasing,
  requiring,
  suspending,
];

/** Topics in which the transport under the adapter fails. */
const FAULT_TOPICS: readonly Topic[] = [
  readingWhileFailing,
  orderingWhileFailing,
  changingWhileFailing,
  cancellingWhileFailing,
  suspendingWhileFailing,
];

/** The carrier, of which each answer must be one that its port knows. */
const strictly = (carrier: Carrier): Carrier =>
  new Proxy(carrier, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== "function" || !isCarrierCall(name)) return call;
      return async (...given: unknown[]) => readAnswer(name, await call.apply(target, given));
    },
  });

/**
 * Declares the tests that every adapter of the `Carrier` port passes, with the functions of your
 * test runner. `open` is called once; the carrier's inventory need not be fresh. Each test releases
 * what it has bought, so five numbers are enough. Tests of calls that the carrier leaves out are
 * skipped, with the reason. The subject makes the transport under its carrier fail (`faults`); one
 * that has no transport says so in `withoutFaults`.
 *
 * @example
 * ```ts
 * import * as runner from "node:test";
 * import { openSandboxCarrier } from "ledgerline/carriers/sandbox";
 * import { carrierContract, openTestClock } from "ledgerline/testing";
 *
 * carrierContract(runner, "sandbox", () => {
 *   const clock = openTestClock(0);
 *   return Promise.resolve({
 *     carrier: openSandboxCarrier({ clock }),
 *     filters: { country: "US", type: "local", areaCode: "415", limit: 20 },
 *     locality: "San Rafael",
 *     none: { country: "US", type: "local", areaCode: "999", limit: 20 },
 *     notOffered: "+14155550110",
 *     pass: () => Promise.resolve(clock.set(clock.now() + 1_000)),
 *     close: () => Promise.resolve(),
 *   });
 * }, { withoutFaults: "the sandbox is in this process" });
 * ```
 */
export const carrierContract = (
  functions: TestFunctions,
  name: string,
  open: () => Promise<CarrierSubject>,
  options: FaultOptions = {},
): void => {
  const { describe, before, after, ...runner } = runnerOf(functions);
  const givingBack = openGivingBack();
  describe(`carrier: ${name}`, () => {
    let opened: CarrierSubject | undefined;
    before(async () => {
      const subject = await open();
      opened = givingBack.noted({ ...subject, carrier: strictly(subject.carrier) });
    });
    after(() => opened?.close());
    const subject = (): CarrierSubject => {
      assert.ok(opened !== undefined);
      return opened;
    };
    const test = givingBack.test(skippable(runner.test), subject);
    for (const declare of TOPICS) declare(test, subject);
    declareFaults(test, subject, options, () => {
      for (const declare of FAULT_TOPICS) declare(test, subject);
    });
  });
};
