/** Speko's answers in all states, each held strictly against its OpenAPI document. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NO_LIMITS } from "../../core/values/plan.ts";
import { openMemoryLimiter } from "../../adapters/limiter/memory.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import type { TestApp, TestRequest, TestResponse } from "../support/app.ts";
import { CALLS, CREDIT_CALLS } from "./openapi/schemas.ts";
import { assertDocumented, callNamed, faults } from "./openapi/validator.ts";
import { BASE, BUSINESS, withSpeko } from "./speko-support.ts";
import { eventually } from "../support/eventually.ts";

const NUMBER = "+14155550101";
const REFUSED = "+14155550112";
const SLOW = "+14155550113";
const UNREACHABLE = "+14155550115";
const LEAVES_LATE = "+14155550116";
const DAY_S = 24 * 60 * 60;

/** What occurred: calls with their status, codes, and the states of numbers and verifications. */
type Seen = {
  readonly calls: Set<string>;
  readonly codes: Set<string>;
  readonly states: Set<string>;
};

const note = (seen: Seen, method: string, path: string, { status, json }: TestResponse): void => {
  seen.calls.add(`${callNamed(method, path)} ${status}`);
  if (status >= 400) seen.codes.add(json.code);
  for (const one of Array.isArray(json) ? json : [json]) {
    if (one?.setupStatus !== undefined) {
      const { source, setupStatus: { status: setup, issues } } = one;
      seen.states.add(`${source} ${setup} ${issues.join(" ")}`.trim());
    }
    if (one?.status !== undefined && callNamed(method, path)?.includes("kyb")) {
      seen.states.add(`kyb ${one.status}`);
    }
  }
};

type Ask = (
  method: string,
  path: string,
  body?: unknown,
  options?: TestRequest,
) => Promise<TestResponse>;

/** Calls whose answers must be documented, and are recorded. */
const asking =
  (app: TestApp, token: string, seen: Seen): Ask => async (method, path, body, options) => {
    const full = path.startsWith("/v1") ? path : `${BASE}${path}`;
    const answer = await app.request(method, full, { token, body, ...options });
    assertDocumented(method, full, answer);
    note(seen, method, full, answer);
    return answer;
  };

const plans = {
  Prepaid: {
    name: "Prepaid",
    maxNumbers: 4,
    billing: "credits",
    verification: "approved",
    limits: NO_LIMITS,
  },
  Free: {
    name: "Free",
    maxNumbers: 1,
    billing: "trial",
    verification: "none",
    limits: NO_LIMITS,
  },
} as const;

/** Every state of a verification, read after each step. */
const verify = async (app: TestApp, ask: Ask): Promise<string> => {
  const review = (id: string, verb: string) =>
    app.admin("POST", `/admin/verifications/${id}/${verb}`, { reason: "Illegible papers" });
  const submit = async () => {
    const { json: { id } } = await ask("POST", "/kyb/submit", BUSINESS);
    await ask("GET", "/kyb");
    return id;
  };
  await ask("GET", "/kyb");
  await ask("PUT", "/kyb/draft", { ...BUSINESS, attestationAccepted: false });
  await ask("GET", "/kyb");
  await ask("PUT", "/kyb/draft", { businessProfile: 1 });
  await ask("POST", "/kyb/submit", { ...BUSINESS, attestationAccepted: false });
  const first = await submit();
  await ask("PUT", "/kyb/draft", BUSINESS);
  await review(first, "reject");
  await ask("GET", "/kyb");
  const second = await submit();
  await review(second, "approve");
  await ask("GET", "/kyb");
  return second;
};

