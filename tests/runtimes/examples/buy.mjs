import { openLedger } from "ledgerline";
import { openSandboxCarrier } from "ledgerline/carriers/sandbox";
import { openMemoryLog } from "ledgerline/memory";

const ledger = await openLedger({ log: openMemoryLog(), carrier: openSandboxCarrier() });

// The operator opens an organization. What its users do is done as one of them.
await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
/** @type {import("ledgerline").Caller} */
const alice = {
  organization: "acme",
  actor: { kind: "user", tokenId: "session-7", email: "alice@example.com", name: "Alice Johnson" },
};

// Search area code 415, and buy what it offers first.
const wish = /** @type {const} */ ({ country: "US", type: "local", areaCode: "415", limit: 2 });
const found = await ledger.search(alice, wish);
if (!found.ok) throw new Error(found.error.message);
const [{ e164 }] = found.value.offers;
const bought = await ledger.purchase(alice, { e164 }, { commandId: "order-1" });
if (!bought.ok) throw new Error(bought.error.message);
const { holding, status } = bought.value.number;
console.log(`${e164} is ${status}`);

// Another buyer is refused: by a value with a code.
const again = await ledger.purchase(alice, { e164 });
console.log(again.ok ? "bought twice" : again.error.code);

await ledger.route(alice, holding.id, { assistant: "asst_1", label: "Sales" });
const released = await ledger.release(alice, holding.id);
console.log(released.ok && released.value.released ? "released" : "being released");
for (const { position, type } of await ledger.numbers.history(alice, holding.id)) {
  console.log(position, type);
}

await ledger.close();
