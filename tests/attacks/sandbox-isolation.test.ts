/**
 * The sandbox beside a live carrier is a separate world: its tokens see and change nothing live,
 * use up nothing live and cost nothing, and vice versa. Both carriers here sell the same numbers.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Charge } from "../../core/ports/mod.ts";
import { DAY_MS, SECOND_MS } from "../../core/values/calendar.ts";
import type { E164 } from "../../core/values/e164.ts";
import { BUSINESS } from "../http/speko-support.ts";
import { openTestApp, type TestApp, type TestResponse } from "../support/app.ts";
import { assertReplayed } from "../support/replayed.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const [ONE, TWO, THREE]: readonly [E164, E164, E164] = [
  "+14155550101",
  "+14155550102",
  "+14155550103",
];
const ABSENT = "pn_00000000000000000000000000";

type Tokens = { readonly live: string; readonly sandbox: string };

/** A server whose carrier is live, with the sandbox beside it, and what it was charged for. */
const openWorlds = () => {
  const clock = openTestClock(START);
  const sell = () => openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const charges: Charge[] = [];
  const log = openMemoryLog();
  const app = openTestApp({
    log,
    carrier: { ...sell(), name: "acme-tel" },
    sandbox: sell(),
    clock,
    setClock: clock.set,
    ids: openIds(clock),
    waitMs: 60_000,
    runsAutomations: false,
    payments: {
      charge: (charge) => {
        charges.push(charge);
        return Promise.resolve("paid");
      },
      refund: () => Promise.resolve("refunded"),
    },
  });
  return { app, log, charges };
};

/** A token for each world of an organization that has a SIP connection. */
const tokensOf = async (app: TestApp, id: string, plan: string): Promise<Tokens> => {
  const live = await app.organization(id, plan);
  const user = { email: "bob@example.com", name: "Bob", sandbox: true };
  const { token } = await app.admin("POST", `/admin/organizations/${id}/tokens`, user);
  const connection = { providerName: "Twilio", trunkId: "trunk", ready: true };
  await app.admin("PUT", `/admin/organizations/${id}/sip-connections/sip`, connection);
  return { live, sandbox: token };
};

const buy = (app: TestApp, token: string, e164: E164) =>
  app.request("POST", "/v1/phone-numbers", { token, body: { e164 } });

const bought = async (app: TestApp, token: string, e164: E164): Promise<string> => {
  const { status, json } = await buy(app, token, e164);
  assert.equal(status, 200, JSON.stringify(json));
  return json.id;
};

const bringIn = (app: TestApp, token: string, e164: E164) =>
  app.request("POST", "/v1/phone-numbers/import", {
    token,
    body: { e164, sipConnectionInstallationId: "sip" },
  });

const numbersOf = async (app: TestApp, token: string): Promise<readonly E164[]> =>
  (await app.request("GET", "/v1/phone-numbers", { token })).json
    .map(({ e164 }: { readonly e164: E164 }) => e164);

const REASON = "We no longer need it.";
const ASSISTANT = "/api/assistants/agent/telephony/phone-numbers";

/** Every call that names a number, in every dialect. */
const CALLS: Readonly<
  Record<string, (app: TestApp, token: string, id: string) => Promise<TestResponse>>
> = {
  "Talkturo GET": (app, token, id) => app.request("GET", `/api/phone-numbers/${id}`, { token }),
  "Talkturo DELETE": (app, token, id) =>
    app.request("DELETE", `/api/phone-numbers/${id}`, { token }),
  "Talkturo PATCH of an assistant's set": (app, token, id) =>
    app.request("PATCH", ASSISTANT, { token, body: { phoneNumberIds: [id] } }),
  "Talkover request-release": (app, token, id) =>
    app.request("POST", `/api/v1/phone-numbers/${id}/request-release`, {
      token,
      body: { reason: REASON },
    }),
  "Speko GET": (app, token, id) => app.request("GET", `/v1/phone-numbers/${id}`, { token }),
  "Speko PATCH": (app, token, id) =>
    app.request("PATCH", `/v1/phone-numbers/${id}`, { token, body: { label: "Mine" } }),
  "Speko DELETE": (app, token, id) => app.request("DELETE", `/v1/phone-numbers/${id}`, { token }),
  "history": (app, token, id) => app.request("GET", `/ledger/numbers/${id}/history`, { token }),
};

const answered = ({ status, json }: TestResponse, id: string): string =>
  JSON.stringify([status, json]).replaceAll(id, "<id>");

const OTHER = { live: "sandbox", sandbox: "live" } as const;

