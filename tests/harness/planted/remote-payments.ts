/** A payments provider behind a transport that fails as instructed, and its adapter. */
import type { Charge, Payments } from "../../../core/ports/mod.ts";
import { type Money, money } from "../../../core/values/money.ts";
import type { PaymentsSubject } from "../contract/payments.ts";
import { TAKEN, type TransportFault } from "../contract/transport.ts";
import { NEVER } from "./remote-carrier.ts";

/** What the provider can do; it knows nothing of our port. */
export type Provider = {
  /** Takes money once under an idempotency key; `reference` is for look-ups. */
  readonly take: (
    idempotencyKey: string,
    reference: string,
    payer: string,
    amount: Money,
  ) => "succeeded" | "insufficient" | "cancelled";
  /** Gives back all that was taken under references that fit, and takes nothing more for them. */
  readonly giveBack: (fits: (reference: string) => boolean) => void;
};

/** The parts of an adapter, in which faults are planted. */
export type PaymentsParts = {
  readonly charge: (charge: Charge, provider: Provider) => "paid" | "declined" | "unknown";
  readonly refund: (key: string, provider: Provider) => "refunded" | "unknown";
  /** What a call answers that met a fault. */
  readonly read: (fault: TransportFault, call: keyof Payments) => string | typeof NEVER;
  /** Whether a call is made at all. */
  readonly asks: (call: keyof Payments, key: string) => boolean;
};

/** Those of a good adapter. */
export const GOOD_PARTS: PaymentsParts = {
  charge: ({ key, organization, amount }, { take }) =>
    take(key, key, organization, amount) === "succeeded" ? "paid" : "declined",
  refund: (key, { giveBack }) => {
    giveBack((reference) => reference === key);
    return "refunded";
  },
  read: () => "unknown",
  asks: () => true,
};

/** An organization without money. */
const POOR = "org_poor";

const openProvider = () => {
  const taken = new Map<string, { readonly reference: string; readonly amount: Money }>();
  const cancelled = new Set<string>();
  const poor = new Set([POOR]);
  const provider: Provider = {
    take: (key, reference, payer, amount) => {
      if (cancelled.has(key)) return "cancelled";
      if (taken.has(key)) return "succeeded";
      if (poor.has(payer)) return "insufficient";
      taken.set(key, { reference, amount });
      return "succeeded";
    },
    giveBack: (fits) => {
      for (const [key, { reference }] of taken) {
        if (!fits(reference)) continue;
        taken.delete(key);
        cancelled.add(key);
      }
    },
  };
  const sumOf = (wanted: string): Money => {
    const amounts = [...taken.values()].filter(({ reference }) => reference === wanted);
    return money(amounts.reduce((sum, { amount }) => sum + amount.micros, 0));
  };
  return { provider, sumOf, enrich: () => void poor.delete(POOR) };
};

// One that answers does so immediately.
const PATIENCE_MS = 500;

/** Opens a provider without charges, and an adapter of these parts before it. */
export const openRemotePayments = (
  { charge, refund, read, asks }: PaymentsParts,
): PaymentsSubject => {
  const { provider, sumOf, enrich } = openProvider();
  let failing: { readonly fault: TransportFault; readonly calls: readonly string[] } | null = null;
  const send = async <Answer extends string>(
    call: keyof Payments,
    key: string,
    make: () => Answer,
  ): Promise<Answer> => {
    if (!asks(call, key)) return "unknown" as Answer;
    if (failing === null || !failing.calls.includes(call)) return make();
    const { fault } = failing;
    if (TAKEN.some((one) => one === fault)) make();
    const answer = read(fault, call);
    return answer === NEVER ? new Promise(() => {}) : answer as Answer;
  };
  return {
    payments: {
      charge: (asked) => send("charge", asked.key, () => charge(asked, provider)),
      refund: (key) => send("refund", key, () => refund(key, provider)),
    },
    taken: sumOf,
    poor: { organization: POOR, enrich },
    faults: {
      begin: (fault, calls) => {
        failing = { fault, calls };
      },
      end: () => {
        failing = null;
      },
      patienceMs: PATIENCE_MS,
    },
  };
};