/** Numbers in every state in which this API shows them. */
const runLifecycle = async (app: TestApp, ask: Ask, verification: string): Promise<void> => {
  await ask("POST", "", { e164: NUMBER });
  await app.admin("POST", "/admin/organizations/org_1/credits", { amount: "6.00" });
  const { json: { id } } = await ask("POST", "", {
    e164: NUMBER,
    direction: "both",
    label: "Desk",
  });
  await ask("POST", "", { e164: NUMBER });
  await ask("POST", "", { e164: REFUSED });
  await ask("POST", "", { e164: UNREACHABLE });
  await ask("POST", "", { e164: "+14155550110" });
  await ask("POST", "", { e164: SLOW });
  await ask("POST", "", { e164: SLOW });
  const { json: leaving } = await ask("POST", "", { e164: LEAVES_LATE });
  await ask("POST", "/import", {
    e164: "+4922812345",
    sipTrunkId: "trunk_1",
    direction: "inbound",
  });
  await ask("POST", "/import", { e164: "+4922812345", sipTrunkId: "trunk_1" });
  await ask("POST", "/import", { e164: "+4922812346" });
  await ask("GET", "");
  const campaign = { profile: "pr_1", campaign: "ca_1", status: "ASSIGNED" } as const;
  const operator = { organization: "org_1", actor: OPERATOR };
  await app.ledger.assignSmsCampaign(operator, id, campaign);
  await ask("PATCH", `/${id}`, { agentId: "ag_1", dispatchMetadataTemplate: { tier: 1 } });
  await ask("PATCH", `/${id}`, { label: 7 });
  await ask("PATCH", "/pn_unknown", { label: "x" });
  await ask("GET", `/${id}`);
  await ask("GET", "/pn_unknown");
  await ask("DELETE", `/${leaving.id}`);
  await ask("GET", `/${leaving.id}`);
  await app.admin("POST", `/admin/verifications/${verification}/revoke`, { reason: "Dissolved" });
  await ask("GET", `/${id}`);
  await ask("GET", "/kyb");
  const { json: again } = await ask("POST", "/kyb/submit", BUSINESS);
  await app.admin("POST", `/admin/verifications/${again.id}/approve`);
  await app.advance(32 * DAY_S);
  await ask("GET", "");
  await ask("GET", "/v1/credits/ledger");
  await ask("GET", "/v1/credits/ledger?cursor=x");
  await ask("GET", "/v1/credits/balance");
  await ask("DELETE", `/${id}`);
  await ask("DELETE", `/${id}`);
};

/** Failures before a call is handled, and a search. */
const frame = async (ask: Ask): Promise<void> => {
  await ask("GET", "/available?areaCode=415&limit=3");
  await ask("GET", "/available?limit=51");
  await ask("POST", "", "{", {});
  await ask("POST", "", JSON.stringify({ label: "x".repeat(70_000) }));
  await ask("POST", "", "e164=1", { headers: { "content-type": "text/plain" }, body: "e164=1" });
  await ask("DELETE", "");
  await ask("GET", "/v1/unheard-of");
  for (const name of [...Object.keys(CALLS), ...Object.keys(CREDIT_CALLS)]) {
    const [method = "", path = ""] = name.split(" ");
    const body = method === "GET" || method === "DELETE" ? undefined : {};
    await ask(method, path.replace("{id}", "pn_1"), body, { token: "nobody's" });
  }
};

/** What must have occurred. */
const CODES = [
  "CARRIER_ERROR",
  "INSUFFICIENT_CREDITS",
  "METHOD_NOT_ALLOWED",
  "NOT_FOUND",
  "NUMBER_NOT_AVAILABLE",
  "PAYLOAD_TOO_LARGE",
  "PHONE_NUMBER_KYB_REQUIRED",
  "PHONE_NUMBER_PROVISIONING_IN_PROGRESS",
  "PLAN_LIMIT_REACHED",
  "RATE_LIMITED",
  "UNAUTHORIZED",
  "UNSUPPORTED_MEDIA_TYPE",
  "VALIDATION_ERROR",
  "VERIFICATION_LOCKED",
];
const STATES = [
  "kyb approved",
  "kyb draft",
  "kyb missing",
  "kyb rejected",
  "kyb revoked",
  "kyb submitted",
  "managed action_required INBOUND_ROUTE_MISSING",
  "managed action_required PURCHASE_FAILED",
  "managed action_required PURCHASE_PENDING",
  "managed ready",
  "managed suspended",
  "managed suspended BILLING_SUSPENDED",
  "managed suspended COMPLIANCE_SUSPENDED",
  "sip_trunk action_required SIP_CONNECTION_NOT_READY INBOUND_ROUTE_MISSING FORWARDING_REQUIRED",
];

