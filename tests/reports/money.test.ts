/** Public reports about credits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openCustomer, withTelnyx } from "../telnyx/support.ts";

// https://github.com/weave-os/router/issues/478
test("50 purchases at once with credits for three buy three, and credits are never negative", () =>
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
