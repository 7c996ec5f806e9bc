import assert from "node:assert/strict";
import { test } from "node:test";
import type { Payments } from "../../core/ports/mod.ts";
import { misfits, OFFER } from "./seed-fields-speko.ts";
import { assertFailure, buy, phoneNumber, spekoCall, withSpeko } from "./speko-support.ts";
import { eventually } from "../support/eventually.ts";

const NUMBER = "+14155550101";

test("GET available shows ten local numbers of the US when nothing is asked for", () =>
  withSpeko(async ({ call }) => {
    const { status, json } = await call("GET", "/available");
    assert.equal(status, 200);
    assert.equal(json.length, 10);
    for (const offer of json) {
      assert.deepEqual(misfits(offer, OFFER), []);
      assert.match(offer.e164, /^\+1\d{10}$/);
      assert.match(offer.friendlyName, /^\+1 \(\d{3}\) \d{3}-\d{4}$/);
      assert.equal(offer.friendlyName.replace(/\D/g, ""), offer.e164.slice(1));
      assert.deepEqual(Object.keys(offer.region), ["state", "locality", "rateCenter"]);
    }
  }));

test("GET available keeps to area code, town and limit", () =>
  withSpeko(async ({ call }) => {
    const { json: offers } = await call("GET", "/available?areaCode=415&limit=3");
    assert.equal(offers.length, 3);
    assert.ok(offers.every(({ e164 }: { e164: string }) => e164.startsWith("+1415")));
    const town = encodeURIComponent(offers[0].region.locality);
    const { json: local } = await call("GET", `/available?locality=${town}&limit=50`);
    assert.ok(local.length > 0);
    for (const { region } of local) assert.equal(region.locality, offers[0].region.locality);
    assert.deepEqual((await call("GET", "/available?locality=Nowhere")).json, []);
  }));

test("GET available answers 400 when the query does not fit", () =>
  withSpeko(async ({ call }) => {
    for (
      const query of [
        "areaCode=41",
        "areaCode=4155",
        "areaCode=abc",
        "areaCode=",
        "areaCode=%EF%BC%94%EF%BC%91%EF%BC%95",
        "limit=0",
        "limit=51",
        "limit=-1",
        "limit=1.5",
        "limit=ten",
        "limit=1e1",
        "limit=",
        "locality=",
        "locality=%00",
      ]
    ) {
      assertFailure(await call("GET", `/available?${query}`), 400, "VALIDATION_ERROR");
    }
    assert.equal((await call("GET", "/available?limit=1&colour=red")).json.length, 1);
  }));

test("POST buys a number for outbound calls when only e164 is given", () =>
  withSpeko(async ({ call }) => {
    const number = await buy(call, NUMBER);
    assert.match(number.id, /^pn_/);
    assert.match(number.providerResourceId, /^sandbox_/);
    assert.deepEqual({ ...number, id: "", providerResourceId: "" }, {
      id: "",
      organizationId: "org_1",
      e164: NUMBER,
      source: "managed",
      providerResourceId: "",
      telnyxPhoneNumberId: null,
      sipTrunkId: null,
      sipConnectionInstallationId: null,
      sipProviderName: null,
      direction: "outbound",
      dispatchMetadataTemplate: null,
      agentId: null,
      label: null,
      sms10dlcProfileId: null,
      smsCampaignId: null,
      smsAssignmentStatus: null,
      smsAssignmentUpdatedAt: null,
      setupStatus: {
        status: "ready",
        inboundReady: false,
        outboundReady: true,
        agentReady: false,
        forwardingRequired: false,
        sipConnectionReady: true,
        issues: [],
      },
      nextChargeAt: "2026-02-28T10:00:00Z",
      lastChargedAt: "2026-01-31T10:00:00Z",
      suspendedAt: null,
      createdAt: "2026-01-31T10:00:00Z",
      updatedAt: "2026-01-31T10:00:00Z",
    });
    assert.deepEqual((await call("GET", `/${number.id}`)).json, number);
    assert.deepEqual((await call("GET")).json, [number]);
  }));

