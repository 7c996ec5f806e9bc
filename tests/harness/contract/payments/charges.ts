/** How every provider charges. */
import assert from "node:assert/strict";
import { money, NO_MONEY } from "../../../../core/values/money.ts";
import { skip, type Test } from "../../runner.ts";
import { assertTaken, newCharge, type OpenPayments } from "../payments-support.ts";

const AT_ONCE = 20;

/** Charges, each under its own key. */
export const charging = (test: Test, open: OpenPayments): void => {
  test("charge is paid when the organization can pay, and takes just the amount", async () => {
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

  test("charge is taken once when it is requested many times concurrently", async () => {
    const [subject, charge] = [await open(), newCharge()];
    await Promise.all(Array.from({ length: AT_ONCE }, () => subject.payments.charge(charge)));
    assert.equal(await subject.payments.charge(charge), "paid");
    await assertTaken(subject, charge, charge.amount);
  });

  test("charge takes nothing more when its key comes again with another amount", async () => {
    const [subject, charge] = [await open(), newCharge()];
    assert.equal(await subject.payments.charge(charge), "paid");
    await subject.payments.charge({ ...charge, amount: money(2 * charge.amount.micros) });
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

  test("charge that is declined took nothing, and is paid once there is money", async () => {
    const subject = await open();
    const { poor } = subject;
    if (poor === undefined) return skip("the subject has no organization that is `poor`");
    const charge = newCharge({ organization: poor.organization });
    assert.equal(await subject.payments.charge(charge), "declined");
    await assertTaken(subject, charge, NO_MONEY);
    await poor.enrich();
    assert.equal(await subject.payments.charge(charge), "paid");
    await assertTaken(subject, charge, charge.amount);
  });

  test("charge that was declined takes the amount with which it is paid", async () => {
    const subject = await open();
    const { poor } = subject;
    if (poor === undefined) return skip("the subject has no organization that is `poor`");
    const charge = newCharge({ organization: poor.organization });
    assert.equal(await subject.payments.charge(charge), "declined");
    await poor.enrich();
    const repriced = { ...charge, amount: money(charge.amount.micros + 10_000) };
    assert.equal(await subject.payments.charge(repriced), "paid");
    await assertTaken(subject, charge, repriced.amount);
  });
};
