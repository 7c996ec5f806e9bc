import assert from "node:assert/strict";
import { test } from "node:test";
import { OPERATOR } from "../../core/values/identity.ts";
import { assertFailure, buy, phoneNumber, spekoCall, withSpeko } from "./speko-support.ts";
import { eventually } from "../support/eventually.ts";
import { KEPT, openKeepingSandbox } from "../support/keeping-sandbox.ts";

const NUMBER = "+14155550101";

test("GET list shows the oldest number first", () =>
  withSpeko(async ({ app, call }) => {
    assert.deepEqual((await call("GET")).json, []);
    const bought = await buy(call, NUMBER);
    await app.advance(60);
    const body = { e164: "+4922812345", sipTrunkId: "trunk_1" };
    const imported = phoneNumber(await call("POST", "/import", body));
    assert.deepEqual((await call("GET")).json, [bought, imported]);
  }));

test("POST import imports a number over a ready installation", () =>
  withSpeko(async ({ app, call }) => {
    const installation = { providerName: "Trunkline", trunkId: "tr_9", ready: true };
    await app.admin("PUT", "/admin/organizations/org_1/sip-connections/in_1", installation);
    const body = {
      e164: "+4922812345",
      sipConnectionInstallationId: "in_1",
      sipTrunkId: "tr_ignored",
      direction: "both",
      agentId: "ag_1",
      label: "Bonn",
      dispatchMetadataTemplate: { tier: 1 },
    };
    const number = phoneNumber(await call("POST", "/import", body));
    assert.equal(number.source, "sip_trunk");
    assert.equal(number.sipConnectionInstallationId, "in_1");
    assert.equal(number.sipTrunkId, null);
    assert.equal(number.sipProviderName, "Trunkline");
    assert.equal(number.providerResourceId, null);
    assert.equal(number.nextChargeAt, null);
    assert.equal(number.lastChargedAt, null);
    assert.equal(number.label, "Bonn");
    assert.deepEqual(number.dispatchMetadataTemplate, { tier: 1 });
    assert.deepEqual(number.setupStatus, {
      status: "ready",
      inboundReady: true,
      outboundReady: true,
      agentReady: true,
      forwardingRequired: false,
      sipConnectionReady: true,
      issues: [],
    });
  }));

test("POST import names what is missing when the connection is not ready", () =>
  withSpeko(async ({ call }) => {
    const trunk = { e164: "+4922812345", sipTrunkId: "trunk_1", sipProviderName: "Trunkline" };
    const legacy = phoneNumber(
      await call("POST", "/import", { ...trunk, direction: "inbound", agentId: "ag_1" }),
    );
    assert.equal(legacy.sipTrunkId, "trunk_1");
    assert.equal(legacy.sipConnectionInstallationId, null);
    assert.equal(legacy.sipProviderName, "Trunkline");
    assert.equal(legacy.setupStatus.forwardingRequired, true);
    assert.deepEqual(legacy.setupStatus.issues, [
      "SIP_CONNECTION_NOT_READY",
      "FORWARDING_REQUIRED",
    ]);
    const unready = { e164: "+4922812346", sipConnectionInstallationId: "sip_1" };
    const { direction, setupStatus } = phoneNumber(await call("POST", "/import", unready));
    assert.equal(direction, "outbound");
    assert.equal(setupStatus.sipConnectionReady, false);
    assert.equal(setupStatus.outboundReady, false);
    assert.deepEqual(setupStatus.issues, ["SIP_CONNECTION_NOT_READY"]);
  }));

test("POST import answers 400 when no such connection is installed, and names the member", () =>
  withSpeko(async ({ call }) => {
    const e164 = "+4922812346";
    for (const member of ["sipConnectionInstallationId", "sipTrunkId"]) {
      const answer = await call("POST", "/import", { e164, [member]: "unknown" });
      assertFailure(answer, 400, "VALIDATION_ERROR");
      assert.ok(answer.json.error.includes(member), answer.json.error);
    }
  }));

