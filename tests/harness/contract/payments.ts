import type { Payments } from "../../../core/ports/mod.ts";
import { runnerOf, skippable, type TestFunctions } from "../runner.ts";
import type { OpenPayments } from "./payments-support.ts";
import { charging } from "./payments/charges.ts";
import { payingWhileFailing } from "./payments/faults.ts";
import { refunding } from "./payments/refunds.ts";
import { declareFaults, type FaultOptions } from "./transport.ts";

export type { PaymentsSubject } from "./payments-support.ts";

/** The calls that a transport of payments carries. */
export type PaymentsCallName = keyof Payments;

/**
 * Declares the tests that every adapter of the `Payments` port passes, with the functions of your
 * test runner. `open` is called for each test. The subject makes the transport under its adapter
 * fail (`faults`); one that has no transport says so in `withoutFaults`.
 *
 * @example
 * ```ts
 * import * as runner from "node:test";
 * import { includedPayments } from "ledgerline";
 * import { paymentsContract } from "ledgerline/testing";
 *
 * paymentsContract(runner, "included", () => ({ payments: includedPayments }), {
 *   withoutFaults: "nothing is ever collected",
 * });
 * ```
 */
export const paymentsContract = (
  functions: TestFunctions,
  name: string,
  open: OpenPayments,
  options: FaultOptions = {},
): void => {
  const { describe, ...runner } = runnerOf(functions);
  const test = skippable(runner.test);
  describe(`payments: ${name}`, () => {
    charging(test, open);
    refunding(test, open);
    declareFaults(test, open, options, () => payingWhileFailing(test, open));
  });
};
