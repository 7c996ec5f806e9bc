/** Public reports about requests that are sent again under one key, or on one line of HTTP/1.0. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { startListening } from "../../adapters/runtimes/node/listen.ts";
import { failed } from "../../core/values/result.ts";
import { ADMIN_TOKEN, openTestApp, SIP } from "../support/app.ts";

const E164 = "+14155550101";

const BUY = {
  Talkturo: {
    path: "/api/phone-numbers/purchase",
    body: (phoneNumber: string) => ({ phoneNumber, teamId: "acme" }),
    away: 503,
  },
  Speko: { path: "/v1/phone-numbers", body: (e164: string) => ({ e164 }), away: 502 },
} as const;

// https://github.com/woocommerce/woocommerce-square/issues/106 and
// https://github.com/useautumn/autumn/issues/1851
for (const [dialect, { path, body, away: status }] of Object.entries(BUY)) {
  test(`${dialect}'s purchase succeeds under its key once the carrier is back`, async () => {
    const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
    const orders = openMemoryOrderBook();
    const sandbox = openSandboxCarrier({ orders, clock });
    let isAway = true;
    const away = () => Promise.resolve(failed({ kind: "unreachable", message: "away" } as const));
    const app = openTestApp({
      waitMs: 60_000,
      clock,
      setClock: clock.set,
      carrier: {
        ...sandbox,
        quote: (...asked) => isAway ? away() : sandbox.quote(...asked),
        order: (request) => isAway ? away() : sandbox.order(request),
      },
    });
    const token = await app.organization("acme");
    const buy = () =>
      app.request("POST", path, {
        token,
        headers: { "idempotency-key": "order-1" },
        body: body(E164),
      });
    const refused = await buy();
    assert.equal(refused.status, status);
    assert.match(refused.headers.get("retry-after") ?? "", /^\d+$/);
    assert.equal((await buy()).status, status);
    isAway = false;
    assert.equal((await buy()).status, 200);
    assert.equal((await buy()).status, 200);
    const { json } = await app.request("GET", "/ledger/numbers", { token });
    const bought = json.numbers.filter((each: Record<string, string>) =>
      each["status"] === "active"
    );
    assert.equal(bought.length, 1);
    await app.close();
  });
}

type Repeated = {
  readonly path: (id: string) => string;
  readonly body: unknown;
  readonly other: unknown;
  readonly token?: string;
};

/** Every call that takes a key, with a body and another one. */
const REPEATED: Readonly<Record<string, Repeated>> = {
  "Talkturo's purchase": {
    path: () => BUY.Talkturo.path,
    body: BUY.Talkturo.body(E164),
    other: BUY.Talkturo.body("+14155550102"),
  },
  "Speko's purchase": {
    path: () => BUY.Speko.path,
    body: BUY.Speko.body(E164),
    other: BUY.Speko.body("+14155550102"),
  },
  "Speko's import": {
    path: () => `${BUY.Speko.path}/import`,
    body: { e164: E164, sipConnectionInstallationId: SIP.id },
    other: { e164: "+14155550102", sipConnectionInstallationId: SIP.id },
  },
  "Talkover's release request": {
    path: (id) => `/api/v1/phone-numbers/${id}/request-release`,
    body: { reason: "No longer needed." },
    other: { reason: "No longer needed here." },
  },
  "the operator's credits": {
    path: () => "/admin/organizations/acme/credits",
    body: { amount: "1.00" },
    other: { amount: "2.00" },
    token: ADMIN_TOKEN,
  },
};

// https://github.com/jcagarcia/grape-idempotency/issues/13 and
// https://github.com/novuhq/novu/issues/4531
for (const [what, { path, body, other, token: given }] of Object.entries(REPEATED)) {
  test(`${what} is 422 under a key of another body, and marked when it is a replay`, async () => {
    const app = openTestApp({ waitMs: 60_000 });
    const token = await app.organization("acme");
    const bought = await app.request("POST", BUY.Speko.path, {
      token,
      body: { e164: "+14155550199" },
    });
    const ask = (sent: unknown, key = "key-1") =>
      app.request("POST", path(bought.json.id), {
        token: given ?? token,
        headers: { "idempotency-key": key },
        body: sent,
      });
    const replayed = ({ headers }: { readonly headers: Headers }) =>
      headers.get("idempotency-replayed");
    const first = await ask(body);
    assert.ok(first.status < 300, JSON.stringify(first.json));
    assert.equal(replayed(first), null);
    const again = await ask(body);
    assert.deepEqual([again.status, replayed(again)], [first.status, "true"]);
    assert.deepEqual(again.json, first.json);
    const changed = await ask(other);
    assert.deepEqual([changed.status, replayed(changed)], [422, null]);
    assert.match(changed.json.code, /REUSED/);
    const sentence: string = changed.json.error ?? changed.json.message ?? changed.json.detail;
    assert.match(sentence, /idempotency.key was used before, for another request/i);
    await app.close();
  });
}

// https://github.com/http-party/node-http-proxy/issues/1050
test("GET /healthz by HTTP/1.0 without Host is 200", async () => {
  const app = openTestApp();
  const at = { port: 0, host: "127.0.0.1", maxConnections: 10 };
  const server = await startListening(app.fetch, at);
  const socket = connect(server.port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (part: string) => answer += part);
  socket.write("GET /healthz HTTP/1.0\r\n\r\n");
  await once(socket, "close");
  assert.match(answer, /^HTTP\/1\.[01] 200 /);
  await server.end(0);
  await app.close();
});
