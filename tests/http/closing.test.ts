/** The operator closes an organization: it buys nothing more, and all it has is given back. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { ok } from "../../core/values/result.ts";
import { NO_LIMITS, type PlanCatalogue } from "../../core/values/plan.ts";
import { callerOf } from "../properties/runs.ts";
import { ADMIN_TOKEN, openTestApp, SIP, type TestApp } from "../support/app.ts";
import { beginClosing } from "../support/broken-closing.ts";
import { eventually } from "../support/eventually.ts";
import { e164At } from "../support/many-numbers.ts";
import { everyLog } from "../support/logs.ts";
import { shownTerms } from "../support/terms.ts";
import { userOf } from "./talk-support.ts";

const CLOSED = "ledgerline:closed";

/** An item of the operator's list of work. */
type Listed = { readonly organization: string; readonly kind: string; readonly ageSeconds: number };

const close = (app: TestApp, id: string, headers: Readonly<Record<string, string>> = {}) =>
  app.request("DELETE", `/admin/organizations/${id}`, { token: ADMIN_TOKEN, headers });

const PLANS: PlanCatalogue = {
  Growth: {
    name: "Growth",
    maxNumbers: 1_000,
    billing: "subscription",
    verification: "none",
    limits: NO_LIMITS,
  },
};

/** Imports numbers over the connection of `openTestApp`'s organizations. */
const importSome = async ({ ledger }: TestApp, id: string, count: number): Promise<void> => {
  const via = { sipConnection: SIP.id };
  for (let place = 0; place < count; place += 1) {
    assert.ok((await ledger.import(callerOf(id), { e164: e164At(place), via })).ok);
  }
};

/** Buys and imports; gives the token. */
const filled = async (app: TestApp, id: string, plan = "Scale"): Promise<string> => {
  const token = await app.organization(id, plan);
  const caller = callerOf(id);
  for (const e164 of ["+14155550101", "+14155550102"] as const) {
    assert.ok((await app.ledger.purchase(caller, { e164 })).ok);
  }
  const via = { sipConnection: SIP.id };
  assert.ok((await app.ledger.import(caller, { e164: "+14155550199", via })).ok);
  return token;
};

const LOGS = everyLog();

for (const [name, open] of Object.entries(LOGS)) {
  test(`a closed organization has no number and no token, and its log stays, on ${name}`, async () => {
    const app = openTestApp({ log: await open() });
    const token = await filled(app, "acme");
    const other = await app.organization("globex", "Scale");
    const { status, json } = await eventually(
      () => close(app, "acme"),
      (answer) => answer.json.numbers === 0,
    );
    assert.deepEqual([status, json], [200, {
      id: "acme",
      name: "acme Inc",
      plan: CLOSED,
      terms: { ...shownTerms(CLOSED), billing: "trial" },
      credits: "0.00",
      verification: "missing",
      numbers: 0,
      tokens: 0,
    }]);
    assert.equal((await userOf(app, token)("GET", "/v1/phone-numbers")).status, 401);
    assert.equal((await userOf(app, other)("GET", "/v1/phone-numbers")).status, 200);
    assert.deepEqual((await app.admin("GET", "/admin/organizations/acme/tokens")).tokens, []);
    const numbers = await app.admin("GET", "/admin/numbers?organization=acme");
    assert.deepEqual(numbers.numbers, []);
    // The same again changes nothing.
    const heads = await app.admin("GET", "/admin/heads");
    assert.deepEqual((await close(app, "acme")).json, json);
    assert.deepEqual(await app.admin("GET", "/admin/heads"), heads);
    // What it had is free for others, and its past is still known.
    assert.ok((await app.ledger.purchase(callerOf("globex"), { e164: "+14155550101" })).ok);
    assert.equal((await app.ledger.reconciliation.run()).ok, true);
    await app.close();
  });
}