for (const world of ["live", "sandbox"] as const) {
  test(`a number that is ${world} does not exist for the other world's token, in every call`, async () => {
    const { app, log } = openWorlds();
    const tokens = await tokensOf(app, "acme", "Scale");
    const [mine, other] = [tokens[world], tokens[OTHER[world]]];
    const managed = await bought(app, mine, ONE);
    const imported = (await bringIn(app, mine, THREE)).json.id;
    const before = await log.scan({ organization: "", position: 0 }, 1_000);
    for (const id of [managed, imported]) {
      for (const [name, call] of Object.entries(CALLS)) {
        const [seen, none] = [await call(app, other, id), await call(app, other, ABSENT)];
        assert.equal(answered(seen, id), answered(none, ABSENT), name);
        assert.ok(seen.status >= 400, name);
      }
    }
    assert.deepEqual(await log.scan({ organization: "", position: 0 }, 1_000), before);
    assert.deepEqual(await numbersOf(app, other), []);
    const lists = [
      "/api/phone-numbers/purchase?teamId=acme",
      ASSISTANT,
      "/api/v1/phone-numbers?page=1&per_page=10",
      "/api/v1/phone-numbers?search=5550101",
      "/ledger/numbers",
      `/ledger/numbers?asOf=${encodeURIComponent("2026-01-31T10:00:00Z")}`,
    ];
    for (const path of lists) {
      const { status, json } = await app.request("GET", path, { token: other });
      assert.equal(status, 200, path);
      assert.deepEqual(json.numbers ?? json.data, [], path);
      assert.equal(json.meta?.total ?? 0, 0, path);
    }
    assert.deepEqual(await numbersOf(app, mine), [ONE, THREE]);
    await app.close();
  });
}

test("release requests are of their number's world", async () => {
  const { app } = openWorlds();
  const { live, sandbox } = await tokensOf(app, "acme", "Scale");
  const id = await bought(app, live, ONE);
  const path = "/api/v1/phone-numbers";
  const body = { reason: REASON };
  const asked = await app.request("POST", `${path}/${id}/request-release`, { token: live, body });
  assert.equal(asked.status, 201);
  const request = asked.json.data.id;
  const list = async (token: string) =>
    (await app.request("GET", `${path}/release-requests`, { token })).json.data.length;
  assert.deepEqual([await list(live), await list(sandbox)], [1, 0]);
  const cancel = (token: string) =>
    app.request("DELETE", `${path}/release-requests/${request}`, { token });
  assert.equal((await cancel(sandbox)).status, 404);
  assert.equal((await cancel(live)).status, 200);
  await app.close();
});

test("an assistant has a set in each world, and each is replaced alone", async () => {
  const { app } = openWorlds();
  const { live, sandbox } = await tokensOf(app, "acme", "Scale");
  const [ours, theirs] = [await bought(app, live, ONE), await bought(app, sandbox, TWO)];
  const assign = (token: string, ...phoneNumberIds: readonly string[]) =>
    app.request("PATCH", ASSISTANT, { token, body: { phoneNumberIds } });
  const set = async (token: string) =>
    (await app.request("GET", ASSISTANT, { token })).json.numbers
      .map(({ id }: { readonly id: string }) => id);
  assert.equal((await assign(live, ours)).status, 200);
  assert.equal((await assign(sandbox, theirs)).status, 200);
  assert.deepEqual([await set(live), await set(sandbox)], [[ours], [theirs]]);
  assert.equal((await assign(sandbox)).status, 200);
  assert.deepEqual([await set(live), await set(sandbox)], [[ours], []]);
  assert.equal((await assign(sandbox, theirs, ours)).status, 404);
  assert.deepEqual([await set(live), await set(sandbox)], [[ours], []]);
  await app.close();
});

test("one number is bought and imported in each world, and no world keeps another from it", async () => {
  const { app, log } = openWorlds();
  const [a, b, c, d] = [
    await tokensOf(app, "a", "Scale"),
    await tokensOf(app, "b", "Scale"),
    await tokensOf(app, "c", "Scale"),
    await tokensOf(app, "d", "Scale"),
  ];
  assert.equal((await bringIn(app, a.sandbox, ONE)).status, 200);
  assert.equal((await bringIn(app, b.live, ONE)).status, 200);
  await bought(app, c.sandbox, ONE);
  assert.deepEqual([await numbersOf(app, a.sandbox), await numbersOf(app, b.live)], [[], [ONE]]);
  await bought(app, d.live, ONE);
  assert.deepEqual(await numbersOf(app, b.live), []);
  assert.deepEqual([await numbersOf(app, c.sandbox), await numbersOf(app, d.live)], [[ONE], [ONE]]);
  for (const token of [a.sandbox, b.live]) {
    assert.equal((await bringIn(app, token, ONE)).status, 409);
    assert.equal((await buy(app, token, ONE)).status, 409);
  }
  await assertReplayed(log, [ONE]);
  await app.close();
});

