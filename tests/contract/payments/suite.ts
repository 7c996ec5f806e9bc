import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Charge, Payments } from "../../../core/ports.ts";
import { money } from "../../../core/values/money.ts";

const charge: Charge = {
  key: "pn_1/2026-01-31",
  organization: "org_1",
  amount: money(1_000_000),
  e164: "+14155550101",
};

/** What every `Payments` adapter keeps to. `open` gives one that can collect from `org_1`. */
export const paymentsContract = (name: string, open: () => Payments): void => {
  describe(`payments: ${name}`, () => {
    it("charge is paid when the organization can pay", async () => {
      assert.equal(await open().charge(charge), "paid");
    });

    it("charge gives the same answer when it is asked for again under its key", async () => {
      const payments = open();
      const first = await payments.charge(charge);
      const again = await Promise.all([1, 2, 3].map(() => payments.charge(charge)));
      assert.deepEqual(again, [first, first, first]);
    });

    it("refund is refunded when the charge was paid, however often it is asked for", async () => {
      const payments = open();
      await payments.charge(charge);
      assert.equal(await payments.refund(charge.key), "refunded");
      assert.equal(await payments.refund(charge.key), "refunded");
    });

    it("refund is refunded when nothing was charged under the key", async () => {
      assert.equal(await open().refund("pn_2/2026-01-31"), "refunded");
    });
  });
};
