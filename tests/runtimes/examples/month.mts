import { type Caller, openLedger, openTestClock } from "ledgerline";
import { openSandboxCarrier, openSqlOrderBook } from "ledgerline/carriers/sandbox";
import { openPgliteLog } from "ledgerline/pglite";

const alice: Caller = {
  organization: "acme",
  actor: { kind: "user", tokenId: "session-7", email: "alice@example.com", name: "Alice Johnson" },
};

// A database in memory (any other folder keeps it), and a clock that advances only when it is set.
const log = await openPgliteLog({ folder: "memory" });
const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
const orders = await openSqlOrderBook(log.database);
const carrier = openSandboxCarrier({ orders, clock });
await using ledger = await openLedger({ log, carrier, clock, setClock: clock.set });

await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
const bought = await ledger.purchase(alice, { e164: "+14155550101" });
if (!bought.ok) {
  // The compiler knows every code that a purchase can be refused with.
  switch (bought.error.code) {
    case "PLAN_LIMIT_REACHED":
      throw new Error(`only ${bought.error.eligibility.maxAllowed} numbers on this plan`);
    case "INVALID_ARGUMENT":
      throw new Error(`${bought.error.path} is wrong`);
    default:
      throw new Error(bought.error.message);
  }
}

// Thirty days later the next month was charged: bought on 31 January, it renewed on 28 February.
await ledger.operator.advanceClock(30 * 24 * 60 * 60 * 1000);
for (const { holding, status, lastChargedAt } of await ledger.numbers.list(alice)) {
  console.log(holding.e164, status, new Date(lastChargedAt ?? 0).toISOString());
}
