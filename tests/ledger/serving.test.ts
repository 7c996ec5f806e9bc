/** The ledger of a worker, which no program follows. */
import { OPERATOR } from "../../core/values/identity.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openServingLedger } from "../../adapters/ledger/serving.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";

test("a ledger that serves only does its calls, and says that it follows nothing", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T12:00:00Z"));
  const ledger = openServingLedger({
    log: openMemoryLog(),
    carrier: openSandboxCarrier({ clock }),
    payments: includedPayments,
    clock,
    ids: openIds(clock),
    runsAutomations: false,
  });
  assert.ok((await ledger.operator.open("acme", { name: "Acme", plan: "Growth" })).ok);
  const alice = { organization: "acme", actor: OPERATOR };
  for (
    const follow of [
      () => ledger.follow("acme"),
      () => ledger.followAll(),
      () => ledger.events.list(alice),
      () => ledger.events.follow(alice),
    ]
  ) {
    assert.throws(follow, /^Error: A worker does not follow the log/);
  }
  await ledger.close();
});