test("POST keeps direction, label, agent and template when they are given", () =>
  withSpeko(async ({ call }) => {
    const template = { tier: 1, tags: ["a", null], nested: { deep: true } };
    const label = "😀".repeat(120);
    const wishes = {
      direction: "both",
      label,
      agentId: "ag_1",
      dispatchMetadataTemplate: template,
    };
    const number = await buy(call, NUMBER, wishes);
    assert.equal(number.direction, "both");
    assert.equal(number.label, label);
    assert.equal(number.agentId, "ag_1");
    assert.deepEqual(number.dispatchMetadataTemplate, template);
    assert.equal(number.setupStatus.agentReady, true);
    assert.equal(number.setupStatus.inboundReady, true);
    assert.equal(number.setupStatus.status, "ready");
  }));

test("POST names the missing route when a number may be called and has no route", () =>
  withSpeko(async ({ call }) => {
    const { setupStatus } = await buy(call, NUMBER, { direction: "inbound" });
    assert.equal(setupStatus.status, "action_required");
    assert.deepEqual(setupStatus.issues, ["INBOUND_ROUTE_MISSING"]);
    assert.equal(setupStatus.inboundReady, false);
    assert.equal(setupStatus.outboundReady, false);
  }));

test("POST keeps a template as it was sent, and names what it cannot keep", () =>
  withSpeko(async ({ call }) => {
    const post = (template: string) =>
      call("POST", "", `{"e164":"${NUMBER}","dispatchMetadataTemplate":${template}}`);
    for (
      const [template, why] of [
        ['{"__proto__":{"poisoned":true}}', /dispatchMetadataTemplate .*named __proto__/],
        [
          '{"list":[{"__proto__":1,"constructor":2}]}',
          /dispatchMetadataTemplate .*named __proto__/,
        ],
        ['{"a":9007199254740993}', /dispatchMetadataTemplate .*beyond 2\^53/],
        ['{"a":[-12345678901234567890.0]}', /dispatchMetadataTemplate .*beyond 2\^53/],
        ['{"a":{"b":1e-400}}', /dispatchMetadataTemplate .*too near to 0/],
      ] as const
    ) {
      const refused = await post(template);
      assertFailure(refused, 400, "VALIDATION_ERROR");
      assert.match(refused.json.error, why);
    }
    assert.equal("poisoned" in {}, false);
    const kept = '{"constructor":{"prototype":[1]},"a":[9007199254740992,1e20,5e-324,0.1,-0.5]}';
    const number = phoneNumber(await post(kept));
    assert.deepEqual(number.dispatchMetadataTemplate, JSON.parse(kept));
  }));

test("POST answers 400 when the body does not fit", () =>
  withSpeko(async ({ call }) => {
    for (
      const body of [
        "{",
        "",
        null,
        [],
        "7",
        {},
        { e164: null },
        { e164: 14155550101 },
        { e164: "4155550101" },
        { e164: "+0155550101" },
        { e164: "+1 415 555 0101" },
        { e164: NUMBER, direction: "sideways" },
        { e164: NUMBER, direction: null },
        { e164: NUMBER, label: "x".repeat(121) },
        { e164: NUMBER, label: 7 },
        { e164: NUMBER, label: "a\0b" },
        { e164: NUMBER, label: "\ud800" },
        { e164: NUMBER, agentId: "" },
        { e164: NUMBER, agentId: {} },
        { e164: NUMBER, dispatchMetadataTemplate: [] },
        { e164: NUMBER, dispatchMetadataTemplate: "{}" },
        { e164: NUMBER, dispatchMetadataTemplate: { "a\0": 1 } },
        `{"e164":"${NUMBER}","dispatchMetadataTemplate":${'{"a":'.repeat(90)}1${"}".repeat(90)}}`,
      ]
    ) {
      const sent = typeof body === "string" ? body : JSON.stringify(body);
      assertFailure(await call("POST", "", sent), 400, "VALIDATION_ERROR");
    }
    assert.deepEqual((await call("GET")).json, []);
  }));

test("POST names the field in its sentence when one does not fit", () =>
  withSpeko(async ({ call }) => {
    const { json } = await call("POST", "", { e164: NUMBER, label: 7 });
    assert.equal(json.error, "Invalid request: label must be a string.");
  }));