test("the sandbox charges nothing, whatever the plan, and its numbers are renewed for nothing", async () => {
  for (const plan of ["Growth", "Prepaid"]) {
    const { app, charges } = openWorlds();
    const { sandbox } = await tokensOf(app, "acme", plan);
    const caller = { organization: "acme", actor: { kind: "operator" } } as const;
    if (plan === "Prepaid") {
      const { json } = await app.request("POST", "/v1/phone-numbers/kyb/submit", {
        token: sandbox,
        body: BUSINESS,
      });
      await app.admin("POST", `/admin/verifications/${json.id}/approve`, {});
    }
    const id = await bought(app, sandbox, ONE);
    for (let month = 0; month < 4; month++) await app.advance(31 * DAY_MS / SECOND_MS);
    const number = await app.ledger.numbers.get(caller, id);
    assert.equal(number?.status, "active", plan);
    const { credits, held } = await app.ledger.operator.organization("acme") ?? {};
    assert.deepEqual([credits?.micros, held, charges], [0, 0, []], plan);
    const past = await app.ledger.numbers.history(caller, id);
    assert.ok(past.filter(({ type }) => type === "Renewed").length >= 3);
    await app.close();
  }
});

test("the sandbox takes no place, trial or quota of the live world, nor vice versa", async () => {
  const { app } = openWorlds();
  const { live, sandbox } = await tokensOf(app, "acme", "Free");
  const place = async (token: string) =>
    (await app.request("POST", "/api/phone-numbers/purchase", {
      token,
      body: { phoneNumber: THREE, teamId: "acme" },
    })).json;
  const trial = await bought(app, sandbox, ONE);
  assert.equal((await place(sandbox)).code, "PLAN_LIMIT_REACHED");
  await bought(app, live, ONE);
  const refused = await place(live);
  assert.deepEqual([refused.code, refused.eligibility.currentCount], ["PLAN_LIMIT_REACHED", 1]);
  // Two imports are allowed, and two purchases a day, in each of them.
  for (const token of [sandbox, live]) {
    const statuses = [];
    for (const e164 of ["+14155550181", "+14155550182", "+14155550183"] as const) {
      statuses.push((await bringIn(app, token, e164)).status);
    }
    assert.deepEqual(statuses, [200, 200, 403]);
  }
  const gone = await app.request("DELETE", `/v1/phone-numbers/${trial}`, { token: sandbox });
  assert.equal(gone.status, 200);
  assert.equal((await numbersOf(app, live)).length, 3);
  const counts = await app.ledger.operator.organization("acme");
  assert.deepEqual(
    [counts?.held, counts?.everBought, counts?.imported, counts?.sandbox],
    [1, 1, 2, { held: 0, everBought: 1, imported: 2 }],
  );
  await app.close();
});

test("a command id is another command's in the other world", async () => {
  const { app } = openWorlds();
  await tokensOf(app, "acme", "Scale");
  const actor = { kind: "user", tokenId: "tk_1", email: "a@example.com", name: "A" } as const;
  const give = (sandbox: boolean) =>
    app.ledger.purchase({ organization: "acme", actor, sandbox }, { e164: ONE }, {
      commandId: "once",
    });
  const [first, again, other] = [await give(false), await give(false), await give(true)];
  assert.ok(first.ok && again.ok);
  assert.equal(first.value.number.holding.id, again.value.number.holding.id);
  assert.equal(other.ok ? "bought" : other.error.code, "COMMAND_ID_REUSED");
  await app.close();
});

test("a server whose carrier is the sandbox has one world, whatever the token", async () => {
  const app = openTestApp({ waitMs: 60_000 });
  const { live, sandbox } = await tokensOf(app, "acme", "Free");
  await bought(app, live, ONE);
  assert.equal((await bringIn(app, sandbox, TWO)).status, 200);
  assert.deepEqual(await numbersOf(app, live), [ONE, TWO]);
  assert.deepEqual(await numbersOf(app, sandbox), [ONE, TWO]);
  assert.equal((await buy(app, sandbox, THREE)).json.code, "PLAN_LIMIT_REACHED");
  assert.equal((await bringIn(app, live, TWO)).status, 409);
  assert.equal((await bringIn(app, sandbox, ONE)).status, 409);
  await app.close();
});
