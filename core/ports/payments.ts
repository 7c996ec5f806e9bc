/** The port to the payments provider, for money outside our own credits; part of `mod.ts`. */
import type { E164 } from "../values/e164.ts";
import type { Money } from "../values/money.ts";

/** A charge that lies outside our own credits; its key makes asking twice harmless. */
export type Charge = {
  /** The permanent name of one period of one holding. */
  readonly key: string;
  readonly organization: string;
  readonly amount: Money;
  readonly e164: E164;
};

/** How charges are made. */
export type Charging = {
  (charge: Charge): Promise<"paid" | "declined" | "unknown">;
  /**
   * Set where the subscription covers every number: a charge is recorded as paid together with what
   * starts it, and none is asked for. What calls another such function, to trace it, has not set it
   * if it is to be called.
   */
  readonly isIncluded?: true | undefined;
};

/**
 * Takes money from organizations whose plan is billed by subscription. Each call answers within 20
 * seconds, even on failure; one that rejects or takes longer counts as `unknown`. Every failure
 * between the adapter and the provider is `unknown`: no connection, a connection that broke, a
 * time-out, 429, 5xx, an answer that cannot be read. The ledger repeats the call with the same key
 * until the result is known, so the adapter need not repeat. `paymentsContract` in
 * `ledgerline/testing` tests all of this.
 */
export interface Payments {
  /**
   * Takes exactly this amount, once for the key, however often and from any process: give the key
   * to the provider as its idempotency key. The answer holds for all calls under the key, even with
   * another amount. `unknown`: ask again with the same key. `declined` is the provider's own
   * decision on this charge, and nothing was taken; the same key may be asked again later, with
   * another amount where the price has changed since, and then be paid.
   */
  readonly charge: Charging;
  /**
   * Gives back what was charged under exactly this key, whether or not its charge was ever
   * answered; nothing, and `refunded`, if nothing was. `unknown`: ask again. A refunded charge is
   * never taken again, even if it is requested once more.
   */
  refund(key: string): Promise<"refunded" | "unknown">;
}