test("POST answers with the carrier's reason when no number is available", () =>
  withSpeko(async ({ call }) => {
    const post = (e164: string) => call("POST", "", { e164 });
    assertFailure(await post("+14155550110"), 404, "NUMBER_NOT_AVAILABLE");
    assertFailure(await post("+14155550111"), 404, "NUMBER_NOT_AVAILABLE");
    assertFailure(await post("+14155550112"), 502, "CARRIER_ERROR");
    const unreachable = await post("+14155550115");
    assertFailure(unreachable, 502, "CARRIER_ERROR");
    assert.match(unreachable.headers.get("retry-after") ?? "", /^\d+$/);
    const { json: held } = await call("GET");
    for (const { setupStatus } of held) assert.deepEqual(setupStatus.issues, ["PURCHASE_FAILED"]);
  }));

test("POST answers PURCHASE_PENDING when the carrier is slow", () =>
  withSpeko(async ({ app, call }) => {
    const slow = "+14155550113";
    const { id, providerResourceId, setupStatus } = await buy(call, slow);
    assert.equal(setupStatus.status, "action_required");
    assert.deepEqual(setupStatus.issues, ["PURCHASE_PENDING"]);
    assert.equal(providerResourceId, null);
    const code = "PHONE_NUMBER_PROVISIONING_IN_PROGRESS";
    assertFailure(await call("POST", "", { e164: slow }), 409, code);
    const trunk = { e164: slow, sipTrunkId: "trunk_1" };
    assertFailure(await call("POST", "/import", trunk), 409, code);
    const other = spekoCall(app, await app.organization("org_2"));
    assertFailure(await other("POST", "", { e164: slow }), 409, "NUMBER_ALREADY_OWNED");
    await app.advance(5);
    const number = phoneNumber(
      await eventually(
        () => call("GET", `/${id}`),
        ({ json }) => json.setupStatus.issues.length === 0,
      ),
    );
    assert.deepEqual(number.setupStatus.issues, []);
    assert.match(number.providerResourceId, /^sandbox_/);
  }, { waitMs: 40 }));

test("POST gets the number when the carrier's answer is lost", () =>
  withSpeko(async ({ call }) => {
    const { setupStatus } = await buy(call, "+14155550114");
    assert.deepEqual(setupStatus.issues, []);
    assert.equal((await call("GET")).json.length, 1);
  }));

test("POST answers 409 when anyone holds the number", () =>
  withSpeko(async ({ app, call }) => {
    await buy(call, NUMBER);
    assertFailure(await call("POST", "", { e164: NUMBER }), 409, "NUMBER_ALREADY_YOURS");
    const other = spekoCall(app, await app.organization("org_2"));
    assertFailure(await other("POST", "", { e164: NUMBER }), 409, "NUMBER_ALREADY_OWNED");
  }));

test("POST gives a number to one caller when many ask concurrently", () =>
  withSpeko(async ({ app, call }) => {
    const other = spekoCall(app, await app.organization("org_2"));
    const answers = await Promise.all(
      [call, other, call, other, call, other].map((each) => each("POST", "", { e164: NUMBER })),
    );
    const statuses = answers.map(({ status }) => status);
    assert.deepEqual(statuses.toSorted(), [200, 409, 409, 409, 409, 409]);
  }));

test("POST answers 403 when the plan's limit is reached", () =>
  withSpeko(async ({ call }) => {
    await buy(call, NUMBER);
    assertFailure(await call("POST", "", { e164: "+14155550102" }), 403, "PLAN_LIMIT_REACHED");
  }, { plan: "Free" }));

test("POST answers 402 when the payment is declined", () => {
  const payments: Payments = {
    charge: () => Promise.resolve("declined"),
    refund: () => Promise.resolve("refunded"),
  };
  return withSpeko(async ({ call }) => {
    assertFailure(await call("POST", "", { e164: NUMBER }), 402, "INSUFFICIENT_CREDITS");
  }, { payments });
});

test("POST buys once when it is sent twice under one Idempotency-Key", () =>
  withSpeko(async ({ call }) => {
    const key = { "idempotency-key": "k1" };
    const first = phoneNumber(await call("POST", "", { e164: NUMBER }, key));
    assert.deepEqual(phoneNumber(await call("POST", "", { e164: NUMBER }, key)), first);
    const other = await call("POST", "", { e164: "+14155550102" }, key);
    assertFailure(other, 422, "IDEMPOTENCY_KEY_REUSED");
    assert.equal((await call("GET")).json.length, 1);
  }));
