import assert from "node:assert/strict";
import type { Charge, Payments } from "../../../core/ports.ts";
import { type Money, money, NO_MONEY } from "../../../core/values/money.ts";
import { runnerOf, type TestFunctions } from "../runner.ts";

/** A payments provider to be tested, which can collect from `org_1`. */
export type PaymentsSubject = {
  readonly payments: Payments;
  /** What was taken under a key and not given back; left out where the provider takes nothing. */
  readonly taken?: (key: string) => Money | Promise<Money>;
};

const newCharge = (): Charge => ({
  key: `pn_${crypto.randomUUID()}:1`,
  organization: "org_1",
  amount: money(1_000_000),
  e164: "+14155550101",
});

const assertTaken = async (
  { taken }: PaymentsSubject,
  { key }: Charge,
  amount: Money,
): Promise<void> => {
  if (taken !== undefined) assert.deepEqual(await taken(key), amount);
};

/**
 * Declares the tests that every adapter of the `Payments` port passes, with the functions of your
 * test runner. `open` is called for each test.
 */
export const paymentsContract = (
  functions: TestFunctions,
  name: string,
  open: () => PaymentsSubject | Promise<PaymentsSubject>,
): void => {
  const { describe, test } = runnerOf(functions);
  describe(`payments: ${name}`, () => {
    test("charge is paid when the organization can pay", async () => {
      const [subject, charge] = [await open(), newCharge()];
      assert.equal(await subject.payments.charge(charge), "paid");
      await assertTaken(subject, charge, charge.amount);
    });

    test("charge is taken once when it is asked for again under its key", async () => {
      const [subject, charge] = [await open(), newCharge()];
      const first = await subject.payments.charge(charge);
      const again = await Promise.all([1, 2, 3].map(() => subject.payments.charge(charge)));
      assert.deepEqual(again, [first, first, first]);
      await assertTaken(subject, charge, charge.amount);
    });

    test("charge is another when its key is", async () => {
      const [subject, one, other] = [await open(), newCharge(), newCharge()];
      assert.equal(await subject.payments.charge(one), "paid");
      assert.equal(await subject.payments.charge(other), "paid");
      assert.equal(await subject.payments.refund(one.key), "refunded");
      await assertTaken(subject, one, NO_MONEY);
      await assertTaken(subject, other, other.amount);
    });

    test("refund gives back what was charged, however often it is asked for", async () => {
      const [subject, charge] = [await open(), newCharge()];
      await subject.payments.charge(charge);
      assert.equal(await subject.payments.refund(charge.key), "refunded");
      assert.equal(await subject.payments.refund(charge.key), "refunded");
      await assertTaken(subject, charge, NO_MONEY);
    });

    test("refund is refunded when nothing was charged under the key", async () => {
      const [{ payments }, { key }] = [await open(), newCharge()];
      assert.equal(await payments.refund(key), "refunded");
    });
  });
};
