/** Endpoints for webhooks over HTTP, and what reaches them. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import type { WebhookMessage } from "../../core/ports/mod.ts";
import { ok } from "../../core/values/result.ts";
import { ADMIN_TOKEN, openTestApp, type TestApp } from "../support/app.ts";
import { eventually, until } from "../support/eventually.ts";
import { assertProblem, assertRefusedByField, bought, expected } from "./ledger-support.ts";
import { type Talk, userOf } from "./talk-support.ts";

const PATH = "/ledger/webhooks";
const URL_1 = "https://one.example/hook";

let app: TestApp;
let call: Talk;
const messages: WebhookMessage[] = [];
let status = 200;

before(async () => {
  const send = (message: WebhookMessage) => {
    messages.push(message);
    return Promise.resolve(ok({ status, retryAfterMs: null, answer: "so it is", ms: 3 }));
  };
  app = openTestApp({ webhooks: { sender: { send } } });
  call = userOf(app, await app.organization("acme"));
});
after(() => app.close());

const sentTo = (id: string) => messages.filter(({ endpoint }) => endpoint === id);
const eventsTo = (id: string) => sentTo(id).map(({ body }) => JSON.parse(body));
const added = async (input: object = {}) =>
  expected(await call("POST", PATH, { body: { url: URL_1, ...input } }), 201);

describe("an endpoint", { timeout: 300_000 }, () => {
  test("is sent what happens from now on, signed with the secret that it was shown", async () => {
    const { id, secret, status: state, ...webhook } = await added({ types: ["number.purchased"] });
    assert.deepEqual([state, webhook.url, webhook.types], ["enabled", URL_1, ["number.purchased"]]);
    const { id: number } = await bought(call, "+14155550101");
    await until(() => sentTo(id).length > 0);
    const [message] = sentTo(id);
    assert.ok(message !== undefined);
    assert.equal(message.url, URL_1);
    const event = new Webhook(secret).verify(message.body, { ...message.headers });
    assert.equal(Reflect.get(Object(event), "type"), "number.purchased");
    const { events } = expected(await call("GET", "/ledger/events?types=number.purchased"), 200);
    assert.deepEqual(event, events[0]);
    assert.equal(events[0].data.number, number);
    assert.equal(message.headers["webhook-id"], events[0].id);
    assert.equal(sentTo(id).length, 1);
  });

  test("is shown in lists without its secret, and changed, disabled and removed", async () => {
    const { id, secret, publicKey: _key, ...webhook } = await added({ description: "first" });
    assert.match(secret, /^whsec_/);
    assert.deepEqual(expected(await call("GET", `${PATH}/${id}`), 200), { id, ...webhook });
    const { webhooks } = expected(await call("GET", PATH), 200);
    assert.equal(JSON.stringify(webhooks).includes("whsec_"), false);
    const body = { types: ["number.released"], description: "second", status: "disabled" };
    const changed = expected(await call("PATCH", `${PATH}/${id}`, { body }), 200);
    assert.deepEqual([changed.description, changed.status, changed.disabledWhy], [
      "second",
      "disabled",
      "byOwner",
    ]);
    const enabled = await call("PATCH", `${PATH}/${id}`, { body: { status: "enabled" } });
    assert.equal(expected(enabled, 200).disabledWhy, null);
    expected(await call("DELETE", `${PATH}/${id}`), 204);
    assertProblem(await call("GET", `${PATH}/${id}`), 404, "WEBHOOK_UNKNOWN");
    assertProblem(await call("DELETE", `${PATH}/${id}`), 404, "WEBHOOK_UNKNOWN");
  });

  test("is signed for by both secrets while one replaces the other", async () => {
    const { id, secret } = await added();
    const rotated = expected(await call("POST", `${PATH}/${id}/rotate`), 200);
    assert.notEqual(rotated.secret, secret);
    expected(await call("POST", `${PATH}/${id}/test`), 200);
    const [message] = sentTo(id).filter(({ body }) => body.includes("webhook.test"));
    assert.ok(message !== undefined);
    for (const one of [secret, rotated.secret]) {
      new Webhook(one).verify(message.body, { ...message.headers });
    }
    const body = { overlapSeconds: 0 };
    const last = expected(await call("POST", `${PATH}/${id}/rotate`, { body }), 200);
    expected(await call("POST", `${PATH}/${id}/test`), 200);
    const [, only] = sentTo(id).filter(({ body }) => body.includes("webhook.test"));
    assert.ok(only !== undefined);
    new Webhook(last.secret).verify(only.body, { ...only.headers });
    assert.throws(() => new Webhook(rotated.secret).verify(only.body, { ...only.headers }));
    await call("DELETE", `${PATH}/${id}`);
  });

  test("under a key is one, and its secret is shown once", async () => {
    const headers = { "idempotency-key": "hook-1" };
    const body = { url: URL_1 };
    const first = expected(await call("POST", PATH, { body, headers }), 201);
    const again = expected(await call("POST", PATH, { body, headers }), 201);
    assert.deepEqual(again, { ...first, secret: null });
    expected(await call("DELETE", `${PATH}/${first.id}`), 204);
  });
});

describe("what an endpoint is sent", { timeout: 300_000 }, () => {
  test("begins where it asks, and is sent again when it asks", async () => {
    const { events } = expected(await call("GET", "/ledger/events"), 200);
    const { id } = await added({ after: events[1].cursor });
    const ids = events.map((event: { readonly id: string }) => event.id);
    const got = () => eventsTo(id).map((event) => event.id);
    // And what has happened since, such as that it was added.
    await until(() => ids.slice(2).every((one: string) => got().includes(one)));
    assert.equal(got().some((one) => ids.indexOf(one) >= 0 && ids.indexOf(one) < 2), false);
    const before = got().length;
    const replayed = await call("POST", `${PATH}/${id}/replay`, { body: { after: "0" } });
    expected(replayed, 202);
    await until(() => got().length >= before + ids.length);
    assert.ok(got().slice(before).includes(ids[0]));
    await call("DELETE", `${PATH}/${id}`);
  });

  test("is listed with each attempt, and redelivered by it", async () => {
    status = 500;
    const { id } = await added({ types: ["credits.added"] });
    await app.admin("POST", "/admin/organizations/acme/credits", { amount: "25.00" });
    const list = async (query = "") =>
      expected(await call("GET", `${PATH}/${id}/deliveries${query}`), 200).deliveries;
    const [failed] = await eventually(() => list(), (found) => found.length > 0);
    assert.deepEqual(
      [failed.status, failed.failure, failed.attempt, failed.answer],
      [500, "STATUS", 1, "so it is"],
    );
    status = 200;
    expected(await call("POST", `${PATH}/${id}/deliveries/${failed.id}/redeliver`), 202);
    const taken = await eventually(() => list("?outcome=delivered"), (got) => got.length > 0);
    assert.equal(taken[0].event, failed.event);
    const unknown = await call("POST", `${PATH}/${id}/deliveries/ev_0.x.1/redeliver`);
    assertProblem(unknown, 404, "DELIVERY_UNKNOWN");
    const since = { failedSince: "2026-01-01T00:00:00Z" };
    expected(await call("POST", `${PATH}/${id}/replay`, { body: since }), 202);
    await call("DELETE", `${PATH}/${id}`);
  });

  test("is retried as time goes by, and the endpoint disabled where it says so", async () => {
    status = 503;
    const { id } = await added({ types: ["credits.added"] });
    await app.admin("POST", "/admin/organizations/acme/credits", { amount: "25.00" });
    await until(() => sentTo(id).length === 1);
    await app.advance(6);
    assert.equal(sentTo(id).length, 2);
    status = 410;
    await app.advance(3_600);
    const { status: state, disabledWhy } = expected(await call("GET", `${PATH}/${id}`), 200);
    assert.deepEqual([state, disabledWhy], ["disabled", "gone"]);
    const { events } = expected(await call("GET", "/ledger/events?types=webhook.disabled"), 200);
    assert.deepEqual(events.at(-1).data, { webhook: id, why: "gone" });
    status = 200;
    await call("DELETE", `${PATH}/${id}`);
  });

  test("is of all organizations where it is the operator's", async () => {
    const operator: Talk = (method, path, options) =>
      app.request(method, path, { ...options, token: ADMIN_TOKEN });
    const { id } = expected(await operator("POST", PATH, { body: { url: URL_1 } }), 201);
    await app.organization("umbrella");
    await until(() => eventsTo(id).some(({ organization }) => organization === "umbrella"));
    assertProblem(await call("GET", `${PATH}/${id}`), 404, "WEBHOOK_UNKNOWN");
    expected(await operator("DELETE", `${PATH}/${id}`), 204);
  });
});

test("what does not fit is refused by its field, and another's endpoint is unknown", async () => {
  await assertRefusedByField(call, "POST", PATH, [
    [{}, "url"],
    [{ url: 1 }, "url"],
    [{ url: "http://one.example/hook" }, "url"],
    [{ url: "https://user:pass@one.example/" }, "url"],
    [{ url: URL_1, types: ["number.bought"] }, "types.0"],
    [{ url: URL_1, after: "x" }, "after"],
    [{ url: URL_1, secret: "mine" }, "secret"],
  ]);
  const { id } = await added();
  await assertRefusedByField(call, "POST", `${PATH}/${id}/rotate`, [
    [{ overlapSeconds: -1 }, "overlapSeconds"],
  ]);
  const other = { body: { url: URL_1, after: `1-${"0".repeat(64)}` } };
  assertProblem(await call("POST", PATH, other), 409, "FEED_FORKED");
  const theirs = userOf(app, await app.organization("initech"));
  for (const [method, path] of [["GET", ""], ["DELETE", ""], ["POST", "/test"]] as const) {
    assertProblem(await theirs(method, `${PATH}/${id}${path}`), 404, "WEBHOOK_UNKNOWN");
  }
});
