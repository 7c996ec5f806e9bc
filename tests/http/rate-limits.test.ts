import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMemoryLimiter } from "../../adapters/limiter/memory.ts";
import { NO_LIMITS } from "../../core/values/plan.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { Milliseconds } from "../../core/values/calendar.ts";
import { readSettings } from "../../adapters/runtimes/server/settings.ts";
import { createApp } from "../../adapters/package/http.ts";
import { ADMIN_TOKEN, openTestApp, requester, type TestResponse } from "../support/app.ts";

/** An application that counts requests, by a clock that can be set. */
const open = (options: Parameters<typeof openTestApp>[0] = {}) => {
  let now: Milliseconds = 0;
  const app = openTestApp({ limiter: openMemoryLimiter({ now: () => now }), ...options });
  after(() => app.close());
  return { app, pass: (ms: Milliseconds) => void (now += ms) };
};

const LIST = "/v1/phone-numbers";
const SEARCH = "/v1/phone-numbers/available?areaCode=415";

/** Makes requests until one is refused; returns how many succeeded, and the refusal. */
const exhaust = async (ask: () => Promise<TestResponse>) => {
  for (let count = 0; count < 2_000; count++) {
    const answer = await ask();
    if (answer.status === 429) return { count, answer };
    assert.equal(answer.status, 200);
  }
  throw new Error("it is never refused");
};

const limitsIn = ({ headers }: TestResponse) => [
  headers.get("ratelimit-policy"),
  headers.get("ratelimit"),
];

test("an organization makes as many requests as its plan allows, and the answer says what is left", async () => {
  const { app, pass } = open();
  const token = await app.organization("acme", "Free");
  const ask = () => app.request("GET", LIST, { token });
  assert.deepEqual(limitsIn(await ask()), ['"requests";q=120;w=60', '"requests";r=119;t=1']);
  const { count, answer } = await exhaust(ask);
  assert.equal(count, 119);
  assert.deepEqual(answer.json, {
    error: "Too many requests: try again in 1 second.",
    code: "RATE_LIMITED",
  });
  assert.equal(answer.headers.get("retry-after"), "1");
  assert.deepEqual(limitsIn(answer), ['"requests";q=120;w=60', '"requests";r=0;t=60']);
  pass(499);
  assert.equal((await ask()).status, 429);
  pass(1);
  assert.equal((await ask()).status, 200);
  assert.equal((await ask()).status, 429);
  pass(3_600_000);
  assert.equal((await exhaust(ask)).count, 120);
});

test("searches are counted apart, and as requests", async () => {
  const { app, pass } = open();
  const token = await app.organization("acme", "Free");
  const filters = { countryCode: "US", areaCode: "415", numberType: "local" };
  const asked = [
    () => app.request("GET", SEARCH, { token }),
    () => app.request("POST", "/api/phone-numbers/search", { token, body: { filters } }),
  ];
  let turn = 0;
  const { count, answer } = await exhaust(() => asked[turn++ % 2]?.() ?? assert.fail());
  assert.equal(count, 20);
  assert.equal(answer.headers.get("retry-after"), "3");
  assert.deepEqual(limitsIn(answer), [
    '"requests";q=120;w=60, "searches";q=20;w=60',
    '"requests";r=100;t=10, "searches";r=0;t=60',
  ]);
  const list = await app.request("GET", LIST, { token });
  assert.deepEqual(limitsIn(list), ['"requests";q=120;w=60', '"requests";r=99;t=11']);
  pass(3_000);
  assert.equal((await app.request("GET", SEARCH, { token })).status, 200);
});

test("the ledger's own searches, and dry runs of purchases, count as searches", async () => {
  const { app } = open();
  const token = await app.organization("acme", "Free");
  const post = (path: string, body: unknown) => app.request("POST", path, { token, body });
  const asked = [
    () => post("/ledger/searches", { country: "US", areaCode: "415" }),
    () => post("/ledger/dry-run", { command: { type: "purchase", e164: "+14155550101" } }),
  ];
  let turn = 0;
  const { count, answer } = await exhaust(() => asked[turn++ % 2]?.() ?? assert.fail());
  assert.equal(count, 20);
  assert.equal(answer.json.type, "/docs/problems#rate-limited");
  const told = ({ status, headers, json }: TestResponse) =>
    [status, headers.get("retry-after"), headers.get("ratelimit-policy"), json.detail] as const;
  const [search, dry] = [await asked[0]?.(), await asked[1]?.()].map((one) =>
    told(one ?? assert.fail())
  );
  // A search every three seconds: the time that is told is enough.
  assert.deepEqual(search?.slice(0, 2), [429, "3"]);
  assert.deepEqual(dry, search);
  // Other dry runs ask no carrier, and count as requests.
  const release = { command: { type: "release", number: "pn_1" } };
  assert.equal((await post("/ledger/dry-run", release)).status, 200);
});

test("a request that is refused for another reason counts too, and says what is left", async () => {
  const { app } = open();
  const token = await app.organization("acme", "Free");
  const missing = await app.request("GET", `${LIST}/pn_missing`, { token });
  assert.deepEqual([missing.status, limitsIn(missing)[1]], [404, '"requests";r=119;t=1']);
  const headers = { "idempotency-key": "é".repeat(300).replaceAll("é", "x") };
  const bad = await app.request("POST", LIST, { token, body: {}, headers });
  assert.deepEqual([bad.status, limitsIn(bad)[1]], [400, '"requests";r=118;t=1']);
});

