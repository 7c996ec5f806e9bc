/** Public reports about the account at the carrier, and what it sends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Carrier } from "../../core/ports/mod.ts";
import { ADMIN_TOKEN } from "../support/app.ts";
import { openTelnyx } from "../harness/emulators/telnyx/mod.ts";
import { carrierOf, openCustomer, settle, withTelnyx } from "../telnyx/support.ts";

/** A carrier that asks whichever `current` gives. */
const switched = (current: () => Carrier): Carrier => {
  const { name, settlingMs } = current();
  return new Proxy({ name, settlingMs } as Carrier, {
    get: (_, member) => Reflect.get(current(), member),
    has: (_, member) => Reflect.has(current(), member),
  });
};

// https://github.com/dograh-hq/dograh/issues/732
test("nothing ends when the carrier's key is another account's: all is reported", () =>
  withTelnyx({}, async ({ telnyx, clock }) => {
    const other = await openTelnyx({ orderMs: 0, clock });
    let account = carrierOf(telnyx, clock);
    await withTelnyx(
      { app: { carrier: switched(() => account), clock, setClock: clock.set } },
      async ({ app }) => {
        const customer = await openCustomer(app, "acme");
        const numbers = await customer.search(3);
        for (const e164 of numbers) assert.equal((await customer.buy(e164)).status, 200);
        await settle(app);
        account = carrierOf(other, clock);
        const { status, json } = await app.request("POST", "/admin/reconciliations", {
          token: ADMIN_TOKEN,
        });
        assert.equal(status, 200, JSON.stringify(json));
        const found = json.drifts.map((drift: Record<string, string>) =>
          [drift["e164"], drift["outcome"]].join(" ")
        );
        assert.deepEqual(found.toSorted(), numbers.map((e164) => `${e164} reported`).toSorted());
        const held = (await customer.numbers()).map(({ status: now }) => now);
        assert.deepEqual(held, ["active", "active", "active"]);
        assert.equal(telnyx.numbers().length, 3);
        other.close();
      },
    );
  }));

// https://github.com/team-telnyx/telnyx-node/issues/81
test("a webhook with any text is taken as it was signed, over its bytes", () =>
  withTelnyx({}, async ({ telnyx, app }) => {
    const texts = ["Zoë Müller", "李小龍", "🦜👩‍👩‍👧", "\u2028 \u202e", "a\\u0000b", "ﬁ ﬀ Å"];
    for (const text of texts) {
      const body = JSON.stringify({
        data: { event_type: "message.received", id: text, payload: { text } },
      });
      const headers = await telnyx.webhooks.sign(body);
      const { status } = await app.request("POST", "/webhooks/telnyx", { body, headers });
      assert.equal(status, 200, text);
      // The same text to a reader who normalizes it, or one character more.
      const other = text.normalize("NFD") === text ? `${text} ` : text.normalize("NFD");
      const changed = JSON.stringify({
        data: { event_type: "message.received", id: text, payload: { text: other } },
      });
      const forged = await app.request("POST", "/webhooks/telnyx", { body: changed, headers });
      assert.equal(forged.status, 400, text);
    }
  }));

// https://github.com/denn-gubsky/loomcycle/issues/304
test("a valid webhook that comes twice is 200 both times, and has one effect", () =>
  withTelnyx({ emulator: { orderMs: 1_000 }, app: { waitMs: 0, runsAutomations: false } }, async (
    { telnyx, app },
  ) => {
    telnyx.webhooks.to({
      url: "https://elsewhere.example",
      receive: () => Promise.resolve(new Response(null, { status: 200 })),
    });
    const customer = await openCustomer(app, "acme");
    const [e164 = ""] = await customer.search(1);
    assert.equal((await customer.buy(e164)).status, 202);
    while (telnyx.orders().length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [order] = telnyx.orders();
    await telnyx.advance(1_000);
    const body = JSON.stringify({
      data: {
        event_type: "number_order.complete",
        payload: { customer_reference: order?.customerReference, status: "success" },
      },
    });
    const headers = await telnyx.webhooks.sign(body);
    const post = async () =>
      (await app.request("POST", "/webhooks/telnyx", { body, headers })).status;
    assert.equal(await post(), 200);
    const asked = telnyx.requests("findOrders");
    const [number] = await customer.numbers();
    assert.equal(number?.status, "active");
    const path = `/ledger/numbers/${number.id}/history`;
    const history = async () => (await app.request("GET", path, { token: customer.token })).json;
    const before = await history();
    assert.equal(await post(), 200);
    assert.equal(telnyx.requests("findOrders"), asked);
    assert.deepEqual(await history(), before);
  }));
