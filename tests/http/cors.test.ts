/** Pages of the origins that the operator lists call the APIs with a token, and no others do. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createApp } from "../../adapters/runtimes/library/http.ts";
import { DIALECTS } from "../../http/dialects.ts";
import { ADMIN_TOKEN, openTestApp, requester, SIP, type TestRequest } from "../support/app.ts";
import { openWithNumbers } from "../support/many-numbers.ts";

const ORIGIN = "https://app.example";
const app = openTestApp();
after(() => app.close());
const token = await app.organization("acme");
const { ledger } = app;

const over = (corsOrigins?: readonly string[]) => {
  const made = createApp({ ledger, adminToken: ADMIN_TOKEN, corsOrigins });
  return requester((asked) => made.fetch(asked));
};
const request = over([ORIGIN, "http://localhost:3000"]);

const preflight = (path: string, origin: string, method = "POST") =>
  request("OPTIONS", path, {
    headers: { origin, "access-control-request-method": method },
  });

const PATHS = ["/v1/phone-numbers", "/api/phone-numbers/purchase", "/ledger/numbers"];

test("a listed origin is allowed, by its name and without cookies, before a token is sent", async () => {
  for (const path of PATHS) {
    for (const origin of [ORIGIN, "http://localhost:3000"]) {
      const { status, headers } = await preflight(path, origin);
      assert.equal(status, 204, path);
      assert.equal(headers.get("access-control-allow-origin"), origin);
      assert.equal(headers.get("access-control-allow-credentials"), null);
      assert.equal(headers.get("vary"), "Origin");
      assert.match(headers.get("access-control-allow-headers") ?? "", /authorization/);
      assert.match(headers.get("access-control-allow-headers") ?? "", /idempotency-key/);
      assert.ok(headers.get("x-request-id"));
    }
  }
});

test("an answer says which origin may read it, also one that refuses", async () => {
  for (const sent of [{ token }, {}]) {
    const { status, headers } = await request("GET", "/v1/phone-numbers", {
      ...sent,
      headers: { origin: ORIGIN },
    });
    assert.equal(status, "token" in sent ? 200 : 401);
    assert.equal(headers.get("access-control-allow-origin"), ORIGIN);
    assert.match(headers.get("access-control-expose-headers") ?? "", /x-request-id/);
    assert.equal(headers.get("vary"), "Origin");
  }
});

/** The names that a header lists. */
const namesIn = (headers: Headers, name: string): readonly string[] =>
  (headers.get(name) ?? "").split(", ");

test("a page may read each header that an answer of ours says something by", async () => {
  const post = (key: string) =>
    request("POST", "/ledger/imports", {
      token,
      body: { e164: "+493090182001", sipConnection: SIP.id },
      headers: { origin: ORIGIN, "idempotency-key": key },
    });
  const first = await post("page-1");
  assert.equal(first.status, 201);
  assert.ok(first.headers.get("location"));
  const again = await post("page-1");
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  const said = ["location", "x-request-id", "idempotency-replayed"];
  for (const { headers } of [first, again]) {
    for (const name of [...said, "retry-after", "ratelimit", "ratelimit-policy"]) {
      assert.ok(namesIn(headers, "access-control-expose-headers").includes(name), name);
    }
    assert.equal(headers.get("access-control-allow-origin"), ORIGIN);
  }
});

test("a page may send each header that a call reads, and use each of its methods", async () => {
  const { headers } = await preflight("/ledger/numbers", ORIGIN);
  const read = ["authorization", "content-type", "accept-language", "idempotency-key"];
  const agents = ["mcp-protocol-version", "mcp-session-id", "mcp-method", "mcp-name"];
  for (const name of [...read, "x-request-id", "traceparent", "tracestate", ...agents]) {
    assert.ok(namesIn(headers, "access-control-allow-headers").includes(name), name);
  }
  const methods = new Set(DIALECTS.flatMap(({ routes }) => routes.map(({ method }) => method)));
  for (const method of [...methods, "HEAD"]) {
    assert.ok(namesIn(headers, "access-control-allow-methods").includes(method), method);
  }
});

