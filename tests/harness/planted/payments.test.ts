/** The suite passes a payments provider that keeps its word, and finds each that does not. */
import { describe } from "node:test";
import { openTestClock } from "../../../adapters/clock/test.ts";
import type { Payments } from "../../../core/ports.ts";
import { NO_MONEY } from "../../../core/values/money.ts";
import { openOutside } from "../../properties/doubles.ts";
import { paymentsContract } from "../contract/payments.ts";
import { findsOut, type Planted } from "./support.ts";

const PAYMENTS: Planted<Payments> = {
  "charges anew each time": ({ charge }) => {
    let asked = 0;
    return { charge: (one) => charge({ ...one, key: asked++ === 0 ? one.key : `${one.key}/2` }) };
  },
  "takes nothing": () => ({ charge: () => Promise.resolve("paid") }),
  "gives nothing back": () => ({ refund: () => Promise.resolve("refunded") }),
  "answers in another way the second time": ({ charge }) => {
    const seen = new Set<string>();
    return {
      charge: (one) => {
        if (seen.has(one.key)) return Promise.resolve("declined");
        seen.add(one.key);
        return charge(one);
      },
    };
  },
  "does not know what it never charged": ({ refund }) => {
    const seen = new Set<string>();
    return { refund: (key) => seen.has(key) ? refund(key) : Promise.resolve("unknown") };
  },
};

describe("the contract of payments", () => {
  findsOut(PAYMENTS, (runner, plant) =>
    paymentsContract(runner, "planted", () => {
      const { payments, paid } = openOutside(openTestClock(0));
      const taken = (wanted: string) => {
        const micros = [...paid.values()].filter(({ key }) => key.startsWith(wanted))
          .reduce((sum, { amount }) => sum + amount.micros, 0);
        return { ...NO_MONEY, micros };
      };
      return { payments: plant(payments), taken };
    }));
});
