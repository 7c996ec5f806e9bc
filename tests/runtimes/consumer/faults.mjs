import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openLedger } from "ledgerline";
import { openTelnyxCarrier } from "ledgerline/carriers/telnyx";
import { openMemoryLog } from "ledgerline/memory";
import { arbitraries, openTelnyx, openTestClock, simulate } from "ledgerline/testing";

test("every holding that was released was held before, in any valid scenario", () => {
  fc.assert(
    fc.property(arbitraries.facts(40), (facts) => {
      const held = new Set();
      for (const { type, data } of facts) {
        if (type === "PurchaseRequested" || type === "NumberImported") held.add(data.holding);
        if (type === "NumberAdopted") held.add(data.holding);
        if (type === "Released") assert.ok(held.has(data.holding));
      }
    }),
  );
});

test("the ledger keeps its rules while logs, carrier and payments fail: 20 runs", async () => {
  const verdict = await simulate(7, { runs: 20 });
  // Where one is broken, the verdict has the rule, what happened, and the path that leads to it again.
  assert.ok(verdict.ok, JSON.stringify(verdict));
});

test("a number is bought at Telnyx although the answer to the order is lost", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const telnyx = await openTelnyx({ clock, orderMs: 0 });
  const { apiKey, baseUrl, fetch } = telnyx;
  const carrier = openTelnyxCarrier({ apiKey, baseUrl, fetch, clock });
  const log = openMemoryLog();
  const ledger = await openLedger({ log, carrier, clock, setClock: clock.set, waitMs: 50 });
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  /** @type {import("ledgerline").Caller} */
  const caller = { organization: "acme", actor: { kind: "operator" } };
  telnyx.fail("order", { kind: "loseAnswer" }, { times: 1 });
  await ledger.purchase(caller, { e164: "+14155550101" });
  await ledger.operator.advanceClock(10 * 60 * 1000);
  const [number] = await ledger.numbers.list(caller);
  assert.equal(number?.status, "active");
  assert.equal(telnyx.orders().length, 1);
  await ledger.close();
  telnyx.close();
});