test("POST import answers 400 when the body does not fit", () =>
  withSpeko(async ({ call }) => {
    const e164 = "+4922812345";
    for (
      const body of [
        null,
        {},
        { e164 },
        { e164, sipTrunkId: null, sipConnectionInstallationId: null },
        { e164, sipTrunkId: "" },
        { e164, sipTrunkId: 7 },
        { e164, sipConnectionInstallationId: ["in_1"] },
        { e164: "0228 12345", sipTrunkId: "trunk_1" },
        { e164, sipTrunkId: "trunk_1", sipProviderName: false },
        { e164, sipTrunkId: "trunk_1", label: "x".repeat(121) },
        { e164, sipTrunkId: "trunk_1", direction: null },
      ]
    ) {
      const answer = await call("POST", "/import", JSON.stringify(body));
      assertFailure(answer, 400, "VALIDATION_ERROR");
    }
    const { json } = await call("POST", "/import", { e164 });
    assert.equal(
      json.error,
      "Invalid request: sipConnectionInstallationId is required, or a sipTrunkId.",
    );
  }));

test("POST import answers 409 when anyone holds the number", () =>
  withSpeko(async ({ app, call }) => {
    const body = { e164: "+4922812345", sipTrunkId: "trunk_1" };
    phoneNumber(await call("POST", "/import", body));
    assertFailure(await call("POST", "/import", body), 409, "NUMBER_ALREADY_YOURS");
    const other = spekoCall(app, await app.organization("org_2"));
    assertFailure(await other("POST", "/import", body), 409, "NUMBER_ALREADY_OWNED");
  }));

test("PATCH changes what it names and clears what it names null", () =>
  withSpeko(async ({ app, call }) => {
    const before = await buy(call, NUMBER, { label: "Desk" });
    await app.advance(60);
    const wishes = { direction: "both", agentId: "ag_1", dispatchMetadataTemplate: { a: 1 } };
    const changed = phoneNumber(await call("PATCH", `/${before.id}`, wishes));
    assert.equal(changed.direction, "both");
    assert.equal(changed.agentId, "ag_1");
    assert.equal(changed.label, "Desk");
    assert.deepEqual(changed.dispatchMetadataTemplate, { a: 1 });
    assert.equal(changed.updatedAt, "2026-01-31T10:01:00Z");
    assert.deepEqual(phoneNumber(await call("PATCH", `/${before.id}`, {})), changed);
    const nothing = { label: null, agentId: null, dispatchMetadataTemplate: null };
    const cleared = phoneNumber(await call("PATCH", `/${before.id}`, nothing));
    assert.equal(cleared.label, null);
    assert.equal(cleared.agentId, null);
    assert.equal(cleared.dispatchMetadataTemplate, null);
    assert.deepEqual(cleared.setupStatus.issues, ["INBOUND_ROUTE_MISSING"]);
    assert.deepEqual(phoneNumber(await call("GET", `/${before.id}`)), cleared);
  }));

test("PATCH changes nothing when it names only what cannot be changed", () =>
  withSpeko(async ({ app, call }) => {
    const before = await buy(call, NUMBER);
    await app.advance(60);
    const body = { e164: "+14155550199", id: "pn_x", source: "sip_trunk", organizationId: "o" };
    assert.deepEqual(phoneNumber(await call("PATCH", `/${before.id}`, body)), before);
  }));

test("PATCH answers 400 when the body does not fit", () =>
  withSpeko(async ({ call }) => {
    const { id } = await buy(call, NUMBER);
    for (
      const body of [
        null,
        [],
        "text",
        { direction: null },
        { direction: "none" },
        { label: "x".repeat(121) },
        { label: true },
        { agentId: "" },
        { agentId: "a\nb" },
        { agentId: "x".repeat(201) },
        { dispatchMetadataTemplate: 1 },
        { dispatchMetadataTemplate: [1] },
      ]
    ) {
      const answer = await call("PATCH", `/${id}`, JSON.stringify(body));
      assertFailure(answer, 400, "VALIDATION_ERROR");
    }
  }));

