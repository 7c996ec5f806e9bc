/** What a carrier is asked about the order of a purchase that is cancelled. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { includedPayments } from "../../adapters/payments/included.ts";
import { SECOND_MS } from "../../core/values/calendar.ts";
import { failed, ok } from "../../core/values/result.ts";
import { openSandboxLedger } from "../support/sandbox-ledger.ts";

/** While an order that was sent may yet come to the carrier. */
const ON_ITS_WAY_MS = 40 * SECOND_MS;

test("an order that the carrier never had is not looked up, and given up once none can come", async () => {
  let calls: string[] = [];
  const { app, ledger, caller, clock, log } = await openSandboxLedger({
    order: () => {
      calls.push("order");
      return Promise.resolve(failed({ kind: "unknown", message: "a storm" }));
    },
    findOrder: () => {
      calls.push("findOrder");
      return Promise.resolve(ok(null));
    },
    cancel: () => {
      calls.push("cancel");
      return Promise.resolve(ok("none"));
    },
  }, { waitMs: 30 });
  const bought = await ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const { id } = bought.value.number.holding;
  calls = [];
  assert.deepEqual(await ledger.release(caller, id), { ok: true, value: { released: false } });
  clock.set(clock.now() + ON_ITS_WAY_MS);
  await ledger.work.run();
  assert.equal((await ledger.numbers.get(caller, id))?.status, "purchasing");
  clock.set(clock.now() + 1);
  await ledger.work.run();
  assert.deepEqual([...new Set(calls)], ["cancel"]);
  assert.equal(await ledger.numbers.get(caller, id), null);
  const types = (await log.events("acme", 0, 100)).map(({ type }) => type);
  assert.ok(types.includes("PurchaseFailed") && !types.includes("OrderRepeated"), types.join(" "));
  await app.close();
});

for (const answer of ["open", "filled"] as const) {
  test(
    `an order that is ${answer} to its carrier, and that no look-up finds, is ${
      answer === "open" ? "given up in time" : "waited for"
    }`,
    async () => {
      const { app, ledger, caller, clock, log } = await openSandboxLedger({
        order: () => Promise.resolve(failed({ kind: "unknown", message: "a storm" })),
        findOrder: () => Promise.resolve(ok(null)),
        cancel: () => Promise.resolve(ok(answer)),
      }, { waitMs: 0, report: (what, error) => assert.fail(`${what}: ${String(error)}`) });
      const bought = await ledger.purchase(caller, { e164: "+14155550101" });
      assert.ok(bought.ok);
      const { id } = bought.value.number.holding;
      assert.deepEqual(await ledger.release(caller, id), { ok: true, value: { released: false } });
      clock.set(clock.now() + ON_ITS_WAY_MS + 1);
      await ledger.work.run();
      const status = (await ledger.numbers.get(caller, id))?.status ?? "gone";
      assert.equal(status, answer === "open" ? "gone" : "purchasing");
      const types = (await log.events("acme", 0, 100)).map(({ type }) => type);
      assert.equal(types.includes("PurchaseFailed"), answer === "open");
      assert.ok(!types.includes("OrderRepeated"));
      await app.close();
    },
  );
}

test("nothing is ordered for a purchase that was cancelled before its payment was known", async () => {
  let charged: "paid" | "unknown" = "unknown";
  const { app, ledger, caller, log } = await openSandboxLedger({
    order: () => Promise.reject(new Error("it was ordered")),
  }, {
    waitMs: 30,
    payments: { ...includedPayments, charge: () => Promise.resolve(charged) },
    report: (what) => assert.fail(what),
  });
  const bought = await ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const { id } = bought.value.number.holding;
  charged = "paid";
  assert.deepEqual(await ledger.release(caller, id), { ok: true, value: { released: true } });
  assert.equal(await ledger.numbers.get(caller, id), null);
  const events = await log.events("acme", 0, 100);
  const { data } = events.find(({ type }) => type === "PurchaseFailed") ?? assert.fail();
  const { reason, message } = data as { readonly reason: string; readonly message: string };
  assert.deepEqual([reason, message], ["cancelled", "Nothing was ordered yet."]);
  await app.close();
});
