/** What a prepaid organization pays when it buys through Speko's API, and what it gets back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { Carrier } from "../../core/ports/mod.ts";
import type { TestApp } from "../support/app.ts";
import { assertFailure, buy, type SpekoCall, withSpeko } from "./speko-support.ts";
import { CREDITS } from "../support/plans.ts";

const NUMBER = "+14155550101";
const REFUSED = "+14155550112";
const SOLD_IN_BETWEEN = "+14155550111";
const plans = {
  Credits: CREDITS,
} as const;

const creditsOf = async ({ admin }: TestApp): Promise<string> =>
  (await admin("GET", "/admin/organizations/org_1")).credits;

/** Runs a test in which `org_1` has these credits; `ordered` has the numbers that were ordered. */
const withCredits = (
  amount: string,
  use: (
    opened: { readonly app: TestApp; readonly call: SpekoCall; readonly ordered: string[] },
  ) => Promise<void>,
): Promise<void> => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const ordered: string[] = [];
  const carrier: Carrier = {
    ...sandbox,
    order: (request) => {
      ordered.push(request.e164);
      return sandbox.order(request);
    },
  };
  return withSpeko(async ({ app, call }) => {
    await app.admin("POST", "/admin/organizations/org_1/credits", { amount });
    await use({ app, call, ordered });
  }, { carrier, clock, setClock: clock.set, plans, plan: "Credits" });
};

test("POST answers 402 and orders nothing when the credits are a cent short", () =>
  withCredits("1.99", async ({ app, call, ordered }) => {
    assertFailure(await call("POST", "", { e164: NUMBER }), 402, "INSUFFICIENT_CREDITS");
    assert.deepEqual(ordered, []);
    assert.equal(await creditsOf(app), "1.99");
    assert.deepEqual((await call("GET")).json, []);
  }));

test("POST debits setup and first month when the credits just suffice", () =>
  withCredits("2.00", async ({ app, call, ordered }) => {
    await buy(call, NUMBER);
    assert.deepEqual(ordered, [NUMBER]);
    assert.equal(await creditsOf(app), "0.00");
  }));

test("POST debits once when two callers spend the last credits concurrently", () =>
  withCredits("3.99", async ({ app, call, ordered }) => {
    const answers = await Promise.all(
      [NUMBER, "+14155550102", "+14155550103"].map((e164) => call("POST", "", { e164 })),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 402, 402]);
    assert.equal(ordered.length, 1);
    assert.equal(await creditsOf(app), "1.99");
  }));

for (
  const [what, e164, status] of [
    ["the carrier refuses the order", REFUSED, 502],
    ["another buyer was faster", SOLD_IN_BETWEEN, 404],
  ] as const
) {
  test(`POST gives the credits back when ${what}`, () =>
    withCredits("5.00", async ({ app, call, ordered }) => {
      assert.equal((await call("POST", "", { e164 })).status, status);
      assert.deepEqual(ordered, [e164]);
      assert.equal(await creditsOf(app), "5.00");
      await buy(call, NUMBER);
      assert.equal(await creditsOf(app), "3.00");
    }));
}
