/**
 * End to end: Telnyx fills an order, and the operator immediately deletes the number in its portal.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openCustomer, tally, withTelnyx } from "./support.ts";

const PREPAID = { plan: "Credits", credits: 2 };
const MINUTE_S = 60;

test("a purchase of a number that is lost at Telnyx fails, and releases its credits and its claim", () =>
  withTelnyx({ app: { waitMs: 20 } }, async ({ app, telnyx }) => {
    const customer = await openCustomer(app, "acme", PREPAID);
    const other = await openCustomer(app, "other", PREPAID);
    const [e164 = ""] = await customer.search(1);
    const credits = async () => (await app.admin("GET", "/admin/organizations/acme")).credits;
    telnyx.lose(e164);
    assert.equal((await customer.buy(e164)).status, 202);
    for (let minutes = 0; minutes < 14; minutes++) await app.advance(MINUTE_S);
    assert.deepEqual(tally(await customer.numbers()), { purchasing: 1 });
    assert.equal(await credits(), "0.00");
    assert.equal((await other.buy(e164)).status, 409);
    for (let minutes = 0; minutes < 3; minutes++) await app.advance(MINUTE_S);
    assert.deepEqual(tally(await customer.numbers()), { error: 1 });
    assert.equal(await credits(), "2.00");
    assert.equal(telnyx.requests("order"), 1);
    assert.deepEqual(await other.search(1), [e164]);
    assert.equal((await other.buy(e164)).status, 200);
    assert.deepEqual(tally(await other.numbers()), { active: 1 });
    assert.deepEqual(telnyx.numbers().map((number) => number.e164), [e164]);
  }));
