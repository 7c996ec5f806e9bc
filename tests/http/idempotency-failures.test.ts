/** Keys whose first request fails, is under way, stops half-way, or cannot be kept. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openMemoryAnswers } from "../../adapters/answers/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { createApp } from "../../adapters/runtimes/library/http.ts";
import { Unavailable } from "../../core/log/unavailable.ts";
import type { Carrier, KeptAnswers } from "../../core/ports/mod.ts";
import { SECOND_MS } from "../../core/values/calendar.ts";
import {
  ADMIN_TOKEN,
  openTestApp,
  requester,
  SHORT_WAIT_MS,
  type TestResponse,
} from "../support/app.ts";
import { gate } from "../support/gate.ts";

const E164 = "+14155550101";
const OTHER = "+14155550102";
const SPEKO = "/v1/phone-numbers";
const TOKENS = "/admin/organizations/acme/tokens";
const KEY = { "idempotency-key": "key-1" };

const isReplayed = ({ headers }: TestResponse): boolean =>
  headers.get("idempotency-replayed") === "true";

const open = async (options: Parameters<typeof openTestApp>[0] = {}) => {
  const app = openTestApp({ waitMs: 60_000, ...options });
  const token = await app.organization("acme", "Growth");
  const buy = (e164: string = E164) =>
    app.request("POST", SPEKO, { token, body: { e164 }, headers: KEY });
  const numbers = async (): Promise<number> =>
    (await app.request("GET", SPEKO, { token })).json.length;
  return { app, token, buy, numbers };
};

/** Answers in memory, which fail where they are told to. */
const openFailing = () => {
  const fails: Partial<Record<keyof KeptAnswers, unknown>> = {};
  let now = 0;
  const kept = openMemoryAnswers({ now: () => now });
  const failing = <Call extends keyof KeptAnswers>(name: Call): KeptAnswers[Call] =>
    ((...asked: Parameters<KeptAnswers[Call]>) =>
      name in fails
        ? Promise.reject(fails[name])
        : (kept[name] as (...all: unknown[]) => unknown)(...asked)) as KeptAnswers[Call];
  const answers: KeptAnswers = {
    begin: failing("begin"),
    renew: failing("renew"),
    keep: failing("keep"),
    free: failing("free"),
  };
  return { answers, fails, advance: (ms: number) => void (now += ms) };
};

test("a request that is refused frees its key, also for another request", async () => {
  const { app, buy, token, numbers } = await open();
  assert.equal((await buy("no number")).status, 400);
  const body = { name: "Front desk" };
  const bad = await app.request("PATCH", `${SPEKO}/pn_none`, { token, body, headers: KEY });
  assert.equal(bad.status, 404);
  const bought = await buy();
  assert.deepEqual([bought.status, isReplayed(bought)], [200, false]);
  assert.equal(await numbers(), 1);
  await app.close();
});

test("a request whose body cannot be read is refused so, and takes no key", async () => {
  const { answers, fails } = openFailing();
  fails.begin = new Error("the store must not be asked");
  const { app, token } = await open({ answers });
  const send = (body: string, headers: Readonly<Record<string, string>> = {}) =>
    app.request("POST", SPEKO, { token, body, headers: { ...KEY, ...headers } });
  assert.equal((await send("x".repeat(70_000))).status, 413);
  assert.equal((await send("{}", { "content-encoding": "gzip" })).status, 415);
  delete fails.begin;
  assert.equal((await send("{")).status, 400);
  assert.equal((await send("{}", { "content-type": "text/plain" })).status, 415);
  await app.close();
});

