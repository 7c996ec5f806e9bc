/** Quotas in each dialect's words, and the operator's part in them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readPlans } from "../../adapters/runtimes/server/plans.ts";
import { NO_LIMITS, type Plan } from "../../core/values/plan.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { money } from "../../core/values/money.ts";
import { openTestApp, SIP } from "../support/app.ts";

const planWith = (limits: Partial<Plan["limits"]>) => ({
  Small: {
    name: "Small",
    maxNumbers: 10,
    billing: "subscription",
    verification: "none",
    limits: { ...NO_LIMITS, ...limits },
  },
} as const);

const open = async (limits: Partial<Plan["limits"]>) => {
  const app = openTestApp({ plans: planWith(limits) });
  const token = await app.organization("acme", "Small");
  const talkturo = (phoneNumber: string, more = {}) =>
    app.request("POST", "/api/phone-numbers/purchase", {
      token,
      body: { phoneNumber, teamId: "acme", ...more },
    });
  const speko = (path: string, body: unknown) =>
    app.request("POST", `/v1/phone-numbers${path}`, { token, body });
  return { app, token, talkturo, speko };
};

test("a number above the plan's price is refused with 403, and nothing is ordered", async () => {
  const { app, token, talkturo, speko } = await open({ highestMonthly: money(500_000) });
  for (
    const answer of [await talkturo("+14155550101"), await speko("", { e164: "+14155550101" })]
  ) {
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, "PRICE_LIMIT_EXCEEDED");
  }
  assert.deepEqual((await app.request("GET", "/v1/phone-numbers", { token })).json, []);
  await app.close();
});

test("buying and releasing forty times ends at the quota", async () => {
  const { app, token, talkturo, speko } = await open({ purchasesPerDay: 3 });
  const codes: unknown[] = [];
  for (let turn = 0; turn < 40; turn++) {
    const { status, json } = await talkturo("+14155550101");
    codes.push(status === 200 ? 200 : json.code);
    if (status !== 200) continue;
    const path = `/v1/phone-numbers/${json.phoneNumber.id}`;
    await app.request("DELETE", path, { token });
  }
  assert.deepEqual(codes, [200, 200, 200, ...Array(37).fill("PURCHASE_QUOTA_REACHED")]);
  const { status, json } = await speko("", { e164: "+14155550101" });
  assert.deepEqual([status, json.code], [403, "PURCHASE_QUOTA_REACHED"]);
  assert.match(json.error, /possible from 2026-02-01T10:00:00Z on/);
  await app.advance(24 * 3_600);
  assert.equal((await talkturo("+14155550101")).status, 200);
  await app.close();
});

test("a purchase that the carrier refuses costs nothing of the quota", async () => {
  const { app, talkturo } = await open({ purchasesPerDay: 1 });
  for (let turn = 0; turn < 3; turn++) {
    assert.equal((await talkturo("+14155550112")).json.code, "CARRIER_ERROR");
  }
  assert.equal((await talkturo("+14155550101")).status, 200);
  await app.close();
});

test("refused purchases are shown for seven days, and twenty at most", async () => {
  const { app, token, talkturo } = await open({});
  const shown = async () => (await app.request("GET", "/v1/phone-numbers", { token })).json.length;
  for (let turn = 0; turn < 25; turn++) await talkturo("+14155550112");
  assert.equal(await shown(), 20);
  await app.advance(7 * 24 * 3_600 + 1);
  assert.equal(await shown(), 0);
  await app.close();
});

test("imports end at the plan's limit, and need an installed connection", async () => {
  const { app, speko } = await open({ imports: 1 });
  const number = (last: number) => `+493012345${last}00`;
  const stranger = await speko("/import", { e164: number(1), sipTrunkId: "made-up" });
  assert.deepEqual([stranger.status, stranger.json.code], [400, "VALIDATION_ERROR"]);
  assert.equal((await speko("/import", { e164: number(1), sipTrunkId: SIP.trunkId })).status, 200);
  const second = await speko("/import", { e164: number(2), sipTrunkId: SIP.trunkId });
  assert.deepEqual([second.status, second.json.code], [403, "IMPORT_LIMIT_REACHED"]);
  await app.close();
});

test("a connection is one that the operator registered for this organization", async () => {
  const { app, talkturo } = await open({});
  const path = "/admin/organizations/acme/connections";
  await app.organization("umbrella", "Small");
  await app.admin("PUT", "/admin/organizations/umbrella/connections/cn_1", { label: "Theirs" });
  const refused = await talkturo("+14155550101", { connectionId: "cn_1" });
  assert.deepEqual([refused.status, refused.json.code], [403, "CONNECTION_UNKNOWN"]);
  assert.deepEqual(await app.admin("PUT", `${path}/cn_1`, { label: "Main" }), {
    id: "cn_1",
    label: "Main",
  });
  assert.deepEqual(await app.admin("GET", path), { connections: [{ id: "cn_1", label: "Main" }] });
  assert.equal((await talkturo("+14155550101", { connectionId: "cn_1" })).status, 200);
  await app.admin("DELETE", `${path}/cn_1`);
  const gone = await talkturo("+14155550102", { connectionId: "cn_1" });
  assert.equal(gone.json.code, "CONNECTION_UNKNOWN");
  await app.close();
});

const TEAM = {
  maxNumbers: 25,
  billing: "subscription",
  verification: "none",
  limits: {
    imports: 50,
    purchasesPerDay: 25,
    purchasesPer30Days: 50,
    highestSetup: "10.00",
    highestMonthly: "5.00",
    requestsPerMinute: 1000,
    searchesPerMinute: 60,
  },
};

test("PLANS is JSON, or a file of it, with prices in dollars", () => {
  const text = JSON.stringify({ Team: TEAM });
  const inline = readPlans(text, null);
  assert.deepEqual(inline.ok && inline.value["Team"]?.limits.highestSetup, money(10_000_000));
  assert.deepEqual(readPlans("plans.json", () => text), inline);
  assert.ok(inline.ok && inline.value["Growth"] === undefined && DEFAULT_PLANS["Growth"]);
  const daysOf = (given: object) => {
    const read = readPlans(JSON.stringify({ Team: { ...TEAM, ...given } }), null);
    return read.ok ? [read.value["Team"]?.trialDays, read.value["Team"]?.graceDays] : read.error;
  };
  assert.deepEqual(daysOf({}), [undefined, undefined]);
  assert.deepEqual(daysOf({ trialDays: 1, graceDays: 0 }), [1, 0]);
  assert.deepEqual(daysOf({ trialDays: 365, graceDays: 365 }), [365, 365]);
});

test("PLANS may say how many days before deadlines notice is given, of a month at most 27", () => {
  const bounds = { trialNoticeDays: 365, renewalNoticeDays: 27, graceNoticeDays: 365 };
  for (const [term, most] of Object.entries(bounds)) {
    const saying = (days: unknown) =>
      readPlans(JSON.stringify({ Team: { ...TEAM, [term]: days } }), null);
    for (const days of [0, most]) {
      const read = saying(days);
      assert.ok(read.ok);
      assert.deepEqual({ ...read.value["Team"], [term]: days }, read.value["Team"]);
    }
    for (const days of [most + 1, -1, 1.5, "1", null]) {
      const read = saying(days);
      assert.match(read.ok ? "" : read.error, new RegExp(`^PLANS: Team\\.${term}: must be `));
    }
  }
});

test("PLANS that does not fit gives one line that names the member", () => {
  const missing = () => {
    throw new Error("ENOENT: no such file");
  };
  const { imports: _, ...limits } = TEAM.limits;
  const cases: readonly (readonly [string, RegExp])[] = [
    ["plans.json", /^PLANS: the file cannot be read: ENOENT/],
    ["{", /^PLANS: must be a JSON object/],
    ...["[]", "null", '"plans"'].map((json) =>
      [json, /^PLANS: must be a JSON object of plans/] as const
    ),
    ["{}", /^PLANS: must have at least one plan/],
    ...[
      "",
      " ",
      "Team ",
      "a\u0000",
      "a\ud800",
      "a\u200bb",
      "e\u0301",
      "ledgerline:x",
      "x".repeat(201),
    ]
      .map((name) =>
        [JSON.stringify({ [name]: TEAM }), /^PLANS: a plan's name must .*does not fit$/] as const
      ),
    [`{"Team":${JSON.stringify(TEAM)},"Team":{}}`, /^PLANS: "Team" is there twice$/],
    [
      JSON.stringify({ Team: TEAM }).replace("{", '{"Other":{"maxNumbers":1,"maxNumbers":2},'),
      /^PLANS: "Other\.maxNumbers" is there twice$/,
    ],
    ['{"Team":[]}', /^PLANS: Team/],
    [JSON.stringify({ Team: { ...TEAM, limits } }), /^PLANS: Team\.limits\.imports: is required/],
    [
      JSON.stringify({ Team: { ...TEAM, limits: { ...TEAM.limits, highestSetup: 10 } } }),
      /^PLANS: Team\.limits\.highestSetup: must be a decimal string/,
    ],
    [JSON.stringify({ Team: { ...TEAM, maxNumbers: -1 } }), /^PLANS: Team\.maxNumbers: /],
    ...["trialDays", "graceDays"].flatMap((term) =>
      [366, -1, 1.5, "7", null].map((days) =>
        [
          JSON.stringify({ Team: { ...TEAM, [term]: days } }),
          new RegExp(`^PLANS: Team\\.${term}: must be `),
        ] as const
      )
    ),
    [JSON.stringify({ Team: { ...TEAM, trialDays: 0 } }), /^PLANS: Team\.trialDays: must be /],
    [JSON.stringify({ Team: { ...TEAM, cost: 1 } }), /^PLANS: Team\.cost: is not known/],
    [JSON.stringify({ Team: { ...TEAM, price: 3 } }), /^PLANS: Team\.price: must be a decimal/],
    [JSON.stringify({ Team: { ...TEAM, price: "-3" } }), /^PLANS: Team\.price: must be a decimal/],
    [
      JSON.stringify({ Team: { ...TEAM, price: "100000000.000001" } }),
      /^PLANS: Team\.price: must be at most 100,000,000 dollars/,
    ],
    ...[-1, 100_001, 0.5, "15"].map((markup) =>
      [JSON.stringify({ Team: { ...TEAM, markup } }), /^PLANS: Team\.markup: must be /] as const
    ),
    [
      JSON.stringify({ Team: { ...TEAM, price: "3.00", markup: 0 } }),
      /^PLANS: Team: has both a price and a markup/,
    ],
  ];
  for (const [given, says] of cases) {
    const read = readPlans(given, missing);
    assert.ok(!read.ok && says.test(read.error), JSON.stringify(read));
    assert.ok(!read.ok && !read.error.includes("\n"));
  }
  const none = readPlans("plans.json", null);
  assert.ok(!none.ok && /must be JSON/.test(none.error));
});
