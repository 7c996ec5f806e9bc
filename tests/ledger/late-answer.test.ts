/**
 * Two processes at one purchase: the first one's answer comes after the second has ordered again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, CarrierError, EventLog } from "../../core/ports/mod.ts";
import { failed } from "../../core/values/result.ts";
import { callerOf } from "../properties/runs.ts";
import { gate } from "../support/gate.ts";

const ACME = callerOf("acme");
const NUMBER = "+14155550101";

const answer = (kind: CarrierError["kind"]) => failed<CarrierError>({ kind, message: "No." });

for (const kind of ["unreachable", "refused"] as const) {
  test(`a purchase is not failed by a late ${kind} when its order was sent again`, async () => {
    const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
    const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
    const log = openMemoryLog();
    const open = (carrier: Carrier, seen: EventLog) =>
      openLedger({ log: seen, carrier, payments: includedPayments, clock, ids: openIds(clock) });

    // The first process is suspended from the moment at which its carrier has answered.
    let isSuspended = false;
    const [answered, resumed] = [gate(), gate()];
    const stalling: EventLog = {
      ...log,
      load: async (organization, needs) => {
        if (isSuspended) await resumed.opened;
        return await log.load(organization, needs);
      },
    };
    const first = open({
      ...sandbox,
      order: () => {
        isSuspended = true;
        answered.open();
        return Promise.resolve(answer(kind));
      },
    }, stalling);
    await first.operator.open("acme", { name: "Acme", plan: "Growth" });
    const asked = first.purchase(ACME, { e164: NUMBER });
    await answered.opened;

    // The second finds nothing, sends again, and learns nothing of what became of that.
    clock.set(clock.now() + 1);
    let silent = false;
    const second = open({
      ...sandbox,
      order: async (request) => {
        await sandbox.order(request);
        silent = true;
        return answer("unknown");
      },
      findOrder: (key) => silent ? Promise.resolve(answer("unknown")) : sandbox.findOrder(key),
    }, log);
    await second.work.run();
    assert.ok(silent, "the order was not sent again");
    resumed.open();
    await asked;
    silent = false;
    await second.work.run();
    assert.deepEqual((await second.numbers.list(ACME)).map(({ status }) => status), ["active"]);
    await first.close();
    await second.close();
  });
}

test("a purchase is not failed by a process that comes late to its own order, when another has sent it", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock, realClock: clock });
  const log = openMemoryLog();
  const open = (seen: EventLog) =>
    openLedger({
      log: seen,
      carrier,
      payments: includedPayments,
      clock,
      ids: openIds(clock),
      runsAutomations: false,
    });

  // The first process is suspended from the moment at which its request is written.
  let isSuspended = false;
  const [written, resumed] = [gate(), gate()];
  const first = open({
    ...log,
    append: async (append) => {
      const outcome = await log.append(append);
      if (append.events[0]?.type === "PurchaseRequested") {
        isSuspended = true;
        written.open();
      }
      return outcome;
    },
    load: async (organization, needs) => {
      if (isSuspended) await resumed.opened;
      return await log.load(organization, needs);
    },
  });
  await first.operator.open("acme", { name: "Acme", plan: "Free" });
  const asked = first.purchase(ACME, { e164: "+14155550113" });
  await written.opened;

  // The second finds nothing and sends the order, which the carrier leaves pending.
  clock.set(clock.now() + 1);
  const second = open(log);
  await second.work.run();
  resumed.open();
  assert.equal((await asked).ok, true);
  clock.set(clock.now() + 3_000);
  await second.work.run();
  const [number] = await second.numbers.list(ACME);
  assert.equal(number?.status, "active");
  const kept = await carrier.findNumber("+14155550113");
  assert.equal(kept.ok && kept.value?.carrierId, number?.carrierId);
  await first.close();
  await second.close();
});
