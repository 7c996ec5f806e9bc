/** Public reports about credits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TestApp } from "../support/app.ts";
import { openCustomer, withTelnyx } from "../telnyx/support.ts";
import { runs } from "../support/runs.ts";

// https://github.com/weave-os/router/issues/478
test("50 concurrent purchases with credits for three buy three, and credits are never negative", () =>
  withTelnyx({}, async ({ app, telnyx }) => {
    const customer = await openCustomer(app, "acme", { plan: "Credits", credits: 6 });
    const numbers = await customer.search(50);
    assert.equal(numbers.length, 50);
    const seen: string[] = [];
    const look = async () => {
      seen.push((await app.admin("GET", "/admin/organizations/acme")).credits);
    };
    const bought = await Promise.all(numbers.map(async (e164) => {
      const { status } = await customer.buy(e164);
      await look();
      return status;
    }));
    const counts = [200, 402].map((status) => bought.filter((each) => each === status).length);
    assert.deepEqual(counts, [3, 47]);
    assert.ok(seen.every((credits) => Number(credits) >= 0), seen.join(" "));
    assert.equal((await app.admin("GET", "/admin/organizations/acme")).credits, "0.00");
    assert.equal(telnyx.numbers().length, 3);
  }));

/** Actions of a customer or the operator. */
const deed = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("buy" as const) }) },
  fc.record({ kind: fc.constant("add" as const), cents: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ kind: fc.constant("release" as const) }),
  fc.record({ kind: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 40 }) }),
);

/** The amounts of all entries, in millionths of a dollar, page by page. */
const amountsOf = async (app: TestApp, token: string): Promise<readonly bigint[]> => {
  const amounts: bigint[] = [];
  let cursor = "";
  do {
    const { status, json } = await app.request("GET", `/v1/credits/ledger?limit=3${cursor}`, {
      token,
    });
    assert.equal(status, 200, JSON.stringify(json));
    for (const { amountMicroUsd } of json.entries) amounts.push(BigInt(amountMicroUsd));
    cursor = json.nextCursor === null ? "" : `&cursor=${encodeURIComponent(json.nextCursor)}`;
  } while (cursor !== "");
  return amounts;
};

// https://github.com/irontec/ivozprovider/issues/703
test("the sum of an organization's entries is its balance after any history", () =>
  fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 12 }), (deeds) =>
      withTelnyx({}, async ({ app }) => {
        const customer = await openCustomer(app, "acme", { plan: "Credits", credits: 5 });
        const numbers = [...await customer.search(12)];
        for (const done of deeds) {
          if (done.kind === "buy") await customer.buy(numbers.pop() ?? "");
          if (done.kind === "wait") await app.advance(done.days * 86_400);
          if (done.kind === "add") {
            const amount = (done.cents / 100).toFixed(2);
            await app.admin("POST", "/admin/organizations/acme/credits", { amount });
          }
          const [first] = done.kind === "release" ? await customer.numbers() : [];
          if (first !== undefined) await customer.release(first.id);
        }
        const sum = (await amountsOf(app, customer.token)).reduce((all, one) => all + one, 0n);
        const { credits } = await app.admin("GET", "/admin/organizations/acme");
        assert.equal(sum, BigInt(Math.round(Number(credits) * 1_000_000)));
      })),
    { numRuns: runs(40) },
  ));
