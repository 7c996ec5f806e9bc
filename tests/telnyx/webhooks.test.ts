/** End to end: Telnyx's webhooks come twice, late, in another order, forged, or not at all. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { MINUTE_MS, SECOND_MS } from "../../core/values/calendar.ts";
import { openCustomer, tally, type TelnyxApp, withTelnyx } from "./support.ts";
import { until } from "../support/eventually.ts";

const ORDER_MS = 10 * SECOND_MS;
const PATH = "/webhooks/telnyx";

type Waiting = TelnyxApp & {
  /** Waits until all are active: a webhook is answered within the wait budget, settled or not. */
  readonly active: () => Promise<void>;
  /** How many numbers have each status. */
  readonly statuses: () => Promise<Readonly<Record<string, number>>>;
  /** How many events the organization's log has. */
  readonly events: () => Promise<number>;
  /** The answers to the webhooks, in the order in which they were sent. */
  readonly answers: () => readonly number[];
};

/** Three purchases in progress, in an application without background work. */
const withThree = (use: (waiting: Waiting) => Promise<void>): Promise<void> => {
  const log = openMemoryLog();
  const app = { log, runsAutomations: false, waitMs: 20 };
  return withTelnyx({ emulator: { orderMs: ORDER_MS }, app }, async (subject) => {
    const customer = await openCustomer(subject.app, "acme");
    for (const e164 of await customer.search(3)) await customer.buy(e164);
    const statuses = async () => tally(await customer.numbers());
    assert.deepEqual(await statuses(), { purchasing: 3 });
    await use({
      ...subject,
      statuses,
      active: () => until(async () => (await statuses())["active"] === 3),
      events: async () => (await log.events("acme", 0, 1_000)).length,
      answers: () => subject.telnyx.webhooks.sent().map(({ status }) => status),
    });
  });
};

describe("a webhook that comes", () => {
  test("in time settles its purchase", () =>
    withThree(async ({ telnyx, active, answers }) => {
      await telnyx.advance(ORDER_MS);
      assert.deepEqual(answers(), [200, 200, 200]);
      await active();
    }));

  test("again is accepted and changes nothing", () =>
    withThree(async ({ telnyx, active, events, answers }) => {
      telnyx.webhooks.fail({ kind: "duplicated" }, { times: 3 });
      await telnyx.advance(ORDER_MS);
      assert.deepEqual(answers(), [200, 200, 200, 200, 200, 200]);
      await active();
      const before = await events();
      await telnyx.advance(MINUTE_MS);
      assert.equal(answers().length, 6, "none is sent anew");
      assert.equal(await events(), before);
      assert.equal(telnyx.orders().length, 3);
    }));

  test("after the order was looked up changes nothing", () =>
    withThree(async ({ telnyx, app, active, events, answers }) => {
      telnyx.webhooks.fail({ kind: "late", ms: 10 * MINUTE_MS });
      await telnyx.advance(ORDER_MS);
      await app.advance(5 * 60);
      await active();
      const before = await events();
      await telnyx.advance(10 * MINUTE_MS);
      assert.deepEqual(answers(), [200, 200, 200]);
      assert.equal(await events(), before);
    }));

  test("long after it was signed is refused, and accepted when it is sent again", () =>
    withThree(async ({ telnyx, active, statuses, answers }) => {
      telnyx.webhooks.fail({ kind: "stale", ms: 5 * MINUTE_MS + SECOND_MS }, { times: 3 });
      await telnyx.advance(ORDER_MS);
      await telnyx.advance(5 * MINUTE_MS + SECOND_MS);
      assert.deepEqual(answers(), [400, 400, 400]);
      assert.deepEqual(await statuses(), { purchasing: 3 });
      await telnyx.advance(MINUTE_MS);
      assert.deepEqual(answers().slice(3), [200, 200, 200]);
      await active();
    }));
});

describe("a webhook", () => {
  test("settles its own purchase in whatever order they come", () =>
    withThree(async ({ telnyx, active, answers }) => {
      telnyx.webhooks.fail({ kind: "reordered" });
      await telnyx.advance(ORDER_MS);
      const ids = telnyx.webhooks.sent().map(({ orderId }) => orderId);
      assert.deepEqual(ids, telnyx.orders().map(({ id }) => id).toReversed());
      assert.deepEqual(answers(), [200, 200, 200]);
      await active();
    }));

  test("is not needed when it is lost", () =>
    withThree(async ({ telnyx, app, active, answers }) => {
      telnyx.webhooks.fail({ kind: "lost" });
      await telnyx.advance(ORDER_MS);
      await app.advance(5 * 60);
      assert.deepEqual(answers(), []);
      await active();
    }));

  test("is not trusted: the order is looked up", () =>
    withThree(async ({ telnyx, app, statuses, events }) => {
      const before = await events();
      const [order] = telnyx.orders();
      const payload = { id: order?.id, status: "success", phone_numbers: [{ status: "success" }] };
      const customer_reference = order?.customerReference;
      const body = JSON.stringify({
        data: {
          event_type: "number_order.complete",
          payload: { ...payload, customer_reference },
        },
      });
      const headers = { ...await telnyx.webhooks.sign(body) };
      const forged = await app.request("POST", PATH, { headers, body: `${body} ` });
      assert.equal(forged.status, 400);
      assert.equal((await app.request("POST", PATH, { headers, body })).status, 200);
      assert.equal(await events(), before);
      assert.deepEqual(await statuses(), { purchasing: 3 });
    }));

  test("is answered in time though it overtakes the answer to its order", () =>
    withTelnyx({ app: { runsAutomations: false, waitMs: 20 } }, async ({ app, telnyx }) => {
      const customer = await openCustomer(app, "acme");
      const [e164 = ""] = await customer.search(1);
      telnyx.fail("order", {
        kind: "replaceAnswer",
        by: async (answer) => {
          await telnyx.webhooks.deliver();
          return answer;
        },
      });
      await customer.buy(e164);
      await until(async () => tally(await customer.numbers())["active"] === 1);
      assert.deepEqual(telnyx.webhooks.sent().map(({ status }) => status), [200]);
      assert.equal(telnyx.requests("order"), 1);
    }));
});
