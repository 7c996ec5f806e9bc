/** A token with an end is refused from then on, by every dialect as one that was never issued. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openMcp } from "../../http/mcp/mod.ts";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";

const TOKENS = "/admin/organizations/acme/tokens";
const USER = { email: "bob@example.com", name: "Bob" };
const KEY = { "idempotency-key": "key-1" };
/** The application's clock begins two hours before. */
const NOON = "2026-01-31T12:00:00Z";

/** A request of each dialect, and of an agent, that is answered while the token is valid. */
const ASKED = [
  ["GET", "/api/phone-numbers/purchase?teamId=acme"],
  ["GET", "/api/v1/phone-numbers"],
  ["GET", "/v1/phone-numbers"],
  ["GET", "/ledger/numbers"],
  ["HEAD", "/ledger/numbers"],
] as const;

test("a token ends at its time in every dialect, as one that nobody knows", async () => {
  const app = openTestApp({ mcp: openMcp() });
  await app.organization("acme");
  const { token } = await app.admin("POST", TOKENS, { ...USER, expiresAt: NOON });
  const unknown = `tk_0.${"A".repeat(43)}`;
  const ping = { body: { jsonrpc: "2.0", id: 1, method: "ping" } };
  const mcp = (by: string) =>
    app.fetch(
      new Request("http://localhost/mcp", {
        method: "POST",
        headers: {
          authorization: `Bearer ${by}`,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
        },
        body: JSON.stringify(ping.body),
      }),
    );
  await app.advance(7_199);
  for (const [method, path] of ASKED) {
    assert.equal((await app.request(method, path, { token })).status, 200, path);
  }
  assert.equal((await mcp(token)).status, 200);
  await app.advance(1);
  for (const [method, path] of ASKED) {
    const over = await app.request(method, path, { token });
    const other = await app.request(method, path, { token: unknown });
    assert.equal(over.status, 401);
    assert.deepEqual(over.json, other.json);
    assert.equal(over.headers.get("www-authenticate"), 'Bearer realm="ledgerline"');
  }
  assert.equal((await mcp(token)).status, 401);
  await app.close();
});

test("a token with a fraction of a second in its end holds until what is shown of it", async () => {
  const app = openTestApp();
  await app.organization("acme");
  const expiresAt = "2026-01-31T10:00:05.900Z";
  const { token } = await app.admin("POST", TOKENS, { ...USER, expiresAt });
  const shown = (await app.admin("GET", TOKENS)).tokens[1].expiresAt;
  for (let second = 1; second <= 7; second++) {
    const { now } = await app.admin("POST", "/admin/clock/advance", { seconds: 1 });
    const isOver = Date.parse(now) >= Date.parse(shown);
    const { status } = await app.request("GET", "/ledger/numbers", { token });
    assert.equal(status, isOver ? 401 : 200, `second ${second}`);
  }
  await app.close();
});

test("what was answered under its key is not given again once it is over", async () => {
  const app = openTestApp();
  await app.organization("acme");
  const { token } = await app.admin("POST", TOKENS, { ...USER, expiresAt: NOON });
  const buy = () =>
    app.request("POST", "/v1/phone-numbers", {
      token,
      body: { e164: "+14155550101" },
      headers: KEY,
    });
  const bought = await buy();
  assert.equal(bought.status, 200);
  const again = await buy();
  assert.deepEqual([again.json, again.headers.get("idempotency-replayed")], [bought.json, "true"]);
  await app.advance(7_200);
  const over = await buy();
  assert.deepEqual([over.status, over.headers.get("idempotency-replayed")], [401, null]);
  await app.close();
});

test("the operator gives the end as a time to come, sees it, and is refused another", async () => {
  const app = openTestApp();
  await app.organization("acme");
  const times = {
    "2026-01-31T10:00:01Z": "2026-01-31T10:00:01Z",
    "2026-01-31T12:00:00+01:59": "2026-01-31T10:01:00Z",
    "2026-02-01": "2026-02-01T00:00:00Z",
    "2026-01-31T10:00:05.900Z": "2026-01-31T10:00:05.900Z",
    "9999-12-31T23:59:59.9999Z": "9999-12-31T23:59:59.999Z",
  };
  for (const expiresAt of Object.keys(times)) {
    await app.admin("POST", TOKENS, { ...USER, expiresAt });
  }
  const listed = async () =>
    (await app.admin("GET", TOKENS)).tokens
      .map((token: { readonly expiresAt: string | null }) => token.expiresAt);
  assert.deepEqual(await listed(), [null, ...Object.values(times)]);
  const wrong = [
    "2026-01-31T10:00:00Z",
    "2026-01-31T12:00:00+02:00",
    "2025-12-31",
    "2026-01-31T12:00:00 01:00",
    "2026-02-30",
    "2026-02-01T00:00:00",
    "9999-12-31T23:59:59-01:00",
    "+010000-01-01T00:00:00Z",
    "tomorrow",
    "",
    "1769860800000",
    1_769_860_800_000,
    null,
    true,
    ["2026-02-01"],
  ];
  const refused = async (body: Readonly<Record<string, unknown>>, field: string) => {
    const asked = { token: ADMIN_TOKEN, body: { ...USER, ...body } };
    const { status, json } = await app.request("POST", TOKENS, asked);
    assert.deepEqual([status, Object.keys(json.errors)], [400, [field]], JSON.stringify(body));
  };
  for (const expiresAt of wrong) await refused({ expiresAt }, "expiresAt");
  // What is misspelt must not be taken for a token without an end, or one that writes.
  await refused({ expires_at: "2026-02-01" }, "expires_at");
  await refused({ scopes: "read" }, "scopes");
  assert.equal((await listed()).length, 6);
  await app.close();
});

test("a repeat under the operator's key does not ask whether the end has come since", async () => {
  const app = openTestApp();
  await app.organization("acme");
  const issue = () =>
    app.request("POST", TOKENS, {
      token: ADMIN_TOKEN,
      body: { ...USER, expiresAt: NOON },
      headers: KEY,
    });
  const { json } = await issue();
  await app.advance(7_200);
  const again = await issue();
  assert.deepEqual([again.status, again.json], [201, { id: json.id, token: null }]);
  await app.close();
});

test("no token is issued for a closed organization, until it is opened again", async () => {
  const app = openTestApp();
  await app.organization("acme");
  await app.admin("DELETE", "/admin/organizations/acme");
  const issue = () => app.request("POST", TOKENS, { token: ADMIN_TOKEN, body: USER });
  const { status, json } = await issue();
  assert.deepEqual([status, json.code], [409, "ORGANIZATION_CLOSED"]);
  assert.equal(json.detail, "The organization is closed; put it on a plan first.");
  assert.deepEqual((await app.admin("GET", TOKENS)).tokens, []);
  await app.admin("PUT", "/admin/organizations/acme", { name: "Acme", plan: "Growth" });
  assert.equal((await issue()).status, 201);
  await app.close();
});
