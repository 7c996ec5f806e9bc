/**
 * Ids that look like another's: an id that a reader cannot tell from another cannot be opened,
 * named or routed to.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ADMIN_TOKEN, openTestApp } from "../support/app.ts";

const app = openTestApp();
after(() => app.close());

const call = (method: string, path: string, body?: unknown) =>
  app.request(method, path, { token: ADMIN_TOKEN, body });

const at = (id: string): string => `/admin/organizations/${encodeURIComponent(id)}`;
const ACME = { name: "Acme", plan: "Prepaid" };

/** Texts that look like `café`. */
const DOUBLES = [
  "\ufeffcafé",
  "café\ufeff",
  "caf\u200bé",
  "caf\u00adé",
  "cafe\u0301",
  "\u202dcafé\u202c",
  "\u2066café\u2069",
  "café\u200f",
  "café ",
  " café",
  "café\u00a0",
  "café\u3164",
  "café\u2800",
  "caf\ufe0fé",
  "caf\u{e0041}é",
  "café\uffff",
];

test("an organization that looks like another cannot be opened, and the server goes on", async () => {
  assert.equal((await call("PUT", at("café"), ACME)).status, 200);
  for (const double of DOUBLES) {
    const { status, json } = await call("PUT", at(double), ACME);
    assert.deepEqual([status, json.code], [400, "ORGANIZATION_ID_UNFIT"], JSON.stringify(double));
    assert.match(json.detail, /must be 1 to 200 characters in Unicode's normal form C/);
    assert.equal((await call("GET", at(double))).status, 404);
    assert.equal((await call("POST", `${at(double)}/credits`, { amount: "1.00" })).status, 404);
  }
  assert.equal((await call("GET", at("café"))).json.name, "Acme");
});

test("an assistant or a SIP connection that looks like another cannot be made", async () => {
  await call("PUT", at("acme"), ACME);
  for (const double of DOUBLES) {
    const id = encodeURIComponent(double);
    const named = await call("PUT", `${at("acme")}/assistants/${id}`, { name: "A" });
    assert.equal(named.status, 400, JSON.stringify(double));
    const installed = await call("PUT", `${at("acme")}/sip-connections/${id}`, {
      providerName: "P",
      trunkId: "t",
      ready: true,
    });
    assert.equal(installed.status, 400, JSON.stringify(double));
    const input = { connection: double, label: "L" };
    const registered = await app.ledger.operator.registerConnection("acme", input);
    assert.equal(registered.ok || registered.error.code, "ID_UNFIT", JSON.stringify(double));
  }
});

test("a number cannot be routed to an assistant that looks like another", async () => {
  const token = await app.organization("router");
  for (const agentId of DOUBLES) {
    const body = { e164: "+14155550101", agentId };
    const { status, json } = await app.request("POST", "/v1/phone-numbers", { token, body });
    assert.equal(status, 400, JSON.stringify(agentId));
    assert.match(JSON.stringify(json), /agentId/);
  }
});

test("numbers cannot be assigned to an assistant that looks like another", async () => {
  const token = await app.organization("assigner");
  for (const double of DOUBLES) {
    const path = `/api/assistants/${encodeURIComponent(double)}/telephony/phone-numbers`;
    const { status, json } = await app.request("PATCH", path, {
      token,
      body: { phoneNumberIds: [] },
    });
    assert.deepEqual([status, json.code], [400, "VALIDATION_ERROR"], JSON.stringify(double));
  }
});

test("people's names may have characters that ids may not", async () => {
  for (const name of ["Café \u202bמחל\u202c", "👩‍💻 GmbH", "cafe\u0301", "a\u200db"]) {
    assert.equal((await call("PUT", at("named"), { ...ACME, name })).json.name, name);
  }
  for (const name of ["a\0b", "\ud800"]) {
    assert.equal((await call("PUT", at("named"), { ...ACME, name })).status, 400);
  }
});

test("no new id is . or .., which no path of a URL can contain", async () => {
  const token = await app.organization("unreachable");
  const { operator } = app.ledger;
  for (const id of [".", ".."]) {
    const bought = await app.request("POST", "/v1/phone-numbers", {
      token,
      body: { e164: "+14155550101", agentId: id },
    });
    assert.equal(bought.status, 400);
    assert.match(bought.json.error, /agentId must not be \. or \.\./);
    const input = { connection: id, label: "L" };
    const sip = { installation: id, providerName: "P", trunk: "t", ready: true };
    for (
      const made of [
        await operator.open(id, ACME),
        await operator.registerConnection("unreachable", input),
        await operator.installSipConnection("unreachable", sip),
        await operator.nameAssistant("unreachable", { assistant: id, name: "A" }),
      ]
    ) assert.match(made.ok ? "" : made.error.code, /ID_UNFIT$/);
  }
});

test("an id of 200 emojis is one, and one of 201 is not, in every dialect", async () => {
  const [longest, longer] = ["😀".repeat(200), "😀".repeat(201)];
  const path = (id: string) => `/api/assistants/${encodeURIComponent(id)}/telephony/phone-numbers`;
  for (const [id, status] of [[longest, 200], [longer, 404]] as const) {
    assert.equal((await call("PUT", at(id), ACME)).status, status);
    const token = await app.organization("emojis");
    const body = { phoneNumberIds: [] };
    assert.equal((await app.request("PATCH", path(id), { token, body })).status, status);
  }
});
