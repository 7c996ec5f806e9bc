/** End to end, over HTTP: storms at Telnyx, and what is left once they are over. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import type { Fault } from "../harness/emulators/telnyx/faults.ts";
import type { Telnyx } from "../harness/emulators/telnyx/mod.ts";
import {
  assertSame,
  type Customer,
  forEachAtOnce,
  openCustomer,
  settle,
  tally,
  type TelnyxApp,
  withTelnyx,
} from "./support.ts";
import { SHORT_WAIT_MS } from "../support/app.ts";
import { until } from "../support/eventually.ts";
import { pause } from "../support/pause.ts";

const AT_ONCE = 4;
const NUMBER_PRICE = 2;
/** Short waits, so that a storm ends soon. */
const HASTY = { coolMs: 20, orderMs: 500, attemptMs: 500 };

const buyAll = async (customer: Customer, numbers: readonly string[]) => {
  const answers: { readonly status: number }[] = [];
  await forEachAtOnce(numbers, AT_ONCE, async (e164) => {
    answers.push(await customer.buy(e164));
  });
  return answers;
};

const releaseAll = async (customer: Customer) => {
  const answers: { readonly status: number }[] = [];
  await forEachAtOnce(await customer.numbers(), AT_ONCE, async ({ id }) => {
    answers.push(await customer.release(id));
  });
  return answers;
};

/** The storm ends, and all that it left open is done. */
const calm = async ({ telnyx, app }: TelnyxApp) => {
  telnyx.heal();
  await pause(2 * HASTY.coolMs, "so long the circuit breaker stays open, by the machine's clock");
  await settle(app);
};

const WEATHER: readonly (readonly [Fault, probability: number])[] = [
  [{ kind: "loseAnswer" }, 0.15],
  [{ kind: "cutAnswer" }, 0.05],
  [{ kind: "malformedAnswer" }, 0.1],
  [{ kind: "loseRequest" }, 0.1],
  [{ kind: "refuseConnection" }, 0.05],
  [{ kind: "serverError", carriedOut: true }, 0.1],
  [{ kind: "serverError", carriedOut: false }, 0.05],
  [{ kind: "tooManyRequests", resetSeconds: 0 }, 0.1],
];

const brew = (telnyx: Telnyx): void => {
  for (const [fault, probability] of WEATHER) telnyx.fail("any", fault, { probability });
};

describe("a storm of", () => {
  test("429 leaves every purchase complete or undone, its place and credits released", () =>
    withTelnyx({ limits: HASTY }, async (subject) => {
      const { app, telnyx } = subject;
      const customer = await openCustomer(app, "acme", { plan: "Credits", credits: 100 });
      const wanted = await customer.search(40);
      telnyx.fail("any", { kind: "tooManyRequests", resetSeconds: 0 }, { probability: 0.7 });
      const answers = await buyAll(customer, wanted);
      const statuses = new Set(answers.map(({ status }) => status));
      for (const status of statuses) assert.ok([200, 202, 503].includes(status), `${status}`);
      assert.ok(statuses.has(200) && statuses.has(503), `${[...statuses]}`);
      await calm(subject);
      const kept = await assertSame(subject, [customer]);
      assert.ok(kept > 0 && kept < wanted.length);
      const { credits } = await app.admin("GET", "/admin/organizations/acme");
      assert.equal(credits, `${100 - kept * NUMBER_PRICE}.00`);
      assert.deepEqual(tally(await buyAll(customer, await customer.search(5, "212"))), { 200: 5 });
    }));

  for (const seed of [1, 2, 3]) {
    test(`everything concurrently leaves the same numbers on both sides, drawn from ${seed}`, () =>
      withTelnyx(
        {
          emulator: { seed, hiddenMs: 15_000 * seed },
          limits: HASTY,
          app: { waitMs: SHORT_WAIT_MS },
        },
        async (subject) => {
          const { app, telnyx, paid } = subject;
          const customers = [
            await openCustomer(app, "subscriber"),
            await openCustomer(app, "prepaid", { plan: "Credits", credits: 200 }),
          ] as const;
          const wishes = [await customers[0].search(25), await customers[1].search(25, "212")];
          brew(telnyx);
          await Promise.all(customers.map((each, place) => buyAll(each, wishes[place] ?? [])));
          await calm(subject);
          const kept = await assertSame(subject, customers);
          assert.ok(kept > 0);
          const { credits } = await app.admin("GET", "/admin/organizations/prepaid");
          const active = tally(await customers[1].numbers())["active"] ?? 0;
          assert.equal(credits, `${200 - active * NUMBER_PRICE}.00`);
          assert.equal(paid.length, kept - active);

          brew(telnyx);
          for (const customer of customers) await releaseAll(customer);
          await calm(subject);
          assert.equal(await assertSame(subject, customers), 0);
          assert.deepEqual(telnyx.numbers(), []);
        },
      ));
  }
});