test("GET shows the SMS campaign when the operator has registered the number for one", () =>
  withSpeko(async ({ app, call }) => {
    const { id } = await buy(call, NUMBER);
    const operator = { organization: "org_1", actor: OPERATOR };
    const campaign = { profile: "pr_1", campaign: "ca_1", status: "PENDING_ASSIGNMENT" } as const;
    await app.advance(60);
    assert.ok((await app.ledger.assignSmsCampaign(operator, id, campaign)).ok);
    const number = phoneNumber(await call("GET", `/${id}`));
    assert.equal(number.sms10dlcProfileId, "pr_1");
    assert.equal(number.smsCampaignId, "ca_1");
    assert.equal(number.smsAssignmentStatus, "PENDING_ASSIGNMENT");
    assert.equal(number.smsAssignmentUpdatedAt, "2026-01-31T10:01:00Z");
  }));

test("DELETE releases a number, which then no longer exists and is free for anyone", () =>
  withSpeko(async ({ app, call }) => {
    const { id } = await buy(call, NUMBER, { agentId: "ag_1" });
    const { status, json } = await call("DELETE", `/${id}`);
    assert.equal(status, 200);
    assert.deepEqual(json, { released: true });
    for (const [method, body] of [["GET"], ["PATCH", {}], ["DELETE"]] as const) {
      assertFailure(await call(method, `/${id}`, body), 404, "NOT_FOUND");
    }
    assert.deepEqual((await call("GET")).json, []);
    await buy(spekoCall(app, await app.organization("org_2")), NUMBER);
  }));

test("DELETE releases an imported number immediately", () =>
  withSpeko(async ({ call }) => {
    const body = { e164: "+4922812345", sipTrunkId: "trunk_1" };
    const { id } = phoneNumber(await call("POST", "/import", body));
    assert.deepEqual((await call("DELETE", `/${id}`)).json, { released: true });
    assertFailure(await call("GET", `/${id}`), 404, "NOT_FOUND");
  }));

test("DELETE answers 202 when the carrier has not released it, and the release ends automatically", () => {
  const { options, letGo } = openKeepingSandbox();
  return withSpeko(async ({ call }) => {
    const { id } = await buy(call, KEPT, { agentId: "ag_1" });
    const { status, json } = await call("DELETE", `/${id}`);
    assert.equal(status, 202);
    assert.deepEqual(json, { released: false });
    const leaving = phoneNumber(await call("GET", `/${id}`));
    assert.equal(leaving.setupStatus.status, "suspended");
    assert.equal(leaving.agentId, null);
    const patched = await call("PATCH", `/${id}`, { label: "late" });
    assertFailure(patched, 409, "NUMBER_BEING_RELEASED");
    letGo();
    const gone = await eventually(
      () => call("GET", `/${id}`),
      (answer) => answer.status === 404,
    );
    assertFailure(gone, 404, "NOT_FOUND");
  }, options);
});

test("a failed purchase is removed when it is deleted", () =>
  withSpeko(async ({ call }) => {
    assertFailure(await call("POST", "", { e164: "+14155550112" }), 502, "CARRIER_ERROR");
    const { json: [failure] } = await call("GET");
    assert.equal(failure.providerResourceId, null);
    assert.deepEqual(failure.setupStatus.issues, ["PURCHASE_FAILED"]);
    const patched = await call("PATCH", `/${failure.id}`, { label: "late" });
    assertFailure(patched, 409, "PHONE_NUMBER_NOT_IN_SERVICE");
    assert.deepEqual((await call("DELETE", `/${failure.id}`)).json, { released: true });
    assert.deepEqual((await call("GET")).json, []);
  }));

test("an id answers 404 when it is unknown, malformed or another organization's", () =>
  withSpeko(async ({ app, call }) => {
    const { id } = await buy(call, NUMBER);
    const stranger = spekoCall(app, await app.organization("org_2"));
    for (const [caller, name] of [[stranger, id], [call, "pn_unknown"], [call, "%00"]] as const) {
      assertFailure(await caller("GET", `/${name}`), 404, "NOT_FOUND");
      assertFailure(await caller("PATCH", `/${name}`, { label: "mine" }), 404, "NOT_FOUND");
      assertFailure(await caller("DELETE", `/${name}`), 404, "NOT_FOUND");
    }
    assert.deepEqual((await stranger("GET")).json, []);
    assert.equal(phoneNumber(await call("GET", `/${id}`)).label, null);
  }));