test("a page may read why a request did not reach a call, in the dialect's own shape", async () => {
  const asked: readonly (readonly [number, string, string, TestRequest?])[] = [
    [404, "GET", "/v1/nothing"],
    [404, "GET", "/ledger/numbers/"],
    [405, "DELETE", "/api/phone-numbers/search"],
    [414, "GET", `/ledger/numbers?search=${"x".repeat(9_000)}`],
    [400, "POST", "/v1/phone-numbers", { token, body: "{" }],
    [413, "POST", "/v1/phone-numbers", { token, body: JSON.stringify("x".repeat(70_000)) }],
    [415, "POST", "/ledger/numbers", { token, headers: { "content-type": "text/plain" } }],
  ];
  for (const [expected, method, path, sent = {}] of asked) {
    const { status, headers } = await request(method, path, {
      ...sent,
      ...(expected === 415 && { body: {} }),
      headers: { ...sent.headers, origin: ORIGIN },
    });
    assert.deepEqual(
      [status, headers.get("access-control-allow-origin"), headers.get("vary")],
      [expected, ORIGIN, "Origin"],
      `${method} ${path.slice(0, 40)}`,
    );
  }
});

test("a page may read a list that is sent as it is read, and an error that nobody foresaw", async () => {
  const many = await openWithNumbers(450);
  const { ledger: own } = many;
  const made = createApp({ ledger: own, adminToken: null, corsOrigins: [ORIGIN] });
  const ask = () =>
    made.fetch(
      new Request("http://localhost/ledger/numbers", {
        headers: { authorization: `Bearer ${many.token}`, origin: ORIGIN },
      }),
    );
  const streamed = await ask();
  assert.equal(streamed.headers.get("access-control-allow-origin"), ORIGIN);
  assert.equal((await streamed.json()).numbers.length, 450);
  await many.close();
  const closed = await ask();
  assert.deepEqual([closed.status, closed.headers.get("access-control-allow-origin")], [
    503,
    ORIGIN,
  ]);
  const broken = createApp({
    ledger: { ...ledger, authenticate: () => Promise.reject(new Error("planted")) },
    adminToken: null,
    corsOrigins: [ORIGIN],
  });
  const failed = await broken.fetch(
    new Request("http://localhost/v1/phone-numbers", {
      headers: { authorization: `Bearer ${token}`, origin: ORIGIN },
    }),
  );
  assert.deepEqual([failed.status, failed.headers.get("access-control-allow-origin")], [
    500,
    ORIGIN,
  ]);
});

test("no other origin is allowed, and nothing is kept for it that was another's", async () => {
  const others = ["https://app.example.evil", "https://APP.example", "http://app.example", "null"];
  for (const origin of [...others, "*", `${ORIGIN},http://localhost:3000`]) {
    const asked = await preflight("/v1/phone-numbers", origin);
    assert.deepEqual(
      [asked.status, asked.headers.get("access-control-allow-origin"), asked.headers.get("vary")],
      [405, null, "Origin"],
      origin,
    );
    const { status, headers } = await request("GET", "/v1/phone-numbers", {
      token,
      headers: { origin },
    });
    assert.deepEqual([status, headers.get("access-control-allow-origin")], [200, null], origin);
    assert.equal(headers.get("vary"), "Origin");
  }
});

test("the operator's calls are for no page of another origin", async () => {
  for (const path of ["/admin/organizations", "/ledger/holders/+14155550101", "/healthz"]) {
    const asked = await preflight(path, ORIGIN, "GET");
    assert.deepEqual([asked.status, asked.headers.get("access-control-allow-origin")], [405, null]);
    const { headers } = await request("GET", path, {
      token: ADMIN_TOKEN,
      headers: { origin: ORIGIN },
    });
    assert.equal(headers.get("access-control-allow-origin"), null, path);
  }
});

test("without a list no page is allowed, and anything but an origin is refused", async () => {
  const { headers } = await over()("GET", "/v1/phone-numbers", {
    token,
    headers: { origin: ORIGIN },
  });
  assert.deepEqual([headers.get("access-control-allow-origin"), headers.get("vary")], [null, null]);
  for (
    const origin of ["*", "app.example", `${ORIGIN}/`, `${ORIGIN}/x`, "null", "ftp://a.example"]
  ) {
    assert.throws(() => over([origin]), { name: "InvalidArgument" }, origin);
  }
});
