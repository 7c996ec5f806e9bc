/** Payments in trouble: what is not an answer is not treated as one, and work goes on. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { failed } from "../../core/values/result.ts";
import { openTestApp } from "../support/app.ts";
import { until } from "../support/eventually.ts";

/** An app with a new organization, all of whose work is done by `run`. */
const open = async (more: Parameters<typeof openTestApp>[0]) => {
  const log = openMemoryLog();
  const app = openTestApp({ log, waitMs: 30, runsAutomations: false, ...more });
  const token = await app.organization("acme");
  return {
    buy: () => app.request("POST", "/v1/phone-numbers", { token, body: { e164: "+14155550101" } }),
    run: () => app.ledger.work.run(),
    /** What happened last. */
    last: async () => (await log.events("acme", 0, 100)).at(-1)?.type,
    close: app.close,
  };
};

test("work goes on automatically when the report callback throws", async () => {
  let asked = 0;
  const { buy, last, close } = await open({
    runsAutomations: true,
    recoveryMs: 10,
    report: () => {
      throw new Error("nobody can be notified");
    },
    payments: {
      ...includedPayments,
      charge: () => ++asked < 3 ? Promise.reject(new Error("a storm")) : Promise.resolve("paid"),
    },
  });
  await buy();
  await until(async () => (await last()) === "NumberPurchased");
  await close();
});

describe("payments whose answers are not of their type", () => {
  for (const answer of [undefined, null, "ok", true]) {
    test(`say nothing of a charge with ${String(answer)}`, async () => {
      const reports: string[] = [];
      let given: unknown = answer;
      const { buy, run, last, close } = await open({
        report: (what, error) => reports.push(`${what}: ${String(error)}`),
        payments: { ...includedPayments, charge: () => Promise.resolve(given as "paid") },
      });
      await buy();
      assert.equal(await last(), "ChargeStarted");
      assert.match(reports[0] ?? "", /^asking for a charge: .* none of paid, declined, unknown/);
      given = "paid";
      await run();
      assert.equal(await last(), "NumberPurchased");
      await close();
    });
  }

  test("do not end a refund", async () => {
    let given: unknown = undefined;
    const carrier = openSandboxCarrier({ clock: openTestClock(0) });
    const { buy, run, last, close } = await open({
      carrier: {
        ...carrier,
        order: () => Promise.resolve(failed({ kind: "refused", message: "a storm" })),
      },
      payments: { ...includedPayments, refund: () => Promise.resolve(given as "refunded") },
    });
    await buy();
    await run();
    assert.equal(await last(), "RefundStarted");
    given = "refunded";
    await run();
    assert.equal(await last(), "Refunded");
    await close();
  });
});

test("a number is given back only once its charge under way is known, and refunded", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  let charged: "paid" | "unknown" = "paid";
  const calls: string[] = [];
  const app = openTestApp({
    clock,
    setClock: clock.set,
    runsAutomations: false,
    waitMs: 30,
    carrier: {
      ...carrier,
      release: (...asked) => {
        calls.push("release");
        return carrier.release(...asked);
      },
    },
    payments: {
      charge: () => {
        calls.push(`charge: ${charged}`);
        return Promise.resolve(charged);
      },
      refund: () => {
        calls.push("refund");
        return Promise.resolve("refunded");
      },
    },
  });
  const { ledger } = app;
  const caller = await ledger.authenticate(await app.organization("acme")) ?? assert.fail();
  const bought = await ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const { id } = bought.value.number.holding;
  charged = "unknown";
  await app.advance(31 * 86_400);
  calls.length = 0;
  assert.deepEqual(await ledger.release(caller, id), { ok: true, value: { released: false } });
  assert.deepEqual([...new Set(calls)], ["charge: unknown"]);
  charged = "paid";
  calls.length = 0;
  assert.deepEqual(await ledger.release(caller, id), { ok: true, value: { released: true } });
  assert.deepEqual(calls, ["charge: paid", "refund", "release"]);
  await app.close();
});