test("each dialect has its own shape of a refusal", async () => {
  const { app } = open();
  const token = await app.organization("acme", "Free");
  await exhaust(() => app.request("GET", LIST, { token }));
  const english = "Too many requests: try again in 1 second.";
  const german = "Zu viele Anfragen: bitte in 1 Sekunde erneut versuchen.";
  const portuguese = "Requisições demais: tente novamente em 1 segundo.";
  const talkturo = { success: false, error: english, code: "RATE_LIMITED" };
  const problem = {
    type: "/docs/problems#rate-limited",
    title: "Rate limited",
    status: 429,
    detail: english,
    code: "RATE_LIMITED",
  };
  for (
    const [path, language, expected] of [
      ["/api/phone-numbers/purchase?teamId=acme", "en", talkturo],
      ["/api/v1/phone-numbers", "en", { success: false, message: english }],
      ["/api/v1/phone-numbers", "de-AT", { success: false, message: german }],
      ["/api/v1/phone-numbers", "pt", { success: false, message: portuguese }],
      [LIST, "en", { error: english, code: "RATE_LIMITED" }],
      ["/ledger/numbers", "en", problem],
    ] as const
  ) {
    const answer = await app.request("GET", path, {
      token,
      headers: { "accept-language": language },
    });
    const { status, json, headers } = answer;
    assert.deepEqual([status, headers.get("retry-after")], [429, "1"], path);
    assert.ok(headers.get("ratelimit")?.startsWith('"requests";r=0'));
    for (const [name, value] of Object.entries(expected)) assert.equal(json[name], value, path);
  }
});

test("nothing is done for a request that is refused", async () => {
  const { app } = open();
  const token = await app.organization("acme", "Free");
  await exhaust(() => app.request("GET", LIST, { token }));
  const body = { e164: "+14155550100", agentId: null };
  assert.equal((await app.request("POST", LIST, { token, body })).status, 429);
  const caller = await app.ledger.authenticate(token);
  assert.ok(caller !== null);
  assert.deepEqual(await app.ledger.numbers.list(caller), []);
});

test("all tokens of an organization share its limit, and none keeps the others out", async () => {
  const { app, pass } = open();
  const first = await app.organization("acme", "Free");
  const user = { email: "bob@example.com", name: "Bob" };
  const { token: second } = await app.admin("POST", "/admin/organizations/acme/tokens", user);
  const ask = (token: string) => app.request("GET", LIST, { token });

  assert.equal((await exhaust(() => ask(first))).count, 120, "alone it has all");
  assert.equal((await ask(second)).status, 429);

  pass(120_000);
  let turn = 0;
  assert.equal((await exhaust(() => ask([first, second][turn++ % 2] ?? first))).count, 120);

  pass(50_000);
  await ask(second);
  const { count, answer } = await exhaust(() => ask(first));
  assert.ok(count <= 60, `${count} of a token among others`);
  assert.equal(
    answer.headers.get("ratelimit-policy"),
    [
      '"requests";q=120;w=60',
      '"requests-token";q=60;w=60',
    ].join(", "),
  );
  assert.equal((await ask(second)).status, 200, "the other one is served");
});

test("organizations do not share limits, and the operator is not limited", async () => {
  const { app } = open();
  const [one, other] = [
    await app.organization("one", "Free"),
    await app.organization("two", "Free"),
  ];
  await exhaust(() => app.request("GET", LIST, { token: one }));
  assert.equal((await app.request("GET", LIST, { token: other })).status, 200);
  for (let count = 0; count < 200; count++) {
    const { status, headers } = await app.request("GET", "/admin/organizations/one", {
      token: ADMIN_TOKEN,
    });
    assert.deepEqual([status, headers.get("ratelimit")], [200, null]);
  }
});

test("a plan without limits is not counted", async () => {
  const plans = { Free: { ...DEFAULT_PLANS["Free"] ?? assert.fail(), limits: NO_LIMITS } };
  const { app } = open({ plans });
  const token = await app.organization("acme", "Free");
  const { headers } = await app.request("GET", LIST, { token });
  assert.deepEqual([headers.get("ratelimit"), headers.get("ratelimit-policy")], [null, null]);
});

test("a clock that jumps changes nothing", async () => {
  const { app } = open();
  const token = await app.organization("acme", "Free");
  await exhaust(() => app.request("GET", LIST, { token }));
  await app.advance(3_600);
  assert.equal((await app.request("GET", LIST, { token })).status, 429);
});

test("programs that embed the application get limits, unless they ask for none", async () => {
  const { app } = open({});
  const token = await app.organization("acme", "Free");
  const { ledger } = app;
  const counted = requester(createApp({ ledger, adminToken: null }).fetch);
  const uncounted = requester(createApp({ ledger, adminToken: null, limiter: null }).fetch);
  const ask = (request: typeof counted) => request("GET", LIST, { token });
  assert.equal((await ask(counted)).headers.get("ratelimit-policy"), '"requests";q=120;w=60');
  assert.equal((await ask(uncounted)).headers.get("ratelimit-policy"), null);
});

test("RATE_LIMITS is on by default, and on or off", () => {
  const read = (value?: string) => {
    const settings = readSettings(value === undefined ? {} : { RATE_LIMITS: value });
    return settings.ok ? settings.value.rateLimits : settings.error;
  };
  assert.deepEqual(
    [read(), read(""), read("on"), read("off"), read("no")],
    ["on", "on", "on", "off", "RATE_LIMITS: must be on or off"],
  );
});
