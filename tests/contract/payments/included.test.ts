import * as runner from "node:test";
import { includedPayments } from "../../../adapters/payments/included.ts";
import { paymentsContract } from "../../harness/contract/payments.ts";

paymentsContract(runner, "included in the subscription", () => ({ payments: includedPayments }), {
  withoutFaults: "nothing is ever collected, so nobody is asked",
});
