/** The suite passes a payments adapter that fulfils its port, and finds each that does not. */
import { describe } from "node:test";
import type { Payments } from "../../../core/ports/mod.ts";
import { money } from "../../../core/values/money.ts";
import { paymentsContract } from "../contract/payments.ts";
import type { TransportFault } from "../contract/transport.ts";
import { NEVER } from "./remote-carrier.ts";
import { GOOD_PARTS, openRemotePayments, type PaymentsParts } from "./remote-payments.ts";
import { findsOut, type Planted } from "./support.ts";

/** Reads these faults of a call as given; all others as a good adapter does. */
const reading = (
  faults: readonly TransportFault[],
  call: keyof Payments,
  answer: () => string | typeof NEVER,
) =>
({ read }: PaymentsParts): Partial<PaymentsParts> => ({
  read: (fault, asked) => faults.includes(fault) && asked === call ? answer() : read(fault, asked),
});

const LOST = ["lostBefore", "lostAfter"] as const;
const CENT = 10_000;

const PAYMENTS: Planted<PaymentsParts> = {
  // Under one key.
  "charges again each time": () => ({
    charge: ({ key, organization, amount }, { take }) => {
      take(crypto.randomUUID(), key, organization, amount);
      return "paid";
    },
  }),
  "charges again when the amount is another": () => ({
    charge: ({ key, organization, amount }, { take }) => {
      take(`${key}/${amount.micros}`, key, organization, amount);
      return "paid";
    },
  }),
  "takes nothing": () => ({ charge: () => "paid" }),
  "rounds to whole dollars": () => ({
    charge: ({ key, organization, amount }, { take }) => {
      const dollars = Math.round(amount.micros / (100 * CENT));
      return take(key, key, organization, money(dollars * 100 * CENT)) === "succeeded"
        ? "paid"
        : "declined";
    },
  }),
  "takes cents for micros": () => ({
    charge: ({ key, organization, amount }, { take }) =>
      take(key, key, organization, money(amount.micros / CENT)) === "succeeded"
        ? "paid"
        : "declined",
  }),
  "answers in another way the second time": ({ charge }) => {
    const seen = new Set<string>();
    return {
      charge: (one, provider) => {
        if (seen.has(one.key)) return "declined";
        seen.add(one.key);
        return charge(one, provider);
      },
    };
  },
  "calls paid what was declined": ({ charge }) => ({
    charge: (one, provider) => {
      charge(one, provider);
      return "paid";
    },
  }),
  "never asks again for what was declined": ({ charge }) => {
    const declined = new Set<string>();
    return {
      charge: (one, provider) => {
        if (declined.has(one.key)) return "declined";
        const answer = charge(one, provider);
        if (answer === "declined") declined.add(one.key);
        return answer;
      },
    };
  },
  // Giving back.
  "gives nothing back": () => ({ refund: () => "refunded" }),
  "does not know what it never charged": ({ charge, refund }) => {
    const seen = new Set<string>();
    return {
      charge: (one, provider) => {
        seen.add(one.key);
        return charge(one, provider);
      },
      refund: (key, provider) => seen.has(key) ? refund(key, provider) : "unknown",
    };
  },
  "gives back every charge whose key begins alike": () => ({
    refund: (key, { giveBack }) => {
      giveBack((reference) => reference.startsWith(key));
      return "refunded";
    },
  }),
  "charges again what was refunded": ({ charge, refund }) => {
    const refunded = new Map<string, number>();
    return {
      charge: (one, provider) => {
        const { key, organization, amount } = one;
        const times = refunded.get(key);
        if (times === undefined) return charge(one, provider);
        return provider.take(`${key}/${times}`, key, organization, amount) === "succeeded"
          ? "paid"
          : "declined";
      },
      refund: (key, provider) => {
        refunded.set(key, (refunded.get(key) ?? 0) + 1);
        return refund(key, provider);
      },
    };
  },
  // The transport.
  "calls a charge declined whose time is out": reading(["slow"], "charge", () => "declined"),
  "calls a charge declined whose connection broke": reading(LOST, "charge", () => "declined"),
  "takes a failed server for a no to the charge": reading(
    ["status500"],
    "charge",
    () => "declined",
  ),
  "takes too many requests for a no to the charge": reading(
    ["status429"],
    "charge",
    () => "declined",
  ),
  "takes status 200 for paid, whatever it says": reading(["garbage"], "charge", () => "paid"),
  "takes a charge for paid that was lost on its way": reading(LOST, "charge", () => "paid"),
  "waits forever for the answer to a charge": reading(["slow"], "charge", () => NEVER),
  "throws when the connection to a refund breaks": reading(LOST, "refund", () => {
    throw new TypeError("fetch failed");
  }),
  "takes a refund for given that was lost on its way": reading(LOST, "refund", () => "refunded"),
  "takes a failed server for a refund": reading(["status500"], "refund", () => "refunded"),
  "leaves a charge unknown forever": ({ read }) => {
    let isLost = false;
    return {
      read: (fault, call) => {
        isLost = call === "charge";
        return read(fault, call);
      },
      asks: (call) => call !== "charge" || !isLost,
    };
  },
  "gives back only what it knows to be paid": ({ charge, read, refund }) => {
    const paid = new Set<string>();
    let last = "";
    return {
      charge: (one, provider) => {
        last = one.key;
        paid.add(one.key);
        return charge(one, provider);
      },
      read: (fault, call) => {
        paid.delete(last);
        return read(fault, call);
      },
      refund: (key, provider) => paid.has(key) ? refund(key, provider) : "refunded",
    };
  },
};

describe("the contract of payments", () => {
  findsOut(
    PAYMENTS,
    (runner, plant) =>
      paymentsContract(runner, "planted", () => openRemotePayments(plant(GOOD_PARTS))),
  );
});
