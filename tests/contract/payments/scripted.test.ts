/** The payments provider that the properties use must itself keep the contract. */
import * as runner from "node:test";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { NO_MONEY } from "../../../core/values/money.ts";
import {
  type PaymentsCallName,
  paymentsContract,
  type PaymentsSubject,
} from "../../harness/contract/payments.ts";
import { TAKEN, type TransportFaults } from "../../harness/contract/transport.ts";
import { FAIR, openOutside, type Outside } from "../../properties/scripted-ports.ts";

/** The double has no transport, and simulates the outcome of one that fails. */
const faultsOf = (outside: Outside): TransportFaults<PaymentsCallName> => ({
  begin: (fault, calls) => {
    const came = TAKEN.some((one) => one === fault) ? "answerLost" : "unknown";
    outside.weather = {
      ...FAIR,
      ...(calls.includes("charge") && { payment: came }),
      ...(calls.includes("refund") && { refund: came }),
    };
  },
  end: () => {
    outside.weather = FAIR;
  },
});

const open = (): PaymentsSubject => {
  const outside = openOutside(openTestClock(0));
  const { payments, paid } = outside;
  return {
    payments,
    taken: (key) => paid.get(key)?.amount ?? NO_MONEY,
    faults: faultsOf(outside),
  };
};

paymentsContract(runner, "the double of the properties", open);
