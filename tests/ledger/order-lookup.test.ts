/** A purchase that is looked up by the key of its order, as when its carrier sends a message. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { failed } from "../../core/values/result.ts";
import { openTestApp } from "../support/app.ts";

test("an order is looked up by its key at its carrier, and a key that nobody ordered by is not", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const keys: string[] = [];
  let isFound = false;
  const app = openTestApp({
    clock,
    runsAutomations: false,
    waitMs: 30,
    carrier: {
      ...sandbox,
      order: async (request) => {
        keys.push(request.key);
        await sandbox.order(request);
        return failed({ kind: "unknown", message: "a storm" });
      },
      findOrder: (key) =>
        isFound
          ? sandbox.findOrder(key)
          : Promise.resolve(failed({ kind: "unreachable", message: "a storm" })),
    },
  });
  const { ledger } = app;
  const caller = await ledger.authenticate(await app.organization("acme")) ?? assert.fail();
  const bought = await ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const { status, holding: { id } } = bought.value.number;
  assert.equal(status, "purchasing");
  isFound = true;
  assert.equal(await ledger.work.look("nobody"), false);
  assert.equal((await ledger.numbers.get(caller, id))?.status, "purchasing");
  assert.equal(await ledger.work.look(keys[0] ?? assert.fail()), true);
  assert.equal((await ledger.numbers.get(caller, id))?.status, "active");
  await app.close();
});

test("a caller that waits goes on asking after a look-up that failed", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  let looks = 0;
  const app = openTestApp({
    clock,
    runsAutomations: false,
    carrier: {
      ...sandbox,
      order: async (request) => {
        await sandbox.order(request);
        return failed({ kind: "unknown", message: "a storm" });
      },
      findOrder: (key) =>
        ++looks > 2
          ? sandbox.findOrder(key)
          : Promise.resolve(failed({ kind: "unreachable", message: "a storm" })),
    },
  });
  const caller = await app.ledger.authenticate(await app.organization("acme")) ?? assert.fail();
  const bought = await app.ledger.purchase(caller, { e164: "+14155550101" });
  assert.deepEqual([bought.ok && bought.value.number.status, looks], ["active", 3]);
  await app.close();
});