test("the same JSON in another layout and order is the same request", async () => {
  const { app, token } = await open();
  const send = (body: string, path = SPEKO) =>
    app.request("POST", path, { token, body, headers: KEY });
  const first = await send(
    `{"e164":"${E164}","label":"A","dispatchMetadataTemplate":{"a":1,"b":2}}`,
  );
  assert.equal(first.status, 200, JSON.stringify(first.json));
  const again = await send(
    `\n{ "dispatchMetadataTemplate" : {"b":2, "a":1.0}, "label":"\\u0041", "e164":"${E164}" }`,
  );
  assert.deepEqual([again.status, isReplayed(again), again.json], [200, true, first.json]);
  for (
    const [body, path] of [
      [`{"e164":"${E164}","label":"A","dispatchMetadataTemplate":{"a":2,"b":1}}`, SPEKO],
      [`{"e164":"${E164}","label":"A","dispatchMetadataTemplate":{"a":1,"b":2}}`, `${SPEKO}?x=1`],
      [`{"e164":"${E164}","label":"A"}`, SPEKO],
      ["not JSON", SPEKO],
      ["", SPEKO],
      [`{"e164":"${E164}"}`, `${SPEKO}/import`],
    ] as const
  ) assert.equal((await send(body, path)).status, 422, `${path} ${body}`);
  const id: string = first.json.id;
  for (const method of ["PATCH", "DELETE"]) {
    const { status } = await app.request(method, `${SPEKO}/${id}`, { token, headers: KEY });
    assert.equal(status, 422, method);
  }
  await app.close();
});

describe("while the first request is under way", () => {
  const held = async (count: number) => {
    const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
    const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
    const [asked, may] = [gate(), gate()];
    const carrier: Carrier = {
      ...sandbox,
      order: async (request) => {
        asked.open();
        await may.opened;
        return await sandbox.order(request);
      },
    };
    const shared = { carrier, clock, log: openMemoryLog(), answers: openMemoryAnswers() };
    const { app, token, buy, numbers } = await open(shared);
    const others = Array.from({ length: count }, () => openTestApp(shared));
    return { app, others, token, buy, numbers, asked, may };
  };

  test("a repeat is 409 at every server, and answered as the first once that is done", async () => {
    const { app, others, token, buy, numbers, asked, may } = await held(2);
    const first = buy();
    await asked.opened;
    for (const { request } of [app, ...others]) {
      const ask = (e164: string) => request("POST", SPEKO, { token, body: { e164 }, headers: KEY });
      const again = await ask(E164);
      assert.deepEqual([again.status, again.json.code], [409, "IDEMPOTENCY_KEY_IN_USE"]);
      assert.equal((await ask(OTHER)).status, 422);
    }
    may.open();
    const bought = await first;
    assert.equal(bought.status, 200);
    for (const { request } of [app, ...others]) {
      const again = await request("POST", SPEKO, { token, body: { e164: E164 }, headers: KEY });
      assert.deepEqual([again.status, again.json], [200, bought.json]);
    }
    assert.equal(await numbers(), 1);
    for (const each of [app, ...others]) await each.close();
  });
});

test("a purchase that is not confirmed yet is answered with what has come of it", async () => {
  const { app, token } = await open({ waitMs: SHORT_WAIT_MS });
  const body = { phoneNumber: "+12125550113", teamId: "acme" };
  const buy = (sent: unknown = body) =>
    app.request("POST", "/api/phone-numbers/purchase", { token, body: sent, headers: KEY });
  const first = await buy();
  assert.equal(first.status, 202);
  assert.equal((await buy({ ...body, phoneNumber: E164 })).status, 422);
  const path = `/v1/phone-numbers/${first.json.phoneNumber.id}`;
  assert.equal((await app.request("DELETE", path, { token, headers: KEY })).status, 422);
  await app.advance(10);
  const [again, later] = [await buy(), await buy()];
  assert.deepEqual([again.status, again.json.phoneNumber.id], [200, first.json.phoneNumber.id]);
  assert.deepEqual([isReplayed(again), isReplayed(later)], [true, true]);
  assert.deepEqual(later.json, again.json);
  await app.close();
});

describe("where the process stops before the answer is kept", () => {
  test("a purchase is not made twice: the repeat is answered with the present state, marked", async () => {
    const { answers, fails, advance } = openFailing();
    const { app, buy, numbers } = await open({ answers });
    fails.keep = new Unavailable("killed");
    const first = await buy();
    assert.equal(first.status, 200);
    delete fails.keep;
    assert.equal((await buy()).status, 409);
    advance(11 * SECOND_MS);
    assert.equal((await buy(OTHER)).status, 422);
    const again = await buy();
    assert.deepEqual([again.status, again.json, isReplayed(again)], [200, first.json, true]);
    assert.equal(await numbers(), 1);
    assert.deepEqual((await buy()).json, first.json);
    await app.close();
  });

  test("what failed may be tried again", async () => {
    const { answers, fails, advance } = openFailing();
    const { app, buy } = await open({ answers });
    fails.free = new Unavailable("killed");
    assert.equal((await buy("no number")).status, 400);
    delete fails.free;
    advance(11 * SECOND_MS);
    assert.equal((await buy("no number")).status, 400);
    assert.equal((await buy()).status, 200);
    await app.close();
  });
});

