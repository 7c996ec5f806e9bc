/** Public reports about buying and releasing numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { NO_LIMITS } from "../../core/values/plan.ts";
import { assign, buy, purchase, type Talk, userOf, withTeam } from "../http/talk-support.ts";
import { SHORT_WAIT_MS } from "../support/app.ts";
import { KEPT, openKeepingSandbox } from "../support/keeping-sandbox.ts";

const NUMBER = "+14155550101";
const SLOW = "+14155550113";
const ANSWER_LOST = "+14155550114";
const DAY_S = 24 * 3_600;

/** Charged to credits, without a verification. */
const PAID = {
  maxNumbers: 10,
  billing: "credits",
  verification: "none",
  limits: NO_LIMITS,
} as const;

/** A sandbox that counts the orders that it is sent. */
const counting = () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const sent: string[] = [];
  const carrier: typeof sandbox = {
    ...sandbox,
    order: (asked) => {
      sent.push(asked.e164);
      return sandbox.order(asked);
    },
  };
  return { sent, options: { clock, setClock: clock.set, carrier } };
};

const creditsOf = async (app: Parameters<typeof userOf>[0], id: string): Promise<string> =>
  (await app.admin("GET", `/admin/organizations/${id}`)).credits;

const spekoBuy = (call: Talk, e164: string, more = {}) =>
  call("POST", "/v1/phone-numbers", { body: { e164, ...more } });

const search = async (call: Talk): Promise<readonly string[]> => {
  const filters = { countryCode: "US", areaCode: "212", limit: 5 };
  const { json } = await call("POST", "/api/phone-numbers/search", { body: { filters } });
  return json.numbers.map(({ phoneNumber }: { phoneNumber: string }) => phoneNumber);
};

// https://github.com/juspay/clairvoyance/issues/897
test("two concurrent purchases of one number are one order", () => {
  const { sent, options } = counting();
  return withTeam(async ({ call }) => {
    const answers = await Promise.all([purchase(call, NUMBER), purchase(call, NUMBER)]);
    const statuses = answers.map(({ status }) => status);
    assert.deepEqual(statuses.toSorted(), [200, 409]);
    assert.deepEqual(sent, [NUMBER]);
  }, options);
});

// https://github.com/elizaOS/eliza/issues/22382
test("a number whose answer is lost is ordered and charged once, however often it is asked for", async () => {
  for (const headers of [{}, { "idempotency-key": "order-1" }]) {
    const { sent, options } = counting();
    const charged: string[] = [];
    const payments = {
      charge: ({ key }: { readonly key: string }) => {
        charged.push(key);
        return Promise.resolve("paid" as const);
      },
      refund: () => Promise.resolve("refunded" as const),
    };
    await withTeam(async ({ call }) => {
      for (let turn = 0; turn < 3; turn++) {
        const body = { phoneNumber: ANSWER_LOST, teamId: "team_1" };
        await call("POST", "/api/phone-numbers/purchase", { body, headers });
      }
      assert.deepEqual(sent, [ANSWER_LOST]);
      assert.equal(new Set(charged).size, 1);
    }, { ...options, payments });
  }
});

// https://github.com/AccelerateNetworks/NumberSearch/issues/264
test("a slow number is never shown as failed before it settles, in any dialect", () =>
  withTeam(async ({ app, call }) => {
    const { id } = (await purchase(call, SLOW)).json.phoneNumber;
    const statuses = async () => [
      (await call("GET", `/api/phone-numbers/${id}`)).json.phoneNumber.status,
      (await call("GET", "/api/v1/phone-numbers")).json.data[0].current_status,
      ...(await call("GET", `/v1/phone-numbers/${id}`)).json.setupStatus.issues,
      (await call("GET", "/ledger/numbers")).json.numbers[0].status,
    ];
    for (let polls = 0; polls < 5; polls++) {
      assert.deepEqual(await statuses(), [
        "purchasing",
        "pending",
        "PURCHASE_PENDING",
        "purchasing",
      ]);
    }
    await app.advance(5);
    await app.ledger.work.run();
    assert.deepEqual((await statuses()).slice(0, 2), ["active", "active"]);
  }, { recoveryMs: 60_000, waitMs: SHORT_WAIT_MS }));

// https://github.com/hashicorp/terraform-provider-aws/issues/45572
test("ten clients that concurrently buy the first offer are one buyer, and no other pays", () =>
  withTeam(async ({ app }) => {
    const clients = await Promise.all(Array.from({ length: 10 }, async (_, place) => {
      const id = `client_${place}`;
      const call = userOf(app, await app.organization(id, "Paid"));
      await app.admin("POST", `/admin/organizations/${id}/credits`, { amount: "5.00" });
      return { id, call };
    }));
    const answers = await Promise.all(clients.map(async ({ call, id }) => {
      const [first = ""] = await search(call);
      return (await purchase(call, first, id)).status;
    }));
    assert.deepEqual(answers.toSorted(), [200, ...Array.from({ length: 9 }, () => 409)]);
    const credits = await Promise.all(clients.map(({ id }) => creditsOf(app, id)));
    assert.deepEqual(credits.toSorted(), ["3.00", ...Array.from({ length: 9 }, () => "5.00")]);
  }, {
    plans: {
      Growth: { ...PAID, name: "Growth" },
      Paid: { ...PAID, name: "Paid" },
    },
  }));

// https://github.com/danielberkompas/ex_twilio/issues/116
test("a purchase of an own number for another agent is refused, and leaves its routing alone", () =>
  withTeam(async ({ call }) => {
    const { json: { id } } = await spekoBuy(call, NUMBER, { agentId: "ag_1", direction: "both" });
    const before = (await call("GET", `/v1/phone-numbers/${id}`)).json;
    const again = await spekoBuy(call, NUMBER, { agentId: "ag_2", direction: "outbound" });
    assert.deepEqual([again.status, again.json.code], [409, "NUMBER_ALREADY_YOURS"]);
    assert.deepEqual((await call("GET", `/v1/phone-numbers/${id}`)).json, before);
  }));

