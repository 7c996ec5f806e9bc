/** An agent buys at a carrier, or on a plan, whose price changes after it was confirmed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../../adapters/clock/test.ts";
import { ok } from "../../../core/values/result.ts";
import { CREDITS } from "../../support/plans.ts";
import { withAgent } from "./agent.ts";

const NUMBER = "+14155550101";

type Price = { readonly setup: number; readonly monthly: number };

const usd = (micros: number) => ({ micros, currency: "USD" as const });

/** The sandbox, which asks these prices (micros) of its next quotes, and the last of all others. */
const quoting = (...prices: readonly Price[]) => {
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
        const { setup, monthly } = prices[Math.min(asked++, prices.length - 1)] ?? assert.fail();
        return quoted.ok && quoted.value !== null
          ? ok({ ...quoted.value, setup: usd(setup), monthly: usd(monthly) })
          : quoted;
      },
    },
  };
};

const PRICE: Price = { setup: 1_000_000, monthly: 1_000_000 };

for (
  const [member, dearer] of [
    ["monthlyUsd", { ...PRICE, monthly: 9_000_000 }],
    ["setupUsd", { ...PRICE, setup: 9_000_000 }],
  ] as const
) {
  test(`nothing is bought for another price than the one that was confirmed (${member})`, () =>
    withAgent(async ({ agent }) => {
      const { confirmation, purchase } = await agent.does("buy_number", { e164: NUMBER });
      assert.equal(purchase[member], "1.00");
      const text = await agent.refused("buy_number", { e164: NUMBER, confirmation });
      assert.match(text, /\(CONFIRMATION_UNFIT\)$/);
      assert.deepEqual((await agent.does("list_numbers")).numbers, []);
      const next = await agent.does("buy_number", { e164: NUMBER });
      assert.equal(next.purchase[member], "9.00");
      const again = { e164: NUMBER, confirmation: next.confirmation };
      assert.equal((await agent.does("buy_number", again)).bought, true);
    }, quoting(PRICE, dearer)));
}

test("nothing is taken from credits that was confirmed to be paid otherwise", () => {
  const Growth = { ...CREDITS, name: "Growth", billing: "subscription" } as const;
  return withAgent(async ({ agent, app }) => {
    const { confirmation, purchase } = await agent.does("buy_number", { e164: NUMBER });
    assert.equal(purchase.paidFrom, "subscription");
    await app.admin("PUT", "/admin/organizations/team_1", { name: "team_1 Inc", plan: "Credits" });
    await app.admin("POST", "/admin/organizations/team_1/credits", { amount: "100.00" });
    const text = await agent.refused("buy_number", { e164: NUMBER, confirmation });
    assert.match(text, /\(CONFIRMATION_UNFIT\)$/);
    assert.equal((await app.admin("GET", "/admin/organizations/team_1")).credits, "100.00");
    const next = await agent.does("buy_number", { e164: NUMBER });
    assert.equal(next.purchase.paidFrom, "credits");
  }, { plans: { Growth, Credits: CREDITS } });
});
