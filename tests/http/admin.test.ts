import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createApp } from "../../http/app.ts";
import { ADMIN_TOKEN, openTestApp, requester, type TestApp } from "../support/app.ts";
import { shownTerms } from "../support/terms.ts";

const app = openTestApp();
after(() => app.close());

/** A call of the operator. */
const call = (method: string, path: string, body?: unknown) =>
  app.request(method, `/admin${path}`, { token: ADMIN_TOKEN, body });

const PROBLEM_KEYS = ["type", "title", "status", "detail", "code"];

type Answer = Awaited<ReturnType<TestApp["request"]>>;

/** Asserts that an answer is a problem (RFC 9457) with this code. */
const assertProblem = ({ status, json, headers }: Answer, expected: number, code: string): void => {
  assert.equal(status, expected, JSON.stringify(json));
  assert.equal(headers.get("content-type"), "application/problem+json");
  assert.deepEqual(Object.keys(json).slice(0, PROBLEM_KEYS.length), PROBLEM_KEYS);
  assert.deepEqual([json.status, json.code], [expected, code]);
};

/** Asserts that an answer refuses exactly these fields. */
const assertInvalid = (answer: Answer, fields: readonly string[]): void => {
  assertProblem(answer, 400, "VALIDATION_ERROR");
  assert.deepEqual(Object.keys(answer.json.errors).sort(), fields);
};

test("an organization is opened, read, renamed and moved to a plan when it is put", async () => {
  const acme = {
    id: "acme",
    name: "Acme",
    plan: "Free",
    terms: shownTerms("Free"),
    credits: "0.00",
    verification: "missing",
  };
  const open = (body: unknown) => call("PUT", "/organizations/acme", body);
  assert.deepEqual((await open({ name: "Acme", plan: "Free" })).json, acme);
  assert.deepEqual((await open({ name: "Acme", plan: "Free", extra: 1 })).json, acme);
  const moved = { ...acme, name: "Acme Inc", plan: "Prepaid", terms: shownTerms("Prepaid") };
  assert.deepEqual((await open({ name: "Acme Inc", plan: "Prepaid" })).json, moved);
  const { status, json } = await call("GET", "/organizations/acme");
  assert.deepEqual([status, json], [200, moved]);
});

test("an organization is refused when it is unknown, or its plan is", async () => {
  assertProblem(await call("GET", "/organizations/nobody"), 404, "ORGANIZATION_UNKNOWN");
  const unknown = await call("PUT", "/organizations/x", { name: "X", plan: "__proto__" });
  assertProblem(unknown, 400, "PLAN_UNKNOWN");
  assert.match(unknown.json.errors.plan[0], /Free, Growth, Scale, Prepaid/);
  assertInvalid(await call("PUT", "/organizations/x", {}), ["name", "plan"]);
  assertInvalid(await call("PUT", "/organizations/x", { name: " ", plan: 1 }), ["name", "plan"]);
  assertInvalid(await call("PUT", "/organizations/x", { name: "\0", plan: "Free" }), ["name"]);
  assertInvalid(await call("PUT", "/organizations/x", null), ["body"]);
  assertProblem(await call("PUT", "/organizations/x", "{"), 400, "VALIDATION_ERROR");
});

test("an organization's id may be any text when it is printable", async () => {
  for (const id of ["a/b", "100%", "grüße 😀", "__proto__", "..x", "a?b#c"]) {
    const path = `/organizations/${encodeURIComponent(id)}`;
    assert.equal((await call("PUT", path, { name: "Odd", plan: "Free" })).json.id, id);
    assert.equal((await call("GET", path)).json.id, id);
  }
});

test("a token is valid until it is revoked, and for its own organization only", async () => {
  await call("PUT", "/organizations/tokens", { name: "T", plan: "Growth" });
  const issued = await call("POST", "/organizations/tokens/tokens", {
    email: "bob@example.com",
    name: "Bob",
  });
  assert.equal(issued.status, 201);
  assert.deepEqual(Object.keys(issued.json), ["id", "token"]);
  const { id, token } = issued.json;
  const read = () => app.request("GET", "/ledger/numbers", { token });
  assert.equal((await read()).status, 200);
  assert.equal((await app.request("GET", "/admin/organizations/tokens", { token })).status, 401);
  const revoked = await call("DELETE", `/tokens/${id}`);
  assert.deepEqual([revoked.status, revoked.json], [204, null]);
  assert.equal((await read()).status, 401);
  assertProblem(await call("DELETE", `/tokens/${id}`), 404, "TOKEN_UNKNOWN");
});

