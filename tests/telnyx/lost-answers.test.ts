/** End to end, over HTTP: the real application and adapter, while Telnyx's answers get lost. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plus } from "../../core/values/money.ts";
import type { Fault } from "../harness/emulators/telnyx/faults.ts";
import {
  assertSame,
  forEachAtOnce,
  openCustomer,
  settle,
  tally,
  type TelnyxAppOptions,
  withTelnyx,
} from "./support.ts";

const NUMBER_PRICE = 2;
// Fewer concurrent ones than the consecutive failures that open the circuit.
const AT_ONCE = 4;

/**
 * Half of the purchases by subscription and half for credits, every answer to an order lost: the
 * result is as many numbers here, and as many orders, numbers and charges there. Purchases are
 * answered with `status`, and what is open then completes automatically.
 */
const buyWhileLost = (
  count: number,
  loss: Fault,
  status: 200 | 202,
  options: TelnyxAppOptions = {},
): Promise<void> =>
  withTelnyx(options, async (subject) => {
    const { app, telnyx, paid } = subject;
    const half = count / 2;
    const credits = half * NUMBER_PRICE;
    const subscriber = await openCustomer(app, "subscriber");
    const prepaid = await openCustomer(app, "prepaid", { plan: "Credits", credits });
    telnyx.fail("order", loss);
    const wishes = [
      ...(await subscriber.search(half, "415")).map((e164) => ({ customer: subscriber, e164 })),
      ...(await prepaid.search(half, "212")).map((e164) => ({ customer: prepaid, e164 })),
    ];
    const answers: { readonly status: number }[] = [];
    await forEachAtOnce(wishes, AT_ONCE, async ({ customer, e164 }) => {
      answers.push(await customer.buy(e164));
    });
    assert.deepEqual(tally(answers), { [status]: count });
    if (status === 202) await settle(app);
    assert.equal(telnyx.requests("order"), count);
    assert.equal(telnyx.orders().length, count);
    assert.equal(await assertSame(subject, [subscriber, prepaid]), count);
    assert.equal(paid.length, half);
    const organization = await app.admin("GET", "/admin/organizations/prepaid");
    assert.equal(organization.credits, "0.00");
    const spent = telnyx.charges().map(({ amount }) => amount).reduce(plus);
    assert.equal(spent.micros, 2 * credits * 1_000_000);
  });

describe("200 purchases, the answer to every order lost, are 200 numbers, orders and charges", () => {
  test("when Telnyx fills and shows its orders immediately", () =>
    buyWhileLost(200, { kind: "loseAnswer" }, 200));

  test("when its orders stay pending, and are not visible for a while", () =>
    buyWhileLost(200, { kind: "loseAnswer" }, 202, {
      emulator: { orderMs: 5_000, hiddenMs: 45_000 },
      app: { waitMs: 20 },
    }));
});

describe("40 purchases are 40 numbers, orders and charges", () => {
  const losses: readonly Fault[] = [
    { kind: "cutAnswer" },
    { kind: "malformedAnswer" },
    { kind: "serverError", carriedOut: true },
  ];
  for (const loss of losses) {
    test(`when the answer to every order is ${loss.kind}`, () => buyWhileLost(40, loss, 200));
  }
});