describe("a closed organization", () => {
  test("buys and imports nothing, on whichever plan it was", async () => {
    for (const plan of ["Growth", "Scale", "Prepaid"]) {
      const app = openTestApp();
      await app.organization("acme", plan);
      await close(app, "acme");
      const caller = callerOf("acme");
      const bought = await app.ledger.purchase(caller, { e164: "+14155550101" });
      assert.ok(!bought.ok);
      assert.equal(bought.error.code, "PLAN_LIMIT_REACHED");
      const via = { sipConnection: SIP.id };
      const imported = await app.ledger.import(caller, { e164: "+14155550199", via });
      assert.ok(!imported.ok);
      assert.equal(imported.error.code, "IMPORT_LIMIT_REACHED");
      await app.close();
    }
  });

  test("is opened again by a plan, without its numbers and tokens", async () => {
    const app = openTestApp();
    const token = await filled(app, "acme");
    await close(app, "acme");
    const opened = await app.admin("PUT", "/admin/organizations/acme", {
      name: "acme Inc",
      plan: "Growth",
    });
    assert.equal(opened.plan, "Growth");
    assert.equal((await userOf(app, token)("GET", "/v1/phone-numbers")).status, 401);
    assert.ok((await app.ledger.purchase(callerOf("acme"), { e164: "+14155550103" })).ok);
    await app.close();
  });

  test("is on a plan that is not on offer, and that nothing else puts it on", async () => {
    const app = openTestApp();
    const { plans } = await app.admin("GET", "/admin/plans");
    assert.ok(plans.every(({ name }: { name: string }) => name !== CLOSED));
    const token = await filled(app, "acme");
    for (const id of ["acme", "nobody"]) {
      for (const plan of ["None", CLOSED]) {
        const path = `/admin/organizations/${id}`;
        const body = { name: "Acme", plan };
        const { status, json } = await app.request("PUT", path, { token: ADMIN_TOKEN, body });
        assert.deepEqual([status, json.code], [400, "PLAN_UNKNOWN"]);
        assert.ok(!JSON.stringify(json).includes(CLOSED));
      }
    }
    assert.equal((await userOf(app, token)("GET", "/v1/phone-numbers")).json.length, 3);
    const { organizations } = await app.admin("GET", "/admin/organizations");
    assert.equal(organizations.length, 1);
    await app.close();
  });

  test("that was never opened is unknown, and stays so", async () => {
    const app = openTestApp();
    const { status, json } = await close(app, "nobody");
    assert.deepEqual([status, json.code], [404, "ORGANIZATION_UNKNOWN"]);
    assert.deepEqual((await app.admin("GET", "/admin/organizations")).organizations, []);
    await app.close();
  });
});

for (const [name, open] of Object.entries(LOGS)) {
  test(`a closing that was broken off goes on without another call, on ${name}`, async () => {
    const log = await open();
    const app = openTestApp({ log, reconcilesDaily: false, runsAutomations: false });
    const token = await filled(app, "acme");
    const other = await app.organization("bolt");
    await importSome(app, "bolt", 1);
    await beginClosing(log, "acme", app.ledger.now());
    const listed = async () => {
      const { work } = await app.admin("GET", "/admin/work");
      return work.filter(({ automation }: { automation: string }) => automation === "closing");
    };
    assert.deepEqual(
      (await listed()).map(({ organization, kind, ageSeconds }: Listed) => [
        organization,
        kind,
        ageSeconds,
      ]),
      [["acme", "organization", 0]],
    );
    await app.ledger.work.run();
    assert.deepEqual(await listed(), []);
    assert.deepEqual((await app.admin("GET", "/admin/numbers?organization=acme")).numbers, []);
    assert.equal((await userOf(app, token)("GET", "/ledger/numbers")).status, 401);
    const { numbers } = (await userOf(app, other)("GET", "/ledger/numbers")).json;
    assert.equal(numbers.length, 1);
    await app.close();
  });
}