test("a token is refused when its user or organization does not fit", async () => {
  const path = "/organizations/tokens/tokens";
  assertInvalid(await call("POST", path, { email: "bob", name: 5, sandbox: "yes" }), [
    "email",
    "name",
    "sandbox",
  ]);
  const bob = { email: "bob@example.com", name: "Bob" };
  const unknown = await call("POST", "/organizations/nobody/tokens", bob);
  assertProblem(unknown, 404, "ORGANIZATION_UNKNOWN");
});

test("credits add up when they are decimals, and are refused when they are not", async () => {
  await call("PUT", "/organizations/rich", { name: "R", plan: "Prepaid" });
  const add = (amount: unknown) => call("POST", "/organizations/rich/credits", { amount });
  assert.deepEqual((await add("25.00")).json, { credits: "25.00" });
  assert.deepEqual((await add("0.0035")).json, { credits: "25.0035" });
  for (const amount of [25, "-1", "0", "0.00", "1e3", "", null, "1.0000001", "9".repeat(10)]) {
    assertInvalid(await add(amount), ["amount"]);
  }
  const absent = await call("POST", "/organizations/nobody/credits", { amount: "1" });
  assertProblem(absent, 404, "ORGANIZATION_UNKNOWN");
});

test("an assistant and a SIP connection are returned when they are put", async () => {
  await call("PUT", "/organizations/acme", { name: "Acme", plan: "Growth" });
  const named = await call("PUT", "/organizations/acme/assistants/as_1", { name: "Emma" });
  assert.deepEqual([named.status, named.json], [200, { id: "as_1", name: "Emma" }]);
  const connection = { providerName: "Twilio", trunkId: "tr_1", ready: true };
  const installed = await call("PUT", "/organizations/acme/sip-connections/in_1", connection);
  assert.deepEqual([installed.status, installed.json], [200, { id: "in_1", ...connection }]);
  assertInvalid(
    await call("PUT", "/organizations/acme/sip-connections/in_1", { ...connection, ready: "true" }),
    ["ready"],
  );
  const unknown = await call("PUT", "/organizations/nobody/assistants/as_1", { name: "Emma" });
  assertProblem(unknown, 404, "ORGANIZATION_UNKNOWN");
});

test("the clock advances by whole seconds, and the call is refused without a test clock", async () => {
  const advance = (seconds: unknown) => call("POST", "/clock/advance", { seconds });
  assert.deepEqual((await advance(0)).json, { now: "2026-01-31T10:00:00Z" });
  assert.deepEqual((await advance(3600)).json, { now: "2026-01-31T11:00:00Z" });
  for (const seconds of [-1, 1.5, "60", null, 315_576_001, 1e300]) {
    assertInvalid(await advance(seconds), ["seconds"]);
  }
  const { operator } = app.ledger;
  const real = createApp({
    ledger: {
      ...app.ledger,
      operator: { ...operator, advanceClock: () => Promise.resolve(null) },
    },
    adminToken: ADMIN_TOKEN,
  });
  const request = requester((asked) => real.fetch(asked));
  const body = { seconds: 1 };
  const answer = await request("POST", "/admin/clock/advance", { token: ADMIN_TOKEN, body });
  assertProblem(answer, 409, "NO_TEST_CLOCK");
});

test("an admin route answers 401 when the token is not quite the operator's", async () => {
  for (
    const token of [ADMIN_TOKEN.slice(0, -1), `${ADMIN_TOKEN}s`, ADMIN_TOKEN.toUpperCase(), ""]
  ) {
    const answer = await app.request("GET", "/admin/organizations/acme", { token });
    assertProblem(answer, 401, "UNAUTHORIZED");
    assert.equal(answer.headers.has("www-authenticate"), true);
  }
});

test("heads are listed page by page, and each is what the log has", async () => {
  for (const id of ["heads-a", "heads-b", "heads c&d"]) await app.organization(id);
  const all = (await call("GET", "/heads")).json;
  assert.equal(all.next, null);
  const paged = [];
  let after = "";
  for (;;) {
    const query = after === "" ? "" : `&after=${encodeURIComponent(after)}`;
    const { status, json } = await call("GET", `/heads?limit=2${query}`);
    assert.equal(status, 200);
    paged.push(...json.heads);
    if (json.next === null) break;
    after = json.next;
  }
  assert.deepEqual(paged, all.heads);
  const head = paged.find(({ organization }) => organization === "heads c&d");
  assert.deepEqual(Object.keys(head), ["organization", "position", "hash"]);
  assert.ok(head.position >= 2);
  assert.match(head.hash, /^[0-9a-f]{64}$/);
  assertInvalid(await call("GET", "/heads?limit=1001"), ["limit"]);
  assertInvalid(await call("GET", "/heads?limit=0"), ["limit"]);
  assertInvalid(await call("GET", "/heads?after="), ["after"]);
});
