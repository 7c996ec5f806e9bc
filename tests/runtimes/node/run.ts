import { run } from "ledgerline/node";
import type { Payments } from "ledgerline";

const payments: Payments = {
  charge: () => Promise.resolve("paid"),
  refund: () => Promise.resolve("refunded"),
};
await run({ payments });
