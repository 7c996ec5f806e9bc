/** An order that its carrier has, and has not filled yet: what is noted, and who goes on asking. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LedgerOptions } from "../../adapters/ledger/mod.ts";
import type { Carrier, Order } from "../../core/ports/mod.ts";
import { type Milliseconds, MINUTE_MS } from "../../core/values/calendar.ts";
import { failed, ok } from "../../core/values/result.ts";
import { until } from "../support/eventually.ts";
import { openSandboxLedger } from "../support/sandbox-ledger.ts";

/** A carrier whose look-ups give these orders one after the other, and the last one ever after. */
const open = async (
  orders: readonly (Order | null)[],
  carrier: Partial<Carrier> & { readonly settlingMs?: Milliseconds } = {},
  options: Partial<LedgerOptions> = {},
) => {
  let looks = 0;
  const opened = await openSandboxLedger({
    order: () => Promise.resolve(ok({ status: "pending" })),
    findOrder: () => Promise.resolve(ok(orders[Math.min(looks++, orders.length - 1)] ?? null)),
    ...carrier,
  }, { reconcilesDaily: false, ...options });
  const types = async () =>
    (await opened.log.events("acme", 0, 100)).map(({ type }) => type)
      .filter((type) => /^(Order|Purchase)/.test(type));
  return { ...opened, types, looks: () => looks };
};

const PENDING = { status: "pending" } as const;
const CONFIRMED: Order = { status: "confirmed", carrierId: "c1" };

test("a buyer waits while the order is pending, and is answered once it is confirmed", async () => {
  const { app, ledger, caller, looks } = await open([PENDING, PENDING, CONFIRMED]);
  const bought = await ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  assert.deepEqual([bought.value.number.status, looks()], ["active", 3]);
  await app.close();
});

test("who cancels a purchase waits while its order is neither cancelled nor filled", async () => {
  let cancels = 0;
  const { app, ledger, caller, types } = await open([PENDING], {
    cancel: () => Promise.resolve(ok(++cancels < 3 ? "open" : "cancelled")),
  });
  const buying = ledger.purchase(caller, { e164: "+14155550101" });
  await until(async () => (await ledger.numbers.list(caller)).length > 0);
  const [number] = await ledger.numbers.list(caller);
  const released = await ledger.release(caller, number?.holding.id ?? "");
  assert.deepEqual(released, { ok: true, value: { released: true } });
  assert.equal((await buying).ok, false);
  assert.equal(cancels, 3);
  assert.deepEqual(await types(), ["PurchaseRequested", "PurchaseFailed", "PurchaseDismissed"]);
  await app.close();
});

test("an order that was taken is noted once where look-ups may miss it, and nowhere else", async () => {
  for (const [settlingMs, noted] of [[0, []], [MINUTE_MS, ["OrderTaken"]]] as const) {
    const { app, ledger, caller, types } = await open([PENDING], { settlingMs }, { waitMs: 0 });
    assert.ok((await ledger.purchase(caller, { e164: "+14155550101" })).ok);
    await ledger.work.run();
    await ledger.work.run();
    assert.deepEqual(await types(), ["PurchaseRequested", ...noted]);
    await app.close();
  }
});

test("what an order waits for is noted each time that it changes", async () => {
  const waits = ["requirements", "requirements", "review", undefined] as const;
  const orders = waits.map((waitsFor): Order => ({ ...PENDING, ...(waitsFor && { waitsFor }) }));
  const { app, ledger, caller, log, types } = await open(orders, {}, { waitMs: 0 });
  assert.ok((await ledger.purchase(caller, { e164: "+14155550101" })).ok);
  for (const _ of waits) await ledger.work.run();
  const noted = ["OrderTaken", "OrderWaits", "OrderWaits", "OrderWaits"];
  assert.deepEqual(await types(), ["PurchaseRequested", ...noted]);
  const events = (await log.events("acme", 0, 100)).filter(({ type }) => type === "OrderWaits");
  assert.deepEqual(
    events.map(({ data }) => (data as { readonly waitsFor: unknown }).waitsFor),
    ["requirements", "review", null],
  );
  await app.close();
});

const lost = () => Promise.resolve(failed({ kind: "unknown", message: "a storm" } as const));

test("an order whose answer was lost is looked up immediately, and counts if it is found", async () => {
  const { app, ledger, caller, looks } = await open([CONFIRMED], { order: lost });
  const bought = await ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  assert.deepEqual([bought.value.number.status, looks()], ["active", 1]);
  await app.close();
});

test("an order that fails when it is sent again counts as the earlier one, if that is found", async () => {
  let sent = 0;
  const order: Carrier["order"] = () =>
    ++sent === 1
      ? lost()
      : Promise.resolve(ok({ status: "failed", reason: "notAvailable", message: "It is sold." }));
  for (const [found, last] of [[CONFIRMED, "active"], [null, "failed"]] as const) {
    sent = 0;
    const { app, clock, ledger, caller, looks } = await open(
      [null, null, found],
      { order },
      { waitMs: 0 },
    );
    assert.ok((await ledger.purchase(caller, { e164: "+14155550101" })).ok);
    await until(() => looks() === 1);
    clock.set(clock.now() + 1);
    // The buyer's own step may still be on its way.
    await until(async () => await ledger.work.run() > 0);
    assert.deepEqual([sent, looks()], [2, 3]);
    assert.deepEqual((await ledger.numbers.list(caller)).map(({ status }) => status), [last]);
    await app.close();
  }
});
