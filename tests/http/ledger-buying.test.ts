/** Numbers are found, bought and brought in through the ledger's own API. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SHORT_WAIT_MS, SIP } from "../support/app.ts";
import { assertProblem, assertRefusedByField, bought, expected } from "./ledger-support.ts";
import { userOf, withTeam } from "./talk-support.ts";
import { CREDITS } from "../support/plans.ts";

const NUMBER = "+14155550101";
const GERMAN = "+4922812345678";

test("a search shows what the carrier sells, with its prices, and buys nothing", () =>
  withTeam(async ({ call }) => {
    const body = { country: "US", areaCode: "415", limit: 2 };
    const found = expected(await call("POST", "/ledger/searches", { body }), 200);
    assert.deepEqual(Object.keys(found), ["carrier", "offers", "nearby"]);
    assert.deepEqual([found.carrier, found.offers.length, found.nearby], ["sandbox", 2, []]);
    assert.deepEqual(found.offers[0], {
      e164: found.offers[0].e164,
      type: "local",
      country: "US",
      setupUsd: "1.00",
      monthlyUsd: "1.00",
      features: ["voice", "sms"],
      region: found.offers[0].region,
    });
    assert.match(found.offers[0].e164, /^\+1415/);
    assert.deepEqual(Object.keys(found.offers[0].region), ["state", "locality", "rateCenter"]);
    const free = { country: "ca", type: "toll-free", limit: 1 };
    const [offer] = expected(await call("POST", "/ledger/searches", { body: free }), 200).offers;
    assert.deepEqual([offer.type, offer.country], ["toll-free", "CA"]);
    const listed = expected(await call("GET", "/ledger/numbers"), 200);
    assert.deepEqual(listed, { numbers: [], next: null });
  }));

test("a search that does not fit is refused by its member", () =>
  withTeam(async ({ call }) => {
    await assertRefusedByField(call, "POST", "/ledger/searches", [
      [{}, "country"],
      [{ country: "UK" }, "country"],
      [{ country: "DE", areaCode: "030" }, "areaCode"],
      [{ country: "US", areaCode: "41" }, "areaCode"],
      [{ country: "US", type: "mobile" }, "type"],
      [{ country: "US", limit: 101 }, "limit"],
      [{ country: "US", nearby: true }, "nearby"],
      [{ country: "US", features: ["telex"] }, "features.0"],
      [{ country: "US", contains: "x" }, "contains"],
      [{ country: "US", areacode: "415" }, "areacode"],
    ]);
  }));

test("a purchase answers with the whole number and where it is; the same key buys nothing more", () =>
  withTeam(async ({ call }) => {
    const body = {
      e164: NUMBER,
      direction: "inbound",
      label: "Front desk",
      assistant: "agent_1",
      template: { greeting: "Hello" },
    };
    const headers = { "idempotency-key": "order-1" };
    const first = await call("POST", "/ledger/numbers", { body, headers });
    const number = expected(first, 201);
    assert.equal(first.headers.get("location"), `/ledger/numbers/${number.id}`);
    assert.deepEqual(number, {
      id: number.id,
      e164: NUMBER,
      source: "managed",
      carrier: "sandbox",
      status: "active",
      issues: [],
      waitsFor: null,
      direction: "inbound",
      label: "Front desk",
      assistant: { id: "agent_1", name: null },
      monthlyUsd: "1.00",
      autoRenewal: true,
      trialEndsAt: null,
      renewsAt: "2026-02-28T10:00:00Z",
      suspendedAt: null,
      failure: null,
      createdAt: "2026-01-31T10:00:00Z",
      updatedAt: "2026-01-31T10:00:00Z",
      features: ["voice", "sms"],
      sip: null,
      template: { greeting: "Hello" },
      smsCampaign: null,
    });
    assert.deepEqual(expected(await call("GET", `/ledger/numbers/${number.id}`), 200), number);
    const again = await call("POST", "/ledger/numbers", { body, headers });
    assert.deepEqual(expected(again, 201), number);
    assert.equal(again.headers.get("idempotency-replayed"), "true");
    const other = { body: { e164: "+14155550102" }, headers };
    assert.equal((await call("POST", "/ledger/numbers", other)).status, 422);
    assert.equal((await call("GET", "/ledger/numbers")).json.numbers.length, 1);
    // What is left out: both directions, and nothing else.
    const { direction, label, assistant, template } = await bought(call, "+14155550102");
    assert.deepEqual([direction, label, assistant, template], ["both", null, null, null]);
  }));

test("a purchase that the carrier has not confirmed in time is 202, and becomes active", () =>
  withTeam(async ({ app, call }) => {
    const answer = await call("POST", "/ledger/numbers", { body: { e164: "+14155550113" } });
    const { id, status } = expected(answer, 202);
    assert.equal(status, "purchasing");
    assert.equal(answer.headers.get("location"), `/ledger/numbers/${id}`);
    const repeated = await call("POST", "/ledger/numbers", { body: { e164: "+14155550113" } });
    assertProblem(repeated, 409, "PURCHASE_IN_PROGRESS");
    assert.equal(repeated.json.number, id);
    await app.advance(3);
    assert.equal((await call("GET", `/ledger/numbers/${id}`)).json.status, "active");
  }, { waitMs: SHORT_WAIT_MS }));

test("a purchase is refused with the ledger's own code, as a problem", () =>
  withTeam(async ({ app, call }) => {
    const buy = (e164: string, more = {}) =>
      call("POST", "/ledger/numbers", { body: { e164, ...more } });
    const other = userOf(app, await app.organization("team_2"));
    await bought(other, "+14155550103");
    assertProblem(await buy("+14155550103"), 409, "NUMBER_ALREADY_OWNED");
    const { id } = await bought(call, NUMBER);
    const mine = await buy(NUMBER);
    assertProblem(mine, 409, "NUMBER_ALREADY_YOURS");
    assert.equal(mine.json.number, id);
    assertProblem(await buy("+14155550110"), 404, "NUMBER_NOT_AVAILABLE");
    assertProblem(await buy("+14155550111"), 404, "NUMBER_NOT_AVAILABLE");
    assertProblem(await buy("+14155550112"), 502, "CARRIER_FAILED");
    const away = await buy("+14155550115");
    assertProblem(away, 503, "CARRIER_UNREACHABLE");
    assert.equal(away.headers.get("retry-after"), "5");
    assertProblem(await buy("+14155550104", { connection: "c_1" }), 403, "CONNECTION_UNKNOWN");
    await app.admin("PUT", "/admin/organizations/team_1/connections/c_1", { label: "Trunk" });
    await bought(call, "+14155550104", { connection: "c_1" });
  }));

test("a purchase beyond the plan shows the place within it, and one for documents what is missing", () =>
  withTeam(async ({ app, call }) => {
    const free = userOf(app, await app.organization("team_2", "Free"));
    await bought(free, "+14155550105");
    const refused = await free("POST", "/ledger/numbers", { body: { e164: "+14155550106" } });
    assertProblem(refused, 403, "PLAN_LIMIT_REACHED");
    const place = { plan: "Free", numbers: 1, maxNumbers: 1, hasSubscription: false };
    assert.deepEqual(refused.json.eligibility, place);
    const swiss = await call("POST", "/ledger/numbers", { body: { e164: "+41442550001" } });
    assertProblem(swiss, 422, "REQUIREMENTS_MISSING");
    const { country, type, missing } = swiss.json.requirements;
    assert.deepEqual([country, type, missing.length > 0], ["CH", "local", true]);
  }));

test("a purchase that credits do not pay for is 402, and takes none", () =>
  withTeam(async ({ app, call }) => {
    await app.admin("POST", "/admin/organizations/team_1/credits", { amount: "1.50" });
    const refused = await call("POST", "/ledger/numbers", { body: { e164: NUMBER } });
    assertProblem(refused, 402, "INSUFFICIENT_CREDITS");
    assert.equal((await call("GET", "/ledger/credits")).json.balanceUsd, "1.50");
  }, {
    plan: "Credits",
    plans: {
      Credits: CREDITS,
    },
  }));

test("a body of a purchase that does not fit is refused by its member, and nothing is bought", () =>
  withTeam(async ({ call }) => {
    await assertRefusedByField(call, "POST", "/ledger/numbers", [
      [{}, "e164"],
      [{ e164: "415 555 0101" }, "e164"],
      [{ e164: NUMBER, direction: "up" }, "direction"],
      [{ e164: NUMBER, label: "x".repeat(121) }, "label"],
      [{ e164: NUMBER, assistant: "" }, "assistant"],
      [{ e164: NUMBER, assistant: "agent\u200b" }, "assistant"],
      [{ e164: NUMBER, template: [] }, "template"],
      [{ e164: NUMBER, template: { text: "x".repeat(9_000) } }, "template"],
      [{ e164: NUMBER, connection: 7 }, "connection"],
      [{ e164: NUMBER, smsCampaign: { status: "ASSIGNED" } }, "smsCampaign"],
      [{ e164: NUMBER, teamId: "team_1" }, "teamId"],
    ]);
    for (const body of ["[]", "7", "null", "{", '{"e164":"+14155550101","e164":"+14155550102"}']) {
      assertProblem(await call("POST", "/ledger/numbers", { body }), 400, "VALIDATION_ERROR");
    }
    assert.deepEqual((await call("GET", "/ledger/numbers")).json.numbers, []);
  }));

test("a number is imported over a connection or a trunk, and given up", () =>
  withTeam(async ({ call }) => {
    const over = (via: object, e164 = GERMAN) =>
      call("POST", "/ledger/imports", { body: { e164, ...via } });
    const connections = expected(await call("GET", "/ledger/sip-connections"), 200);
    const { id, providerName, trunkId } = SIP;
    assert.deepEqual(connections, {
      sipConnections: [{ id, providerName, trunk: trunkId, ready: false }],
    });
    const template = { greeting: "Hallo" };
    const answer = await over({ sipConnection: SIP.id, label: "Bonn", template });
    const number = expected(answer, 201);
    assert.equal(answer.headers.get("location"), `/ledger/numbers/${number.id}`);
    assert.deepEqual(
      [number.source, number.carrier, number.label, number.monthlyUsd, number.sip],
      ["imported", null, "Bonn", null, { connection: SIP.id, trunk: null, providerName }],
    );
    assert.deepEqual(number.template, template);
    const taken = await over({ sipConnection: SIP.id });
    assertProblem(taken, 409, "NUMBER_ALREADY_YOURS");
    assert.equal(taken.json.number, number.id);
    const legacy = expected(await over({ sipTrunk: SIP.trunkId }, "+4922812345679"), 201);
    assert.deepEqual([legacy.sip.connection, legacy.sip.trunk], [null, SIP.trunkId]);
    const unknown = await over({ sipConnection: "sip_9" }, "+4922812345670");
    assertProblem(unknown, 409, "SIP_CONNECTION_UNKNOWN");
    // An assistant has it: it is taken from there first.
    await call("PATCH", `/ledger/numbers/${number.id}`, { body: { assistant: "agent_1" } });
    const inUse = await call("DELETE", `/ledger/imports/${number.id}`);
    assertProblem(inUse, 409, "NUMBER_IN_USE");
    await call("PATCH", `/ledger/numbers/${number.id}`, { body: { assistant: null } });
    const removed = expected(await call("DELETE", `/ledger/imports/${number.id}`), 200);
    assert.deepEqual(removed, { released: true });
    assertProblem(await call("DELETE", `/ledger/imports/${number.id}`), 404, "NUMBER_UNKNOWN");
  }));

test("an import names one way in, and a bought number or another's is none to give up", () =>
  withTeam(async ({ app, call }) => {
    await assertRefusedByField(call, "POST", "/ledger/imports", [
      [{ e164: GERMAN }, "sipConnection"],
      [{ e164: GERMAN, sipConnection: null }, "sipConnection"],
      [{ e164: GERMAN, sipConnection: SIP.id, sipTrunk: SIP.trunkId }, "sipConnection"],
      [{ e164: GERMAN, sipConnection: "" }, "sipConnection"],
      [{ sipConnection: SIP.id }, "e164"],
      [{ e164: GERMAN, via: { sipConnection: SIP.id } }, "via"],
    ]);
    const { id } = await bought(call, NUMBER);
    assertProblem(await call("DELETE", `/ledger/imports/${id}`), 404, "NUMBER_UNKNOWN");
    const other = userOf(app, await app.organization("team_2"));
    const body = { e164: GERMAN, sipConnection: SIP.id };
    const theirs = expected(await other("POST", "/ledger/imports", { body }), 201);
    assertProblem(await call("DELETE", `/ledger/imports/${theirs.id}`), 404, "NUMBER_UNKNOWN");
    assert.equal((await other("GET", `/ledger/numbers/${theirs.id}`)).status, 200);
  }));
