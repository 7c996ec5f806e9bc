/** The payments provider that the properties use must itself keep its word. */
import * as runner from "node:test";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { NO_MONEY } from "../../../core/values/money.ts";
import { paymentsContract, type PaymentsSubject } from "../../harness/contract/payments.ts";
import { openOutside } from "../../properties/doubles.ts";

const open = (): PaymentsSubject => {
  const { payments, paid } = openOutside(openTestClock(0));
  return { payments, taken: (key) => paid.get(key)?.amount ?? NO_MONEY };
};

paymentsContract(runner, "the double of the properties", open);
