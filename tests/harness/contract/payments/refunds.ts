/** How every provider refunds. */
import assert from "node:assert/strict";
import { NO_MONEY } from "../../../../core/values/money.ts";
import type { Test } from "../../runner.ts";
import { assertTaken, newCharge, type OpenPayments } from "../payments-support.ts";

/** Refunds, each of what was taken under one key. */
export const refunding = (test: Test, open: OpenPayments): void => {
  test("refund gives back what was charged, however often it is asked for", async () => {
    const [subject, charge] = [await open(), newCharge()];
    await subject.payments.charge(charge);
    assert.equal(await subject.payments.refund(charge.key), "refunded");
    assert.equal(await subject.payments.refund(charge.key), "refunded");
    await assertTaken(subject, charge, NO_MONEY);
  });

  test("refund is refunded when nothing was charged under the key", async () => {
    const [subject, { key }] = [await open(), newCharge()];
    assert.equal(await subject.payments.refund(key), "refunded");
    await assertTaken(subject, { key }, NO_MONEY);
  });

  test("refund leaves a charge alone whose key only begins alike", async () => {
    const [subject, one] = [await open(), newCharge()];
    const longer = { ...one, key: `${one.key}1` };
    assert.equal(await subject.payments.charge(longer), "paid");
    assert.equal(await subject.payments.charge(one), "paid");
    assert.equal(await subject.payments.refund(one.key), "refunded");
    await assertTaken(subject, one, NO_MONEY);
    await assertTaken(subject, longer, longer.amount);
  });

  test("charge takes nothing more once it was refunded, though it be asked for again", async () => {
    const [subject, charge] = [await open(), newCharge()];
    assert.equal(await subject.payments.charge(charge), "paid");
    assert.equal(await subject.payments.refund(charge.key), "refunded");
    await subject.payments.charge(charge);
    await assertTaken(subject, charge, NO_MONEY);
  });
};
