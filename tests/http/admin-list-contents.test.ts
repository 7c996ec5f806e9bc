/** The operator lists what all organizations have: what each list has, and what it refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { callerOf } from "../properties/runs.ts";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";
import { shownTerms } from "../support/terms.ts";
import { ask, pagesOf, type Row } from "./admin-pages.ts";

test("a list of all numbers have the newest first, those of one organization the oldest first", async () => {
  const app = openTestApp();
  await app.organization("acme", "Scale");
  const bought: string[] = [];
  for (const e164 of ["+14155550101", "+14155550102", "+14155550103"] as const) {
    const result = await app.ledger.purchase(callerOf("acme"), { e164 });
    assert.ok(result.ok);
    bought.push(result.value.number.holding.id);
    await app.advance(60);
  }
  const idsOf = async (path: string) => (await pagesOf(app, "numbers", path)).map(({ id }) => id);
  assert.deepEqual(await idsOf("/admin/numbers?limit=1"), bought.toReversed());
  assert.deepEqual(await idsOf("/admin/numbers?organization=acme&limit=1"), bought);
  // A plus that was not escaped is a space.
  const { numbers: [one] } = await ask(app, "/admin/numbers?e164=+14155550102");
  const { numbers: [own] } = (await app.request("GET", "/ledger/numbers", {
    token: await app.organization("acme", "Scale"),
  })).json;
  assert.deepEqual(Object.keys(one), ["organization", "sandbox", ...Object.keys(own)]);
  assert.equal(one.id, bought[1]);
  await app.close();
});

test("a list of tokens have those in use, the oldest first, and no secret or hash", async () => {
  const app = openTestApp();
  const secrets = [await app.organization("acme")];
  for (const sandbox of [true, false, true]) {
    await app.advance(60);
    const user = { email: "bob@example.com", name: "Bob", sandbox };
    secrets.push((await app.admin("POST", "/admin/organizations/acme/tokens", user)).token);
  }
  const all = await ask(app, "/admin/organizations/acme/tokens");
  const ids = secrets.map((secret) => secret.split(".")[0]);
  assert.deepEqual(all.tokens.map(({ id }: Row) => id), ids);
  assert.deepEqual(all.tokens[1], {
    id: ids[1],
    email: "bob@example.com",
    name: "Bob",
    sandbox: true,
    scope: "write",
    issuedAt: "2026-01-31T10:01:00Z",
    expiresAt: null,
    lastUsedAt: null,
  });
  assert.ok(!/hash|secret/.test(JSON.stringify(all)));
  for (const secret of secrets) {
    assert.ok(!JSON.stringify(all).includes(secret.split(".")[1] ?? secret));
  }
  for (const limit of [1, 2, 3, 4]) {
    const path = `/admin/organizations/acme/tokens?limit=${limit}`;
    assert.deepEqual((await pagesOf(app, "tokens", path)).map(({ id }) => id), ids);
  }
  // The last token of a page may be revoked before the next page is read.
  const { next } = await ask(app, "/admin/organizations/acme/tokens?limit=2");
  await app.request("DELETE", `/admin/tokens/${next}`, { token: ADMIN_TOKEN });
  const rest = await ask(app, `/admin/organizations/acme/tokens?after=${next}`);
  assert.deepEqual(rest.tokens.map(({ id }: Row) => id), ids.slice(2));
  const unknown = await app.request("GET", "/admin/organizations/nobody/tokens", {
    token: ADMIN_TOKEN,
  });
  assert.deepEqual([unknown.status, unknown.json.code], [404, "ORGANIZATION_UNKNOWN"]);
  await app.close();
});

test("a list of organizations leave out the log of reconciliations, and show what each has", async () => {
  const app = openTestApp();
  await app.organization("acme", "Scale");
  await app.admin("POST", "/admin/reconciliations", {});
  assert.deepEqual(await ask(app, "/admin/organizations"), {
    organizations: [{
      id: "acme",
      name: "acme Inc",
      plan: "Scale",
      terms: shownTerms("Scale"),
      credits: "0.00",
      verification: "missing",
      numbers: 0,
      imports: 0,
      tokens: 1,
      openedAt: "2026-01-31T10:00:00Z",
    }],
    next: null,
  });
  await app.close();
});

test("a list of plans have every term, with prices in dollars", async () => {
  const app = openTestApp();
  const { plans } = await ask(app, "/admin/plans");
  assert.deepEqual(plans.map(({ name }: { name: string }) => name), [
    "Free",
    "Growth",
    "Scale",
    "Prepaid",
  ]);
  assert.deepEqual(plans[0].limits, {
    imports: 2,
    purchasesPerDay: 2,
    purchasesPer30Days: 2,
    highestSetup: "5.00",
    highestMonthly: "5.00",
    requestsPerMinute: 120,
    searchesPerMinute: 20,
  });
  await app.close();
});

test("the history of a released number is found where its organization is named", async () => {
  const app = openTestApp();
  await app.organization("acme", "Scale");
  await app.organization("globex", "Scale");
  const caller = callerOf("acme");
  const bought = await app.ledger.purchase(caller, { e164: "+14155550101" });
  assert.ok(bought.ok);
  const { id } = bought.value.number.holding;
  await app.ledger.release(caller, id);
  const path = `/admin/numbers/${id}/history`;
  const unknown = async (query: string) => {
    const { status, json } = await app.request("GET", `${path}${query}`, { token: ADMIN_TOKEN });
    assert.deepEqual([status, json.code], [404, "NUMBER_UNKNOWN"]);
  };
  await unknown("");
  await unknown("?organization=globex");
  const { organization, events, next } = await ask(app, `${path}?organization=acme`);
  assert.deepEqual([organization, next], ["acme", null]);
  assert.equal(events.at(-1).type, "Released");
  const first = await ask(app, `${path}?organization=acme&limit=1`);
  assert.deepEqual([first.events, first.next], [events.slice(0, 1), events[0].position]);
  await app.close();
});

test("a list names the parameter that does not fit, and is the operator's alone", async () => {
  const app = openTestApp();
  const token = await app.organization("acme");
  const wrong: readonly (readonly [string, string, readonly string[]])[] = [
    ["organizations", "after", ["", "nobody", "~"]],
    ["organizations", "limit", ["0", "101", "x"]],
    ["organizations/acme/tokens", "after", ["", "tk_1", "pn_1", "acme"]],
    ["numbers", "after", ["", "pn_1", "e30", "WzFd", "x".repeat(4_001), "%00"]],
    ["numbers", "status", ["", "released", "Active"]],
    ["numbers", "e164", ["", "415", "+0"]],
    ["numbers", "organization", ["", "%00"]],
    ["numbers", "limit", ["0", "101"]],
    ["work", "state", ["", "done"]],
    ["work", "until", ["", "tomorrow"]],
    ["work", "after", ["", "WzFd", "e30", "~"]],
  ];
  for (const [path, field, values] of wrong) {
    for (const value of values) {
      const query = `/admin/${path}?${field}=${value}`;
      const { status, json } = await app.request("GET", query, { token: ADMIN_TOKEN });
      assert.deepEqual([status, Object.keys(json.errors ?? {})], [400, [field]], query);
    }
    assert.equal((await app.request("GET", `/admin/${path}`, { token })).status, 401);
  }
  await app.close();
});

test("a cursor of numbers with an E.164 is refused where none of them began at its place", async () => {
  const app = openTestApp();
  const e164 = "+14155550101";
  const ids: string[] = [];
  for (const id of ["acme", "globex"]) {
    await app.organization(id, "Scale");
    const bought = await app.ledger.purchase(callerOf(id), { e164 });
    assert.ok(bought.ok);
    ids.push(bought.value.number.holding.id);
    await app.ledger.release(callerOf(id), bought.value.number.holding.id);
  }
  const made = (...place: readonly (string | number)[]) =>
    Buffer.from(JSON.stringify(place)).toString("base64url");
  const refuses = async (path: string) => {
    const { status, json } = await app.request("GET", path, { token: ADMIN_TOKEN });
    assert.deepEqual([status, Object.keys(json.errors ?? {})], [400, ["after"]], path);
  };
  const path = "/admin/numbers?e164=%2B14155550101";
  for (const [organization, position] of [["acme", 1], ["nobody", 1], ["acme", 2 ** 53 - 1]]) {
    await refuses(`${path}&after=${made("begun", organization ?? "", position ?? 0)}`);
  }
  // Both were released, so the page is empty; it is a page nevertheless.
  const { events: [begun] } = await ask(app, `/admin/numbers/${ids[0]}/history?organization=acme`);
  const place = made("begun", "acme", begun.position);
  assert.deepEqual(await ask(app, `${path}&after=${place}`), { numbers: [], next: null });
  await refuses(`${path}&organization=globex&after=${place}`);
  await refuses(`/admin/numbers?e164=%2B14155550102&after=${place}`);
  await app.close();
});