describe("where the store is away", () => {
  test("a request under a key is 503, and nothing is done", async () => {
    const { answers, fails } = openFailing();
    const { app, token, buy, numbers } = await open({ answers });
    fails.begin = new Unavailable("away");
    const refused = await buy();
    assert.equal(refused.status, 503);
    assert.match(refused.headers.get("retry-after") ?? "", /^\d+$/);
    assert.equal(await numbers(), 0);
    const unkeyed = await app.request("POST", SPEKO, { token, body: { e164: E164 } });
    assert.equal(unkeyed.status, 200);
    delete fails.begin;
    assert.equal((await buy(OTHER)).status, 200);
    await app.close();
  });

  test("an exception leaves the key to the same request", async () => {
    const { answers } = openFailing();
    const log = openMemoryLog();
    let isAway = false;
    const append: typeof log.append = (...asked) =>
      isAway ? Promise.reject(new Unavailable("away")) : log.append(...asked);
    const { app, buy } = await open({ answers, log: { ...log, append } });
    isAway = true;
    assert.equal((await buy()).status, 503);
    isAway = false;
    assert.equal((await buy(OTHER)).status, 422);
    assert.equal((await buy()).status, 200);
    await app.close();
  });

  test("a bug of the store after the deed is reported, and the caller answered", async () => {
    const { answers, fails } = openFailing();
    const app = openTestApp({ waitMs: 60_000 });
    const token = await app.organization("acme", "Growth");
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const { ledger } = app;
    const ask = requester(createApp({ ledger, adminToken: null, answers, onError }).fetch);
    const bug = new Error("a bug");
    fails.keep = bug;
    fails.free = bug;
    const buy = (e164: string) => ask("POST", SPEKO, { token, body: { e164 }, headers: KEY });
    assert.equal((await buy(E164)).status, 200);
    assert.deepEqual(errors, [bug]);
    await app.close();
  });
});

test("a token is shown once, and never kept", async () => {
  const kept: string[] = [];
  const answers = openMemoryAnswers();
  const keep: KeptAnswers["keep"] = (request, lease, answer) => {
    kept.push(JSON.stringify([request, lease, answer]));
    return answers.keep(request, lease, answer);
  };
  const { app } = await open({ answers: { ...answers, keep } });
  const body = { email: "bob@example.com", name: "Bob" };
  const issue = () => app.request("POST", TOKENS, { token: ADMIN_TOKEN, body, headers: KEY });
  const first = await issue();
  assert.equal(first.status, 201);
  const again = await issue();
  assert.deepEqual([again.status, again.json], [201, { id: first.json.id, token: null }]);
  assert.equal(kept.length, 1);
  assert.ok(!kept.join().includes(first.json.token));
  await app.close();
});

test("the same key of two callers is two keys, and the operator's is apart", async () => {
  const { app, token, buy } = await open();
  const body = { email: "bob@example.com", name: "Bob" };
  const other = (await app.admin("POST", TOKENS, body)).token;
  const first = await buy();
  const second = await app.request("POST", SPEKO, {
    token: other,
    body: { e164: OTHER },
    headers: KEY,
  });
  const third = await app.request("POST", TOKENS, { token: ADMIN_TOKEN, body, headers: KEY });
  assert.deepEqual([first.status, second.status, third.status], [200, 200, 201]);
  assert.deepEqual([first, second, third].map(isReplayed), [false, false, false]);
  const stolen = await app.request("POST", SPEKO, {
    token: other,
    body: { e164: E164 },
    headers: KEY,
  });
  assert.equal(stolen.status, 422);
  const revoked = await app.request("DELETE", `/admin/tokens/${token.split("_")[1]}`, {
    token: ADMIN_TOKEN,
    headers: KEY,
  });
  assert.equal(revoked.status, 422);
  await app.close();
});
