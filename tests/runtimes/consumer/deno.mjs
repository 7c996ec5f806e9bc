// Deno's own tests: each has the result of one of the suite's.
import { includedPayments } from "ledgerline";
import { paymentsContract, runSuite } from "ledgerline/testing";

const results = await runSuite((runner) =>
  paymentsContract(runner, "included", () => ({ payments: includedPayments }), {
    withoutFaults: "nothing is ever collected, so nobody is asked",
  })
);
for (const { name, error } of results) {
  Deno.test(name, () => {
    if (error !== null) throw error;
  });
}
