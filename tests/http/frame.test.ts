import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Ledger } from "../../adapters/ledger/api/mod.ts";
import { Busy } from "../../adapters/ledger/engine/errors.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { createApp } from "../../http/app.ts";
import { ADMIN_TOKEN, openTestApp, requester } from "../support/app.ts";

const app = openTestApp();
const token = await app.organization("frame");
after(() => app.close());

const PROBLEM = "application/problem+json";

/** The application over a ledger whose every call throws this error. */
const failing = (thrown: unknown) => {
  const reported: { readonly error: unknown; readonly id: string }[] = [];
  const fail = () => Promise.reject(thrown);
  const ledger = new Proxy({}, { get: () => fail }) as Ledger;
  const broken = createApp({
    ledger,
    adminToken: null,
    onError: (error, id) => reported.push({ error, id }),
  });
  return { request: requester((asked) => broken.fetch(asked)), reported };
};

test("healthz and readyz answer 200 without a token", async () => {
  for (const path of ["/healthz", "/readyz"]) {
    const { status, json } = await app.request("GET", path);
    assert.deepEqual([status, json], [200, { status: "ok" }]);
  }
  const { status, headers } = await app.request("POST", "/healthz");
  assert.deepEqual([status, headers.get("allow")], [405, "GET, HEAD"]);
});

test("readyz answers 503 when the log cannot be read, and gives the reason only to the log", async () => {
  const { request, reported } = failing(new Error("the disk was removed"));
  const { status, json } = await request("GET", "/readyz");
  assert.deepEqual([status, json], [503, { status: "unavailable" }]);
  assert.match(String(reported[0]?.error), /disk/);
  assert.equal((await request("GET", "/healthz")).status, 200);
});

test("readyz answers 503 when the log does not answer", { timeout: 600_000 }, async () => {
  const log = { ...openMemoryLog(), heads: () => new Promise<never>(() => {}) };
  const silent = openTestApp({ log });
  const { status, headers } = await silent.request("GET", "/readyz");
  assert.deepEqual([status, headers.get("retry-after")], [503, "1"]);
  await silent.close();
});

test("the carrier's webhook answers 503 while no key is known to verify it with", async () => {
  const { status, json } = await app.request("POST", "/webhooks/telnyx", { body: {} });
  assert.deepEqual([status, json.code], [503, "WEBHOOK_UNAVAILABLE"]);
  assert.equal((await app.request("GET", "/webhooks/telnyx")).status, 405);
});

test("an unknown route answers 404 in its dialect's shape", async () => {
  const shapes: readonly [string, readonly string[]][] = [
    ["/api/phone-numbers/x/y/z", ["code", "error", "success"]],
    ["/api/assistants/a", ["code", "error", "success"]],
    ["/api/v1/phone-numbers/x/y/z", ["code", "message", "success"]],
    ["/v1/phone-numbers/x/y", ["code", "error"]],
    ["/ledger/nothing", ["code", "detail", "status", "title", "type"]],
    ["/admin/nothing", ["code", "detail", "status", "title", "type"]],
    ["/api/v1/voice-templates", ["code", "message", "success"]],
    ["/api/v2", ["code", "error", "success"]],
    ["/", ["code", "detail", "status", "title", "type"]],
  ];
  for (const [path, keys] of shapes) {
    const { status, json } = await app.request("GET", path);
    assert.equal(status, 404, path);
    assert.deepEqual(Object.keys(json).sort(), keys, path);
  }
  assert.equal((await app.request("GET", "/nowhere")).headers.get("content-type"), PROBLEM);
});

test("a path with a slash at its end is another one, and unknown", async () => {
  for (const path of ["/healthz/", "/v1/phone-numbers/", "/admin/organizations/"]) {
    const { status, json } = await app.request("GET", path, { token: ADMIN_TOKEN });
    assert.deepEqual([status, json.code ?? "NOT_FOUND"], [404, "NOT_FOUND"], path);
  }
});

test("a wrong method answers 405 with Allow, before authentication", async () => {
  const cases: readonly [string, string, string][] = [
    ["PUT", "/api/phone-numbers/purchase", "POST, GET, HEAD"],
    ["POST", "/api/v1/phone-numbers", "GET, HEAD"],
    ["DELETE", "/v1/phone-numbers/available", "GET, HEAD"],
    ["OPTIONS", "/v1/phone-numbers/x", "GET, HEAD, PATCH, DELETE"],
    ["GET", "/admin/clock/advance", "POST"],
    ["PROPFIND", "/ledger/numbers", "GET, HEAD, POST"],
  ];
  for (const [method, path, allow] of cases) {
    const { status, json, headers } = await app.request(method, path);
    assert.deepEqual([status, headers.get("allow")], [405, allow], path);
    assert.notEqual(json, null);
  }
});