describe("a release whose answer is lost", () => {
  test("frees the number once, and leaves it to the customer who bought it since", () =>
    withTelnyx({ limits: HASTY }, async (subject) => {
      const { app, telnyx } = subject;
      const customer = await openCustomer(app, "acme");
      const other = await openCustomer(app, "other");
      const numbers = await customer.search(20);
      await buyAll(customer, numbers);
      telnyx.fail("deleteNumber", { kind: "loseAnswer" });
      const answers = await releaseAll(customer);
      for (const { status } of answers) assert.ok([200, 202].includes(status), `${status}`);
      assert.deepEqual(telnyx.numbers(), []);
      await calm(subject);
      assert.equal(await assertSame(subject, [customer]), 0);
      await other.search(20);
      assert.deepEqual(tally(await buyAll(other, numbers)), { 200: 20 });
      await settle(app);
      assert.equal(await assertSame(subject, [customer, other]), 20);
    }));
});

/** Waits until each of these purchases was sent; a busy machine answers 202 before that. */
const untilSent = ({ telnyx }: TelnyxApp, numbers: readonly string[]): Promise<void> =>
  until(() => telnyx.requests("order") >= numbers.length);

/** Shorter than the delay after which an order that is not visible was certainly never accepted. */
const HIDDEN_MS = 45_000;

describe("an order that is not visible for a while", () => {
  const losses: readonly Fault[] = [{ kind: "loseAnswer" }, { kind: "loseRequest" }];
  for (const loss of losses) {
    test(`is never sent twice when its first sending was ${loss.kind}`, () =>
      withTelnyx(
        { emulator: { hiddenMs: HIDDEN_MS }, app: { waitMs: SHORT_WAIT_MS } },
        async (subject) => {
          const { app, telnyx } = subject;
          const customer = await openCustomer(app, "acme", { plan: "Credits", credits: 40 });
          const numbers = await customer.search(20);
          telnyx.fail("order", loss, { times: numbers.length });
          assert.deepEqual(tally(await buyAll(customer, numbers)), { 202: numbers.length });
          await untilSent(subject, numbers);
          const sent = telnyx.requests("order");
          assert.equal(sent, numbers.length);
          await app.advance(HIDDEN_MS / 1_000 - 1);
          await app.ledger.work.run();
          assert.equal(telnyx.requests("order"), sent);
          await settle(app);
          assert.equal(await assertSame(subject, [customer]), numbers.length);
          const again = loss.kind === "loseRequest" ? numbers.length : 0;
          assert.equal(telnyx.requests("order"), sent + again);
        },
      ));
  }

  test("is waited for, however long, when Telnyx accepted it", () =>
    withTelnyx({
      emulator: { orderMs: 0, hiddenMs: 4 * MINUTE_MS },
      app: { waitMs: SHORT_WAIT_MS },
    }, async (subject) => {
      const { app, telnyx } = subject;
      const customer = await openCustomer(app, "acme", { plan: "Credits", credits: 40 });
      const numbers = await customer.search(4);
      assert.deepEqual(tally(await buyAll(customer, numbers)), { 202: numbers.length });
      await untilSent(subject, numbers);
      await settle(app);
      assert.equal(await assertSame(subject, [customer]), numbers.length);
      assert.equal(telnyx.requests("order"), numbers.length);
    }));

  test("is never sent twice when it was carried out after our timeout", () =>
    withTelnyx({ limits: { orderMs: 30 }, app: { waitMs: 20 } }, async (subject) => {
      const { app, telnyx } = subject;
      const customer = await openCustomer(app, "acme");
      const numbers = await customer.search(4);
      telnyx.fail("order", { kind: "delay", ms: 90 });
      assert.deepEqual(tally(await buyAll(customer, numbers)), { 202: numbers.length });
      await pause(120, "the order is carried out in it, after our timeout");
      await settle(app);
      assert.equal(await assertSame(subject, [customer]), numbers.length);
      assert.equal(telnyx.requests("order"), numbers.length);
    }));
});
