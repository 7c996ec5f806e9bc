/** `POST /webhooks/telnyx`, with webhooks that are signed as Telnyx signs them. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { openTelnyxCarrier } from "../../adapters/carrier/telnyx/mod.ts";
import { openTelnyxWebhook } from "../../adapters/carrier/telnyx/webhook.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { MAX_BODY_BYTES } from "../../http/body.ts";
import { sourceOf } from "../../http/ledger-source.ts";
import { takeWebhook } from "../../http/webhook.ts";
import { character } from "../harness/arbitraries/contents.ts";
import { openTestApp } from "../support/app.ts";
import { openTelnyx } from "../harness/emulators/telnyx/mod.ts";
import { runs } from "../support/runs.ts";

const PATH = "/webhooks/telnyx";
const ORDER_MS = 1_000;
const TOLERANCE_MS = 300_000;

const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
const telnyx = await openTelnyx({ clock, orderMs: ORDER_MS });
const { apiKey, baseUrl, fetch, webhooks: { publicKey, sign } } = telnyx;
const app = openTestApp({
  carrier: openTelnyxCarrier({ apiKey, baseUrl, fetch, clock }),
  clock,
  setClock: clock.set,
  telnyxPublicKey: publicKey,
  waitMs: 0,
  // So that only a webhook triggers a look-up.
  runsAutomations: false,
});
const token = await app.organization("acme");
after(() => app.close());

type Headers = Readonly<Record<string, string>>;

const post = async (body: string, headers: Headers) =>
  (await app.request("POST", PATH, { body, headers })).status;

const api = async (path: string, body: unknown) =>
  (await app.request("POST", `/api/phone-numbers/${path}`, { token, body })).json;

/** Buys a number; its order is pending at the carrier. */
const buy = async () => {
  const { numbers } = await api("search", { filters: { countryCode: "US", limit: 1 } });
  const { phoneNumber } = numbers[0];
  const bought = await api("purchase", { phoneNumber, teamId: "acme" });
  for (;;) {
    const order = telnyx.orders().find((each) => each.numbers.includes(phoneNumber));
    if (order !== undefined) return { id: bought.phoneNumber.id, order };
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const statusOf = async (id: string): Promise<string> =>
  (await app.request("GET", `/api/phone-numbers/${id}`, { token })).json.phoneNumber.status;

/** What Telnyx says when an order is settled, whether it is or not. */
const complete = (customer_reference: unknown): string =>
  JSON.stringify({
    data: {
      event_type: "number_order.complete",
      payload: { customer_reference, status: "success" },
    },
  });

const asked = (): number => telnyx.requests("findOrders");

describe("a webhook", () => {
  test("triggers a look-up, so that a settled purchase is settled here immediately", async () => {
    const { id } = await buy();
    assert.equal(await statusOf(id), "purchasing");
    telnyx.webhooks.to({
      url: `http://localhost${PATH}`,
      receive: async (request) => {
        const status = await post(await request.text(), Object.fromEntries(request.headers));
        return new Response(null, { status });
      },
    });
    await telnyx.advance(ORDER_MS);
    assert.deepEqual(telnyx.webhooks.sent().map(({ status }) => status), [200]);
    assert.equal(await statusOf(id), "active");
  });

  test("is not trusted: an order that is pending at the carrier stays so", async () => {
    const { id, order } = await buy();
    const body = complete(order.customerReference);
    const before = asked();
    assert.equal(await post(body, await sign(body)), 200);
    assert.equal(asked(), before + 1);
    assert.equal(await statusOf(id), "purchasing");
  });
});

describe("a webhook that is not Telnyx's, or not new,", () => {
  test("answers 400 and changes nothing when it is unsigned, stale, or signed for another", async () => {
    const { id, order } = await buy();
    clock.set(clock.now() + ORDER_MS);
    const body = complete(order.customerReference);
    const now = clock.now();
    const good = await sign(body);
    const signature = good["telnyx-signature-ed25519"] ?? "";
    const bad: readonly Headers[] = [
      {},
      { ...good, "telnyx-timestamp": "" },
      { ...good, "telnyx-timestamp": "now" },
      { ...good, "telnyx-timestamp": `${Number(good["telnyx-timestamp"]) + 1}` },
      { ...good, "telnyx-signature-ed25519": "" },
      { ...good, "telnyx-signature-ed25519": signature.replaceAll(/[A-Z]/g, "a") },
      { ...good, "telnyx-signature-ed25519": `${signature.slice(0, 85)}B==` },
      { ...good, "telnyx-signature-ed25519": "short" },
      await sign(`${body} `),
      await sign(body, now - TOLERANCE_MS - 1_000),
      await sign(body, now + TOLERANCE_MS + 1_000),
      await (await openTelnyx({ clock })).webhooks.sign(body),
    ];
    const before = asked();
    for (const [place, headers] of bad.entries()) {
      assert.equal(await post(body, { ...headers }), 400, `${place}`);
    }
    assert.equal(asked(), before);
    assert.equal(await statusOf(id), "purchasing");
    assert.equal(await post(body, good), 200);
    assert.equal(await statusOf(id), "active");
  });

  test("is looked up once, and a repeat is 200 while it is not stale", async () => {
    const body = complete("od_of_another_account");
    const headers = await sign(body, clock.now() + TOLERANCE_MS);
    const before = asked();
    const both = await Promise.all([post(body, headers), post(body, headers)]);
    assert.deepEqual([...both, await post(body, headers)], [200, 200, 200]);
    assert.equal(asked(), before);
    clock.set(clock.now() + 2 * TOLERANCE_MS);
    assert.equal(await post(body, headers), 200);
    clock.set(clock.now() + 1_000);
    assert.equal(await post(body, headers), 400);
  });
});

describe("a webhook that could not be processed", () => {
  test("is accepted once more when it is repeated", async () => {
    const body = complete("od_unknown");
    const headers = await sign(body);
    const webhook = openTelnyxWebhook({ publicKey, now: clock.now });
    const looks: string[] = [];
    const look = (orderKey: string): Promise<boolean> => {
      looks.push(orderKey);
      return looks.length === 1
        ? Promise.reject(new Error("no connection"))
        : Promise.resolve(true);
    };
    const ledger = { ...app.ledger, work: { ...app.ledger.work, look } };
    const take = () => {
      const request = new Request(`http://localhost${PATH}`, { method: "POST", headers, body });
      return takeWebhook(request, webhook, { source: sourceOf(ledger), bodyMs: 60_000 });
    };
    await assert.rejects(take(), /no connection/);
    assert.equal((await take()).ok, true);
    assert.equal((await take()).ok, true);
    assert.deepEqual(looks, ["od_unknown", "od_unknown"]);
  });
});

describe("a webhook with any other body", () => {
  test("answers 200 and makes no look-up when it is about something else", async () => {
    const before = asked();
    for (
      const body of [
        "{}",
        "[]",
        "0",
        JSON.stringify({ data: { event_type: "message.received", payload: {} } }),
        ...[undefined, null, 5, "", "\0", "x".repeat(201), "od_unknown"].map(complete),
      ]
    ) {
      assert.equal(await post(body, await sign(body)), 200, body);
    }
    assert.equal(asked(), before);
  });

  test("answers 200 or 400 whatever is signed", () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: character }), fc.json()),
        async (text) => {
          // A lone surrogate is sent as another character than it was signed as.
          const body = text.toWellFormed();
          const status = await post(body, await sign(body));
          assert.ok(status === 200 || status === 400, `${status}`);
        },
      ),
      { numRuns: runs(50) },
    ));

  test("answers 400 when it is signed and not JSON, and 415 when it is compressed", async () => {
    assert.equal(await post("no JSON", await sign("no JSON")), 400);
    const headers = { ...await sign("{}"), "content-encoding": "gzip" };
    assert.equal(await post("{}", headers), 415);
  });

  test("answers 413 when it is larger than the bound", async () => {
    const body = " ".repeat(MAX_BODY_BYTES + 1);
    assert.equal(await post(body, await sign(body)), 413);
  });
});
