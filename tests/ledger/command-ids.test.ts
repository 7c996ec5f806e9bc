/** What makes a command that has an id the same one again, and what another. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { Caller } from "../../adapters/ledger/mod.ts";
import { openTestApp, SIP, type TestApp } from "../support/app.ts";

const E164 = "+14155550101";

describe("a command id", () => {
  let app: TestApp;
  let caller: Caller;
  before(async () => {
    const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
    const open = () => openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
    app = openTestApp({
      clock,
      runsAutomations: false,
      carrier: { ...open(), name: "acme" },
      sandbox: open(),
    });
    caller = await app.ledger.authenticate(await app.organization("acme")) ?? assert.fail();
  });
  after(() => app.close());

  test("gives one purchase, however often", async () => {
    const buy = () => app.ledger.purchase(caller, { e164: E164 }, { commandId: "once" });
    const [first, second] = [await buy(), await buy()];
    assert.ok(first.ok && second.ok);
    assert.deepEqual(second.value.number, first.value.number);
  });

  test("of another number, call or world is another request's", async () => {
    const { ledger } = app;
    const once = { commandId: "once" };
    const via = { sipConnection: SIP.id };
    for (
      const asking of [
        ledger.purchase(caller, { e164: "+14155550102" }, once),
        ledger.import(caller, { e164: E164, via }, once),
        ledger.purchase({ ...caller, sandbox: true }, { e164: E164 }, once),
      ]
    ) {
      const answer = await asking;
      assert.equal(answer.ok ? null : answer.error.code, "COMMAND_ID_REUSED");
    }
  });

  test("of another organization is its own", async () => {
    const other = await app.ledger.authenticate(await app.organization("umbrella"));
    const bought = await app.ledger.purchase(
      other ?? assert.fail(),
      { e164: "+14155550103" },
      { commandId: "once" },
    );
    assert.ok(bought.ok);
  });
});