// https://github.com/Vonage/vonage-php-sdk-core/issues/100
test("every offer can be bought as written, and one without its plus is refused by its field", () =>
  withTeam(async ({ call }) => {
    const offers = await search(call);
    assert.equal(offers.length, 5);
    for (const e164 of offers) await buy(call, e164);
    const { status, json } = await purchase(call, NUMBER.slice(1));
    assert.equal(status, 400);
    assert.match(json.error, /^phoneNumber .*\+/);
  }));

// https://github.com/vellum-ai/vellum-assistant/issues/10848
test("a routed number that is released is immediately absent from its assistant's list", () =>
  withTeam(async ({ call }) => {
    const id = await buy(call, KEPT);
    await assign(call, "asst_1", [id]);
    assert.equal((await call("DELETE", `/api/phone-numbers/${id}`)).status, 202);
    const list = await call("GET", "/api/assistants/asst_1/telephony/phone-numbers");
    assert.deepEqual(list.json.numbers, []);
  }, openKeepingSandbox().options));

// https://github.com/hail-hq/hail/issues/75
test("a number that is deleted twice, and that its carrier no longer has, ends the same way", () => {
  const { options } = counting();
  const carrier = {
    ...options.carrier,
    release: () => Promise.resolve({ ok: true, value: "gone" } as const),
  };
  return withTeam(async ({ call }) => {
    const id = await buy(call, NUMBER);
    const answers = await Promise.all([1, 2].map(() => call("DELETE", `/v1/phone-numbers/${id}`)));
    for (const { status } of answers) assert.ok([200, 202, 404].includes(status), `${status}`);
    const { events } = (await call("GET", `/ledger/numbers/${id}/history`)).json;
    const released = events.filter(({ type }: { type: string }) => type === "Released");
    assert.equal(released.length, 1);
  }, { ...options, carrier });
});

// https://github.com/twilio/twilio-node/issues/350
test("a number whose renewal is turned off serves to its date, and is charged no more", () =>
  withTeam(async ({ app, call }) => {
    const id = await buy(call, NUMBER);
    const changed = await call("PATCH", `/ledger/numbers/${id}`, { body: { autoRenewal: false } });
    assert.equal(changed.status, 200, JSON.stringify(changed.json));
    await app.advance(27 * DAY_S);
    assert.equal((await call("GET", `/ledger/numbers/${id}`)).json.status, "active");
    await app.advance(2 * DAY_S);
    assert.equal((await call("GET", `/ledger/numbers/${id}`)).status, 404);
    const { events } = (await call("GET", `/ledger/numbers/${id}/history`)).json;
    assert.ok(!events.some(({ type }: { type: string }) => type === "Renewed"));
  }));

// https://github.com/polarsource/polar/issues/10664
test("a number of 31 January that is suspended in February is paid until 31 March once reinstated", () =>
  withTeam(async ({ app, call }) => {
    await app.admin("POST", "/admin/organizations/team_1/credits", { amount: "2.00" });
    const { json: { id } } = await spekoBuy(call, NUMBER);
    await app.advance(29 * DAY_S);
    const rests = (await call("GET", `/v1/phone-numbers/${id}`)).json;
    assert.deepEqual(rests.setupStatus.issues, ["BILLING_SUSPENDED"]);
    await app.admin("POST", "/admin/organizations/team_1/credits", { amount: "1.00" });
    await app.ledger.work.run();
    const { setupStatus, nextChargeAt } = (await call("GET", `/v1/phone-numbers/${id}`)).json;
    assert.deepEqual([setupStatus.issues, nextChargeAt], [[], "2026-03-31T10:00:00Z"]);
    assert.equal(await creditsOf(app, "team_1"), "0.00");
  }, {
    plan: "Paid",
    plans: { Growth: { ...PAID, name: "Growth" }, Paid: { ...PAID, name: "Paid" } },
  }));

// https://github.com/AgentPhone-AI/agentphone-mcp/issues/66
test("a number is bought, routed and released by the documented calls of each dialect alone", () =>
  withTeam(async ({ app, call }) => {
    const talkturo = await buy(call, NUMBER);
    assert.equal((await assign(call, "asst_1", [talkturo])).status, 200);
    assert.equal((await call("DELETE", `/api/phone-numbers/${talkturo}`)).status, 200);

    const { json: { id } } = await spekoBuy(call, NUMBER);
    const path = `/v1/phone-numbers/${id}`;
    assert.equal((await call("PATCH", path, { body: { agentId: "ag_1" } })).status, 200);
    assert.deepEqual((await call("DELETE", path)).json, { released: true });

    // Talkover sells no numbers; what it routes and releases was bought elsewhere.
    const talkover = await buy(call, NUMBER);
    const calling = (phone_number_ids: readonly string[]) =>
      call("PUT", "/api/v1/agents/ag_1/calling", {
        body: { direction: "inbound", phone_number_ids },
      });
    assert.equal((await calling([talkover])).status, 200);
    assert.equal((await calling([])).status, 200);
    const { json: { data } } = await call(
      "POST",
      `/api/v1/phone-numbers/${talkover}/request-release`,
      { body: { reason: "It is not needed any more." } },
    );
    await app.admin("POST", `/admin/release-requests/${data.id}/approve`);
    await app.ledger.work.run();
    assert.deepEqual((await call("GET", "/api/v1/phone-numbers")).json.data, []);
  }));