test("a caller without a known token gets 401 in the dialect's shape, before the body is read", async () => {
  const speko = await app.request("POST", "/v1/phone-numbers", { body: "{no json" });
  assert.equal(speko.status, 401);
  assert.deepEqual(speko.json, { error: "Unauthorized", code: "UNAUTHORIZED" });
  assert.equal(speko.headers.get("www-authenticate"), 'Bearer realm="ledgerline"');
  const talkturo = await app.request("GET", "/api/phone-numbers/pn_1", { token: "wrong" });
  assert.deepEqual([talkturo.status, talkturo.json.error], [401, "Unauthorized"]);
  const talkover = await app.request("GET", "/api/v1/phone-numbers");
  assert.deepEqual(talkover.json, { success: false, message: "Unauthorized" });
  for (const authorization of ["", "Bearer", "Bearer  ", `Basic ${token}`, `Bearer ${token} x`]) {
    const { status } = await app.request("GET", "/v1/phone-numbers", {
      headers: { authorization },
    });
    assert.equal(status, 401, authorization);
  }
});

test("an authenticated answer may not be cached, and HEAD is GET without a body", async () => {
  const { status, json, headers } = await app.request("HEAD", "/v1/phone-numbers", { token });
  assert.deepEqual([status, json], [200, null]);
  assert.equal(headers.get("cache-control"), "no-store");
});

test("a path that cannot name a record answers 404 when it is malformed, NUL or too long", async () => {
  for (const id of ["%", "%zz", "%E0%A4", "a%00b", "%1f", "x".repeat(201), "%ED%A0%80"]) {
    const { status, json } = await app.request("GET", `/v1/phone-numbers/${id}`, { token });
    assert.deepEqual([status, json.code], [404, "NOT_FOUND"], id);
    const opened = await app.request("PUT", `/admin/organizations/${id}`, {
      token: ADMIN_TOKEN,
      body: { name: "Odd", plan: "Free" },
    });
    assert.equal(opened.status, 404, id);
  }
});

test("an Idempotency-Key answers 400 when it is empty, too long or not printable", async () => {
  for (const key of ["", "x".repeat(201), "caf\u00e9"]) {
    const { status } = await app.request("POST", "/v1/phone-numbers", {
      token,
      body: { e164: "+14155550101" },
      headers: { "idempotency-key": key },
    });
    assert.equal(status, 400, key);
  }
});

test("an Idempotency-Key gives the first answer when the same request comes again", async () => {
  const credit = (amount: string) =>
    app.request("POST", "/admin/organizations/frame/credits", {
      token: ADMIN_TOKEN,
      body: { amount },
      headers: { "idempotency-key": "credit-1" },
    });
  assert.deepEqual((await credit("5.00")).json, { credits: "5.00" });
  assert.deepEqual((await credit("5.00")).json, { credits: "5.00" });
  const other = await credit("6.00");
  assert.deepEqual([other.status, other.json.code], [422, "COMMAND_ID_REUSED"]);
});

test("all of /admin answers 404 when no admin token is set", async () => {
  const { request } = failing(new Error("never asked"));
  for (const path of ["/admin", "/admin/organizations/acme", "/admin/clock/advance"]) {
    for (const method of ["GET", "POST", "PUT"]) {
      const { status, headers } = await request(method, path, { token: "null" });
      assert.deepEqual([status, headers.get("content-type")], [404, PROBLEM]);
    }
  }
});

test("an unexpected error answers 500 without details, and its id leads to the log", async () => {
  for (const error of [new Error("SELECT secret FROM tokens"), "a thrown text"]) {
    const { request, reported } = failing(error);
    const { status, json, headers } = await request("GET", "/v1/phone-numbers", { token: "t" });
    assert.equal(status, 500);
    assert.deepEqual(json, { error: "Internal server error.", code: "INTERNAL_ERROR" });
    assert.deepEqual(reported, [{ error, id: headers.get("x-request-id") }]);
  }
  const { request } = failing(new Error("x"));
  const talkover = await request("GET", "/api/v1/phone-numbers", { token: "t" });
  assert.deepEqual(talkover.json, { success: false, message: "Internal server error." });
});

test("a busy ledger answers 503 with Retry-After and is not reported as an error", async () => {
  const { request, reported } = failing(new Busy("acme"));
  const { status, json, headers } = await request("GET", "/v1/phone-numbers", { token: "t" });
  assert.deepEqual([status, headers.get("retry-after")], [503, "1"]);
  assert.equal(JSON.stringify(json).includes("acme"), false);
  assert.deepEqual(reported, []);
});

test("a failure is in the requested language when its dialect has it", async () => {
  const { json } = await app.request("GET", "/api/v1/phone-numbers/a/b/c", {
    headers: { "accept-language": "fr, de-AT;q=0.7, en;q=0.3" },
  });
  assert.match(json.message, /^Nicht gefunden/);
});
