/** What the tests of the payments' contract have in common. */
import assert from "node:assert/strict";
import type { Charge, Payments } from "../../../core/ports/mod.ts";
import { type Money, money } from "../../../core/values/money.ts";
import type { TransportFaults } from "./transport.ts";

/** A payments provider to be tested, which can collect from `org_1`. */
export type PaymentsSubject = {
  readonly payments: Payments;
  /** What was taken under a key and not given back; left out where the provider takes nothing. */
  readonly taken?: ((key: string) => Money | Promise<Money>) | undefined;
  /** An organization that has no money, until `enrich` gives it some; where there can be one. */
  readonly poor?:
    | { readonly organization: string; readonly enrich: () => void | Promise<void> }
    | undefined;
  /** Makes the transport to the provider fail; left out only where the options say why. */
  readonly faults?: TransportFaults<keyof Payments> | undefined;
};

/** Opens a subject for one test. */
export type OpenPayments = () => PaymentsSubject | Promise<PaymentsSubject>;

const AMOUNT = money(1_150_000);

/** A charge whose key no other has. */
export const newCharge = (more: Partial<Charge> = {}): Charge => ({
  key: `pn_${crypto.randomUUID()}:1`,
  organization: "org_1",
  amount: AMOUNT,
  e164: "+14155550101",
  ...more,
});

/** What was taken under the charge's key, where that can be known. */
export const assertTaken = async (
  { taken }: PaymentsSubject,
  { key }: Pick<Charge, "key">,
  amount: Money,
): Promise<void> => {
  if (taken !== undefined) assert.deepEqual(await taken(key), amount);
};
