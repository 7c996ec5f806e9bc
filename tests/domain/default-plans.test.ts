/** The default plans, as the contract's table has them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_PLANS, findPlan } from "../../core/organization/plans.ts";
import { formatMoney } from "../../core/values/money.ts";

/** Numbers, billing, verification; imports, purchases, highest prices, requests, searches. */
const TABLE = `
Free     1     trial         none      2       2/2         5.00    120/20
Growth   10    subscription  none      100     20/60       25.00   1000/100
Scale    100   subscription  none      1000    200/600     100.00  6000/600
Prepaid  1000  credits       approved  100000  1000/5000   500.00  12000/1200`;

test("the default plans are those of the contract", () => {
  const rows = Object.entries(DEFAULT_PLANS).map(([name, plan]) => {
    const { maxNumbers, billing, verification, limits } = plan;
    assert.equal(plan.name, name);
    assert.deepEqual(limits.highestSetup, limits.highestMonthly);
    return [
      name,
      maxNumbers,
      billing,
      verification,
      limits.imports,
      `${limits.purchasesPerDay}/${limits.purchasesPer30Days}`,
      formatMoney(limits.highestMonthly),
      `${limits.requestsPerMinute}/${limits.searchesPerMinute}`,
    ].join(" ");
  });
  assert.deepEqual(rows, TABLE.trim().split("\n").map((row) => row.replace(/ +/g, " ")));
});

test("a plan is found by its own name, and by nothing that every object has", () => {
  assert.equal(findPlan(DEFAULT_PLANS, "Growth"), DEFAULT_PLANS["Growth"]);
  assert.equal(findPlan(DEFAULT_PLANS, "growth"), undefined);
  assert.equal(findPlan(DEFAULT_PLANS, "toString"), undefined);
});