test("a purchase in progress is cancelled, or released once it has ended", async () => {
  const app = openTestApp({ waitMs: 100, reconcilesDaily: false });
  await app.organization("acme", "Scale");
  const bought = await app.ledger.purchase(callerOf("acme"), { e164: "+14155559001" });
  assert.ok(bought.ok);
  assert.equal(bought.value.number.status, "purchasing");
  const { json } = await eventually(
    async () => {
      await app.advance(60);
      return await close(app, "acme");
    },
    (answer) => answer.json.numbers === 0,
  );
  assert.equal(json.plan, CLOSED);
  await app.close();
});

test("a closing releases nothing more once another call has opened the organization again", async () => {
  const memory = openMemoryLog();
  let reopened: Promise<unknown> | undefined;
  const app: TestApp = openTestApp({
    log: {
      ...memory,
      append: async (append) => {
        const outcome = await memory.append(append);
        if (append.events.some(({ type }) => type === "Released")) {
          reopened ??= app.ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
        }
        return outcome;
      },
    },
    plans: PLANS,
    runsAutomations: false,
  });
  await app.organization("acme");
  await importSome(app, "acme", 60);
  const { status, json } = await close(app, "acme");
  await reopened;
  assert.deepEqual([status, json.plan], [202, "Growth"]);
  assert.ok(json.numbers >= 40, `${json.numbers} are left`);
  assert.equal((await app.ledger.numbers.list(callerOf("acme"))).length, json.numbers);
  await app.close();
});

test("a closing is not done while a token is left, though the caller waits no longer", async () => {
  const app = openTestApp({ waitMs: 0, runsAutomations: false });
  await app.organization("acme");
  for (let count = 1; count < 40; count += 1) await app.organization("acme");
  const { tokens: [{ id: other }] } = await app.admin("GET", "/admin/organizations/acme/tokens");
  const { status, json } = await close(app, "acme");
  assert.deepEqual([status, json.numbers], [202, 0]);
  assert.ok(json.tokens > 0, `${json.tokens} tokens are left`);
  const { json: last } = await eventually(() => close(app, "acme"), (told) => told.status === 200);
  assert.deepEqual([last.numbers, last.tokens], [0, 0]);
  const revoked = await app.request("DELETE", `/admin/tokens/${other}`, { token: ADMIN_TOKEN });
  assert.equal(revoked.status, 404);
  await app.close();
});

test("purchases that cannot be cancelled yet keep no other number from being released", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const { cancel: _, ...sandbox } = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const pending = () => Promise.resolve(ok({ status: "pending" } as const));
  const app = openTestApp({
    clock,
    carrier: { ...sandbox, order: pending, findOrder: pending },
    plans: PLANS,
    waitMs: 0,
    runsAutomations: false,
  });
  await app.organization("acme");
  const purchases = await Promise.all(
    Array.from(
      { length: 201 },
      (_, place) => app.ledger.purchase(callerOf("acme"), { e164: e164At(place) }),
    ),
  );
  assert.ok(purchases.every((bought) => bought.ok && bought.value.number.status === "purchasing"));
  clock.set(clock.now() + 1);
  const via = { sipConnection: SIP.id };
  assert.ok((await app.ledger.import(callerOf("acme"), { e164: e164At(300), via })).ok);
  const { status, json } = await close(app, "acme");
  assert.deepEqual([status, json.numbers], [202, 202]);
  await eventually(() => close(app, "acme"), (answer) => answer.json.numbers === 201);
  await app.close();
});

test("a closing under a key says with a repeat how many numbers are left by then", async () => {
  const app = openTestApp({ runsAutomations: false });
  await filled(app, "acme");
  const key = { "idempotency-key": "close-1" };
  assert.equal((await close(app, "acme", key)).status, 202);
  await app.ledger.work.run();
  const { status, json } = await close(app, "acme", key);
  assert.deepEqual([status, json.numbers], [200, 0]);
  const again = await close(app, "acme", { "idempotency-key": "close-1" });
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  await app.close();
});