const seen: Seen = { calls: new Set(), codes: new Set(), states: new Set() };

describe("every answer is what the document says:", () => {
  test("of a prepaid organization, through its verification and the lifecycles of its numbers", () =>
    withSpeko(async ({ app }) => {
      const token = await app.organization("org_1", "Prepaid");
      const ask = asking(app, token, seen);
      await ask("POST", "", { e164: NUMBER });
      const verification = await verify(app, ask);
      await frame(ask);
      await runLifecycle(app, ask, verification);
    }, { plans, plan: "Prepaid", waitMs: 40, recoveryMs: 60_000 }));

  test("of a trial, and of one number too many", () =>
    withSpeko(async ({ app }) => {
      const ask = asking(app, await app.organization("org_1", "Free"), seen);
      const { json: { id } } = await ask("POST", "", { e164: NUMBER });
      await ask("POST", "", { e164: "+14155550102" });
      await app.advance(5 * DAY_S);
      await eventually(() => ask("GET", `/${id}`), ({ status }) => status === 404);
    }, { plans, plan: "Free" }));

  test("of a caller that searches too often", () =>
    withSpeko(async ({ app }) => {
      const ask = asking(app, await app.organization("org_1", "Free"), seen);
      for (let search = 0; search < 21; search++) await ask("GET", "/available?limit=1");
    }, { plan: "Free", limiter: openMemoryLimiter({ now: () => 0 }) }));

  test("and all calls, states and codes were among them", () => {
    for (const name of [...Object.keys(CALLS), ...Object.keys(CREDIT_CALLS)]) {
      assert.ok(seen.calls.has(`${name} 200`), `${name} never went well`);
      assert.ok(seen.calls.has(`${name} 401`), `${name} was never unauthorized`);
    }
    assert.ok(seen.calls.has("DELETE /v1/phone-numbers/{id} 202"));
    assert.deepEqual(CODES.filter((code) => !seen.codes.has(code)), []);
    assert.deepEqual(STATES.filter((state) => !seen.states.has(state)), []);
  });
});

describe("an answer that is not what the document says is found:", () => {
  const number = { $ref: "#/components/schemas/PhoneNumber" };
  const good = {
    id: "pn_1",
    organizationId: "org_1",
    e164: NUMBER,
    source: "managed",
    direction: "both",
    agentId: null,
    nextChargeAt: null,
    setupStatus: {
      status: "ready",
      inboundReady: true,
      outboundReady: true,
      agentReady: true,
      forwardingRequired: false,
      sipConnectionReady: false,
      issues: [],
    },
    createdAt: "2026-01-31T10:00:00Z",
    updatedAt: "2026-01-31T10:00:00Z",
  };

  test("but not a valid one", () => assert.deepEqual(faults(good, number), []));

  for (
    const [what, change] of [
      ["a member that is missing", { e164: undefined }],
      ["null that the document does not have", { createdAt: null }],
      ["a text where a flag belongs", { setupStatus: { ...good.setupStatus, agentReady: "yes" } }],
      ["a word that is not of the list", { direction: "sideways" }],
      ["a number that is not in E.164", { e164: "415 555 0101" }],
      ["a time that is none", { updatedAt: "yesterday" }],
      ["a day without a time", { updatedAt: "2026-01-31" }],
      ["a list where an object belongs", { dispatchMetadataTemplate: [] }],
    ] as const
  ) {
    test(what, () => {
      const bad: unknown = JSON.parse(JSON.stringify({ ...good, ...change }));
      assert.equal(faults(bad, number).length > 0, true);
    });
  }
});
