/** An agent buys at a carrier whose price changes between two of its answers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { ok } from "../../../core/values/result.ts";
import { withAgent } from "./agent.ts";

const NUMBER = "+14155550101";

/** The sandbox, which asks these prices (micros) of its next quotes, and the last of all others. */
const quoting = (prices: readonly number[]) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  let asked = 0;
  return {
    clock,
    setClock: clock.set,
    carrier: {
      ...sandbox,
      quote: async (...given: Parameters<typeof sandbox.quote>) => {
        const quoted = await sandbox.quote(...given);
        const micros = prices[Math.min(asked++, prices.length - 1)] ?? 0;
        return quoted.ok && quoted.value !== null
          ? ok({ ...quoted.value, monthly: { micros, currency: "USD" as const } })
          : quoted;
      },
    },
  };
};

test("nothing is bought for another price than the one that was confirmed", () =>
  withAgent(async ({ agent }) => {
    const { confirmation, purchase } = await agent.does("buy_number", { e164: NUMBER });
    assert.equal(purchase.monthlyUsd, "1.00");
    const text = await agent.refused("buy_number", { e164: NUMBER, confirmation });
    assert.match(text, /\(CONFIRMATION_UNFIT\)$/);
    assert.deepEqual((await agent.does("list_numbers")).numbers, []);
    const { confirmation: dearer, purchase: next } = await agent.does("buy_number", {
      e164: NUMBER,
    });
    assert.equal(next.monthlyUsd, "9.00");
    const { bought } = await agent.does("buy_number", { e164: NUMBER, confirmation: dearer });
    assert.equal(bought, true);
  }, quoting([1_000_000, 9_000_000])));
