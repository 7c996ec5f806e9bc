/** A token that only reads is refused by all that writes, in each dialect, and by nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { KeptAnswers } from "../../core/ports/mod.ts";
import { DIALECTS } from "../../http/dialects.ts";
import type { Route } from "../../http/dialect.ts";
import { isWriting } from "../../http/writing.ts";
import { ADMIN_TOKEN, openTestApp, type TestApp } from "../support/app.ts";
import { ACCEPTING, requestLineOf, WRITING_CALLS } from "./idempotency-calls.ts";

const KEY = { "idempotency-key": "key-1" };
const TOKENS = "/admin/organizations/acme/tokens";
const USER = { email: "bob@example.com", name: "Bob" };

/** An organization `acme`, with a token that writes and one that only reads. */
const open = async (options: Parameters<typeof openTestApp>[0] = {}) => {
  const app = openTestApp({ waitMs: 60_000, webhooks: { sender: ACCEPTING }, ...options });
  const token = await app.organization("acme");
  const { token: reader } = await app.admin("POST", TOKENS, { ...USER, scope: "read" });
  return { app, token, reader };
};

/** The routes that take a token, which these are; the parameters of their paths have some id. */
const routesWhere = (holds: (route: Route) => boolean) =>
  DIALECTS.filter(({ auth }) => auth === "token").flatMap(({ name, routes }) =>
    routes.filter(holds).map(({ method, path }) => ({
      name,
      method: method as string,
      path: path.replaceAll(/:\w+/g, "id-1"),
    }))
  );

/** What is asked of the store of answers: nothing, where the token only reads. */
const counting = (): { readonly answers: KeptAnswers; readonly asked: () => number } => {
  let asked = 0;
  const nothing = () => Promise.resolve();
  const begin = () => {
    asked += 1;
    return Promise.resolve({ state: "other" } as const);
  };
  return { answers: { begin, renew: nothing, keep: nothing, free: nothing }, asked: () => asked };
};

test("each route that writes refuses it, before its body and its key are looked at", async () => {
  const log = openMemoryLog();
  const { answers, asked } = counting();
  const { app, reader, token } = await open({ log, answers });
  const { head } = await log.load("acme", {});
  const routes = routesWhere(isWriting);
  assert.ok(routes.length >= 25);
  for (const { name, method, path } of routes) {
    for (const headers of [KEY, { "idempotency-key": " " }, {}]) {
      const { status, json } = await app.request(method, path, {
        token: reader,
        body: "{",
        headers,
      });
      assert.deepEqual([status, json.code], [403, "TOKEN_READ_ONLY"], `${method} ${path}`);
      const sentence = { ledger: json.detail, talkover: json.message }[name as string] ??
        json.error;
      assert.equal(sentence, "The token only reads; this needs one that also writes.", name);
    }
  }
  assert.equal(asked(), 0);
  assert.deepEqual((await log.load("acme", {})).head, head);
  for (const { method, path } of routes) {
    const { json } = await app.request(method, path, { token, body: {} });
    assert.notEqual(json?.code, "TOKEN_READ_ONLY", `${method} ${path}`);
  }
  await app.close();
});

test("Talkover refuses it in the caller's language", async () => {
  const { app, reader } = await open();
  const said = await Promise.all(["en", "de", "pt-BR"].map(async (language) => {
    const headers = { "accept-language": language };
    const path = "/api/v1/phone-numbers/pn_1/request-release";
    return (await app.request("POST", path, { token: reader, headers })).json.message;
  }));
  assert.deepEqual(said, [
    "The token only reads; this needs one that also writes.",
    "Das Token darf nur lesen; hierfür ist eines nötig, das auch schreiben darf.",
    "O token só permite leitura; isto requer um que também permita escrita.",
  ]);
  await app.close();
});

for (const [key, prepare] of Object.entries(WRITING_CALLS)) {
  test(`${key} is refused by a token that only reads, and done by one that writes`, async () => {
    const log = openMemoryLog();
    const { app, token, reader } = await open({ log, runsAutomations: false });
    const bought = await app.request("POST", "/v1/phone-numbers", {
      token,
      body: { e164: "+14155550101" },
    });
    const call = await prepare({ app, log, token, number: bought.json.id });
    const [method, path] = requestLineOf(key, call);
    const isOperators = path.startsWith("/admin");
    const { head } = await log.load("acme", {});
    const ask = (by: string) =>
      app.request(method, path, { token: by, body: call.body, headers: KEY });
    const refused = await ask(reader);
    // The operator's calls know no token of an organization.
    assert.equal(refused.status, isOperators ? 401 : 403);
    assert.deepEqual((await log.load("acme", {})).head, head);
    const done = await ask(isOperators ? ADMIN_TOKEN : token);
    assert.ok(done.status < 300, JSON.stringify(done.json));
    await app.close();
  });
}

test("each route that reads answers it as it answers any other token", async () => {
  const { app, token, reader } = await open();
  const routes = routesWhere((route) => !isWriting(route));
  assert.ok(routes.length >= 25);
  for (const { method, path } of routes) {
    for (const asked of method === "GET" ? ["GET", "HEAD"] : [method]) {
      const body = asked === "POST" ? {} : undefined;
      const [one, other] = await Promise.all(
        [token, reader].map((by) => app.request(asked, path, { token: by, body })),
      );
      assert.deepEqual([other?.status, other?.json], [one?.status, one?.json], `${asked} ${path}`);
      assert.notEqual(other?.status, 403, path);
    }
  }
  await app.close();
});

const buying = (app: TestApp, token: string) => ({
  search: () =>
    app.request("POST", "/ledger/searches", { token, body: { country: "US", areaCode: "415" } }),
  tried: (e164: string) =>
    app.request("POST", "/ledger/dry-run", {
      token,
      body: { command: { type: "purchase", e164 } },
    }),
});

test("searches and dry runs are reads, of what is then bought by a token that writes", async () => {
  const { app, token, reader } = await open();
  const { search, tried } = buying(app, reader);
  const searched = await search();
  assert.equal(searched.status, 200);
  const { e164 } = searched.json.offers[0];
  const would = await tried(e164);
  assert.deepEqual([would.status, would.json.refusal], [200, null]);
  assert.ok(would.json.events.length > 0);
  const list = await app.request("GET", "/ledger/numbers", { token: reader });
  assert.deepEqual(list.json.numbers, []);
  const bought = await app.request("POST", "/v1/phone-numbers", { token, body: { e164 } });
  assert.ok(bought.status < 300);
  await app.close();
});

test("the operator issues it by its scope, lists it, and is refused another word", async () => {
  const { app } = await open();
  const { tokens } = await app.admin("GET", TOKENS);
  assert.deepEqual(tokens.map(({ scope }: { scope: string }) => scope), ["write", "read"]);
  await app.admin("POST", TOKENS, { ...USER, scope: "write" });
  for (const scope of ["admin", "READ", "", null, true, ["read"]]) {
    const body = { ...USER, scope };
    const { status, json } = await app.request("POST", TOKENS, { token: ADMIN_TOKEN, body });
    assert.deepEqual([status, Object.keys(json.errors)], [400, ["scope"]], JSON.stringify(scope));
  }
  assert.equal((await app.admin("GET", TOKENS)).tokens.length, 3);
  await app.close();
});
