/** How every provider answers while its transport fails, and its state afterwards. */
import assert from "node:assert/strict";
import { NO_MONEY } from "../../../../core/values/money.ts";
import type { Test } from "../../runner.ts";
import {
  assertTaken,
  newCharge,
  type OpenPayments,
  type PaymentsSubject,
} from "../payments-support.ts";
import {
  faultsOf,
  NOT_TAKEN,
  TAKEN,
  TRANSPORT_FAULTS,
  type TransportFault,
  whileFailing,
} from "../transport.ts";

/** The answer to a charge or a refund whose every request meets the fault: more cannot be known. */
const assertUnknown = async (
  subject: PaymentsSubject,
  fault: TransportFault,
  call: "charge" | "refund",
  ask: () => Promise<string>,
): Promise<void> => {
  assert.equal(await whileFailing(faultsOf(subject), fault, [call], ask), "unknown");
};

const charges = (test: Test, open: OpenPayments): void => {
  for (const fault of [...NOT_TAKEN, ...TAKEN]) {
    const isTaken = TAKEN.some((one) => one === fault);

    test(`charge is unknown, and taken once in the end, when ${TRANSPORT_FAULTS[fault]}`, async () => {
      const [subject, charge] = [await open(), newCharge()];
      const ask = () => subject.payments.charge(charge);
      await assertUnknown(subject, fault, "charge", ask);
      await assertTaken(subject, charge, isTaken ? charge.amount : NO_MONEY);
      assert.equal(await ask(), "paid");
      await assertTaken(subject, charge, charge.amount);
    });

    test(`charge is given back that stayed unknown since ${TRANSPORT_FAULTS[fault]}`, async () => {
      const [subject, charge] = [await open(), newCharge()];
      await assertUnknown(subject, fault, "charge", () => subject.payments.charge(charge));
      assert.equal(await subject.payments.refund(charge.key), "refunded");
      await assertTaken(subject, charge, NO_MONEY);
    });
  }
};

const refunds = (test: Test, open: OpenPayments): void => {
  for (const fault of [...NOT_TAKEN, ...TAKEN]) {
    const isTaken = TAKEN.some((one) => one === fault);

    test(`refund is unknown, and given in the end, when ${TRANSPORT_FAULTS[fault]}`, async () => {
      const [subject, charge] = [await open(), newCharge()];
      assert.equal(await subject.payments.charge(charge), "paid");
      const ask = () => subject.payments.refund(charge.key);
      await assertUnknown(subject, fault, "refund", ask);
      await assertTaken(subject, charge, isTaken ? NO_MONEY : charge.amount);
      assert.equal(await ask(), "refunded");
      await assertTaken(subject, charge, NO_MONEY);
    });
  }
};

/** Charges and refunds over a transport that fails. */
export const payingWhileFailing = (test: Test, open: OpenPayments): void => {
  charges(test, open);
  refunds(test, open);
};
