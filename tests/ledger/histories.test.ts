/** The history of a number, as the callers of two worlds read it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { Caller } from "../../adapters/ledger/mod.ts";
import { openTestApp } from "../support/app.ts";

test("a number's history is read in its own world alone, also once it was released", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const open = () => openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const app = openTestApp({
    clock,
    runsAutomations: false,
    carrier: { ...open(), name: "acme" },
    sandbox: open(),
  });
  const { ledger } = app;
  const live = await ledger.authenticate(await app.organization("acme")) ?? assert.fail();
  const trying: Caller = { ...live, sandbox: true };
  const buy = async (caller: Caller): Promise<string> => {
    const bought = await ledger.purchase(caller, { e164: "+14155550101" });
    return bought.ok ? bought.value.number.holding.id : assert.fail(bought.error.code);
  };
  const typesOf = async (caller: Caller, id: string) =>
    (await ledger.numbers.history(caller, id)).map(({ type }) => type);
  const [real, tried] = [await buy(live), await buy(trying)];
  for (const isReleased of [false, true]) {
    const last = isReleased ? "Released" : "NumberPurchased";
    assert.equal((await typesOf(trying, tried)).at(-1), last);
    assert.equal((await typesOf(live, real)).at(-1), last);
    assert.deepEqual(await typesOf(trying, real), []);
    assert.deepEqual(await typesOf(trying, "pn_1"), []);
    await ledger.release(trying, tried);
    await ledger.release(live, real);
  }
  await app.close();
});
