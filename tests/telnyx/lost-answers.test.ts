/** End to end, over HTTP: the real application and adapter, while Telnyx's answers get lost. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plus } from "../../core/values/money.ts";
import type { Fault } from "../support/telnyx/faults.ts";
import { assertSame, forEachAtOnce, openCustomer, tally, withTelnyx } from "./support.ts";

const EACH = 100;
const NUMBER_PRICE = 2;
// Fewer at once than the failures in a row that open the circuit.
const AT_ONCE = 4;

describe("200 purchases, while every answer to an order", () => {
  const losses: readonly Fault[] = [
    { kind: "loseAnswer" },
    { kind: "cutAnswer" },
    { kind: "malformedAnswer" },
    { kind: "serverError", carriedOut: true },
  ];
  for (const loss of losses) {
    test(`is ${loss.kind}, are 200 numbers, 200 orders and 200 charges`, async () => {
      await withTelnyx({}, async (subject) => {
        const { app, telnyx, paid } = subject;
        const subscriber = await openCustomer(app, "subscriber");
        const credits = EACH * NUMBER_PRICE;
        const prepaid = await openCustomer(app, "prepaid", { plan: "Credits", credits });
        telnyx.fail("order", loss);
        const wishes = [
          ...(await subscriber.search(EACH, "415")).map((e164) => ({ customer: subscriber, e164 })),
          ...(await prepaid.search(EACH, "212")).map((e164) => ({ customer: prepaid, e164 })),
        ];
        const answers: { readonly status: number }[] = [];
        await forEachAtOnce(wishes, AT_ONCE, async ({ customer, e164 }) => {
          answers.push(await customer.buy(e164));
        });
        assert.deepEqual(tally(answers), { 200: 2 * EACH });
        assert.equal(telnyx.requests("order"), 2 * EACH);
        assert.equal(telnyx.orders().length, 2 * EACH);
        assert.equal(await assertSame(subject, [subscriber, prepaid]), 2 * EACH);
        assert.equal(paid.length, EACH);
        const organization = await app.admin("GET", "/admin/organizations/prepaid");
        assert.equal(organization.credits, "0.00");
        const spent = telnyx.charges().map(({ amount }) => amount).reduce(plus);
        assert.equal(spent.micros, 2 * credits * 1_000_000);
      });
    });
  }
});
