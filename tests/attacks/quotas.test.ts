/**
 * An ordinary tenant tries to spend the operator's money: by churn, at any price, for another's
 * connection, over made-up trunks, and by many concurrent requests, to one server or two.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import { type PlanCatalogue } from "../../core/values/plan.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { Carrier, EventLog } from "../../core/ports/mod.ts";
import { openTestApp, SIP, type TestApp } from "../support/app.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const DAY_S = 24 * 3_600;

let server: PostgresServer | undefined;
before(async () => {
  server = await startPostgres();
});
after(() => server?.stop());

const open = async (plan: string, plans: PlanCatalogue = DEFAULT_PLANS) => {
  const clock = openTestClock(START);
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const ordered: string[] = [];
  const carrier: Carrier = {
    ...sandbox,
    order: (wanted) => {
      ordered.push(wanted.e164);
      return sandbox.order(wanted);
    },
  };
  const app = openTestApp({ carrier, clock, setClock: clock.set, plans });
  const token = await app.organization("acme", plan);
  const buy = (phoneNumber: string, more = {}) =>
    app.request("POST", "/api/phone-numbers/purchase", {
      token,
      body: { phoneNumber, teamId: "acme", ...more },
    });
  return { app, token, buy, ordered, [Symbol.asyncDispose]: () => app.close() };
};

test("buying and releasing is counted for a day and for 30 days, to the second", async () => {
  await using shop = await open("Growth");
  const { app, token, buy } = shop;
  const churn = async (turns: number): Promise<number> => {
    let bought = 0;
    for (let turn = 0; turn < turns; turn++) {
      const { status, json, headers } = await buy("+14155550101");
      if (status === 200) {
        bought++;
        const path = `/api/phone-numbers/${json.phoneNumber.id}`;
        assert.equal((await app.request("DELETE", path, { token })).status, 200);
      } else {
        assert.deepEqual([status, json.code], [403, "PURCHASE_QUOTA_REACHED"]);
        const wait = Number(headers.get("retry-after"));
        assert.ok(Number.isSafeInteger(wait) && wait > 0, String(wait));
      }
    }
    return bought;
  };
  assert.equal(await churn(40), 20);
  await app.advance(DAY_S - 1);
  assert.equal(await churn(2), 0);
  await app.advance(1);
  assert.equal(await churn(40), 20);
  await app.advance(DAY_S);
  assert.equal(await churn(40), 20);
  // The quota of 30 days is three days' worth: the first twenty are free again at their own time.
  await app.advance(28 * DAY_S - 1);
  const refused = await buy("+14155550101");
  assert.equal(refused.headers.get("retry-after"), "1");
  await app.advance(1);
  assert.equal(await churn(40), 20);
  assert.equal(shop.ordered.length, 80);
});

test("no plan buys a number at 90,000 USD, from a search or from a fresh quote", async () => {
  for (const plan of ["Free", "Growth", "Scale", "Prepaid"]) {
    await using shop = await open(plan);
    const { app, token, buy, ordered } = shop;
    if (plan === "Prepaid") {
      const amount = "500000.00";
      await app.admin("POST", "/admin/organizations/acme/credits", { amount });
      await verify(app, token);
    }
    for (
      const answer of [
        await buy("+14155559000"),
        await app.request("POST", "/v1/phone-numbers", { token, body: { e164: "+12125559000" } }),
      ]
    ) {
      assert.deepEqual([answer.status, answer.json.code], [403, "PRICE_LIMIT_EXCEEDED"], plan);
      assert.match(answer.json.error, /^The number costs more than the \w+ plan allows; /);
    }
    assert.deepEqual(ordered, []);
    const { credits } = await app.admin("GET", "/admin/organizations/acme");
    assert.equal(credits, plan === "Prepaid" ? "500000.00" : "0.00");
  }
});

const verify = async ({ request, admin }: TestApp, token: string): Promise<void> => {
  const address = {
    street: "1 Main St",
    city: "Springfield",
    state: "IL",
    postalCode: "62701",
    country: "US",
  };
  const submitted = await request("POST", "/v1/phone-numbers/kyb/submit", {
    token,
    body: {
      businessProfile: {
        legalName: "Acme Inc.",
        displayName: "Acme",
        entityType: "corporation",
        country: "US",
        website: "https://acme.example",
        address,
        useCase: "Appointment reminders",
        expectedUsage: "100 calls a day",
      },
      authorizedRepresentative: {
        name: "Ann Lee",
        title: "CEO",
        email: "ann@acme.example",
        phone: "+14155550100",
      },
      attestationAccepted: true,
    },
  });
  assert.equal(submitted.status, 200, JSON.stringify(submitted.json));
  await admin("POST", `/admin/verifications/${submitted.json.id}/approve`);
};

test("another's connection is refused before the carrier receives a request", async () => {
  await using shop = await open("Growth");
  const { app, buy, ordered } = shop;
  await app.organization("umbrella");
  const path = "/admin/organizations/umbrella/connections/theirs";
  await app.admin("PUT", path, { label: "Umbrella's" });
  for (const connectionId of ["theirs", "nobody", "constructor", "__proto__"]) {
    const { status, json } = await buy("+14155550101", { connectionId });
    assert.deepEqual([status, json.code], [403, "CONNECTION_UNKNOWN"], connectionId);
  }
  assert.deepEqual(ordered, []);
  assert.equal((await buy("+14155550101")).status, 200);
});

test("imports over made-up trunks are refused, and name the member", async () => {
  await using shop = await open("Free");
  const { app, token } = shop;
  await app.organization("umbrella");
  await app.admin("PUT", "/admin/organizations/umbrella/sip-connections/sip_theirs", {
    providerName: "Twilio",
    trunkId: "trunk_theirs",
    ready: true,
  });
  const bringIn = (body: object) =>
    app.request("POST", "/v1/phone-numbers/import", {
      token,
      body: { e164: "+14155550123", ...body },
    });
  for (
    const [member, value] of [
      ["sipTrunkId", "made-up"],
      ["sipTrunkId", "trunk_theirs"],
      ["sipConnectionInstallationId", "sip_theirs"],
      ["sipConnectionInstallationId", SIP.trunkId],
      ["sipTrunkId", SIP.id],
    ] as const
  ) {
    const { status, json } = await bringIn({ [member]: value });
    assert.deepEqual([status, json.code], [400, "VALIDATION_ERROR"]);
    assert.match(json.error, new RegExp(member));
  }
  const two = ["+14155550123", "+14155550124"];
  for (const e164 of two) {
    const { status } = await bringIn({ e164, sipTrunkId: SIP.trunkId });
    assert.equal(status, 200);
  }
  const third = await bringIn({ e164: "+14155550125", sipTrunkId: SIP.trunkId });
  assert.deepEqual([third.status, third.json.code], [403, "IMPORT_LIMIT_REACHED"]);
  const [first] = (await app.request("GET", "/v1/phone-numbers", { token })).json;
  await app.request("DELETE", `/v1/phone-numbers/${first.id}`, { token });
  const again = await bringIn({ e164: "+14155550125", sipTrunkId: SIP.trunkId });
  assert.equal(again.status, 200);
});

/** Two servers on one log, or one where `open` gives it once, and an organization on `plans`. */
const race = async (
  logs: readonly EventLog[],
  plans: PlanCatalogue,
): Promise<readonly string[]> => {
  const clock = openTestClock(START);
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const apps = logs.map((log) =>
    openTestApp({
      log,
      carrier,
      clock,
      setClock: clock.set,
      plans,
      runsAutomations: false,
      // All are answered, however busy the machine is.
      waitMs: 60_000,
    })
  );
  try {
    const [first] = apps;
    assert.ok(first !== undefined);
    const token = await first.organization("acme", "Growth");
    const wanted = Array.from({ length: 8 }, (_, index) => `+1415555012${index}`);
    const answers = await Promise.all(
      wanted.map((phoneNumber, index) =>
        apps[index % apps.length]?.request("POST", "/api/phone-numbers/purchase", {
          token,
          body: { phoneNumber, teamId: "acme" },
        })
      ),
    );
    return answers.map((answer) => answer?.status === 200 ? "bought" : String(answer?.json.code))
      .toSorted();
  } finally {
    for (const app of apps) await app.close();
  }
};

const growth = DEFAULT_PLANS["Growth"];
assert.ok(growth !== undefined);
const LAST_PLACE = { Growth: { ...growth, limits: { ...growth.limits, purchasesPerDay: 1 } } };
const ONE_OF_EIGHT = [...Array(7).fill("PURCHASE_QUOTA_REACHED"), "bought"];

test("of eight concurrent purchases at the last place of the quota one succeeds", async () => {
  assert.deepEqual(await race([openMemoryLog()], LAST_PLACE), ONE_OF_EIGHT);
});

test("of eight purchases at two servers on one PostgreSQL one succeeds", async () => {
  assert.ok(server !== undefined);
  const url = await server.database();
  const logs = [await openPostgresLog({ url }), await openPostgresLog({ url })];
  assert.deepEqual(await race(logs, LAST_PLACE), ONE_OF_EIGHT);
});
