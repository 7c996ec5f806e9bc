/** The ledger as a library: no HTTP, no server, no network. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openSqlOrderBook } from "../../adapters/carrier/sandbox/sql.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { type Caller, openLedger } from "../../adapters/ledger/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { DAY_MS } from "../../core/values/calendar.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const caller: Caller = {
  organization: "acme",
  actor: { kind: "user", tokenId: "tk_1", email: "alice@example.com", name: "Alice Johnson" },
};

const openEmbedded = async () => {
  const clock = openTestClock(START);
  const log = await openPgliteLog({ folder: "memory" });
  const orders = await openSqlOrderBook(log.database);
  const reported: unknown[] = [];
  const ledger = openLedger({
    log,
    carrier: openSandboxCarrier({ orders, clock }),
    payments: includedPayments,
    clock,
    setClock: clock.set,
    ids: openIds(clock),
    report: (what, error) => reported.push([what, error]),
  });
  return { ledger, reported };
};

describe("a ledger within a program", () => {
  test("searches, buys, renews, answers about the past and releases when it is called", async () => {
    const { ledger, reported } = await openEmbedded();
    try {
      await ledger.operator.open("acme", { name: "Acme Inc", plan: "Growth" });
      const filters = { country: "US", type: "local", areaCode: "415", limit: 2 } as const;
      const found = await ledger.search(caller, filters);
      assert.ok(found.ok);
      const [offer] = found.value.offers;
      assert.ok(offer);
      const commandId = "buy-1";
      const bought = await ledger.purchase(caller, { e164: offer.e164 }, { commandId });
      assert.ok(bought.ok);
      assert.equal(bought.value.number.status, "active");
      assert.equal(bought.value.eligibility.currentCount, 1);
      const again = await ledger.purchase(caller, { e164: offer.e164 }, { commandId });
      assert.ok(again.ok);
      const { id } = bought.value.number.holding;
      assert.equal(again.value.number.holding.id, id);
      const second = await ledger.purchase(caller, { e164: offer.e164 });
      assert.equal(second.ok ? "bought" : second.error.code, "NUMBER_ALREADY_YOURS");

      assert.equal(await ledger.operator.advanceClock(29 * DAY_MS), START + 29 * DAY_MS);
      assert.deepEqual(await ledger.release(caller, id), { ok: true, value: { released: true } });
      assert.deepEqual(await ledger.numbers.list(caller), []);
      const reconciled = await ledger.reconciliation.run();
      assert.deepEqual(reconciled.ok && reconciled.value.drifts, []);
      const { reports } = await ledger.reconciliation.list({ limit: 100 });
      // One automatically each day, and this one.
      assert.equal(reports.length, 29 + 1);
      const [then] = await ledger.numbers.list(caller, { asOf: START + DAY_MS });
      assert.equal(then?.holding.id, id);
      const history = await ledger.numbers.history(caller, id);
      assert.deepEqual(
        history.map(({ type }) => type),
        [
          "PurchaseRequested",
          "ChargeStarted",
          "Charged",
          "NumberPurchased",
          "NoticeGiven",
          "ChargeStarted",
          "Charged",
          "Renewed",
          "ReleaseStarted",
          "Released",
        ],
      );
    } finally {
      await ledger.close();
    }
    assert.deepEqual(reported, []);
    await assert.rejects(ledger.ready(), /closed/);
  });

  test("is closed at the end of its block when it is held by `await using`", async () => {
    const { ledger } = await openEmbedded();
    {
      await using held = ledger;
      await held.ready();
    }
    await assert.rejects(ledger.ready(), /closed/);
  });
});
