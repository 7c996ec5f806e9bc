/**
 * A repeat whose first answer is not kept (any longer) shows the current state: the bought number
 * may have been released since.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openTestApp, SIP, type TestApp, type TestResponse } from "../support/app.ts";

const E164 = "+14155550101";
const DAY_S = 86_400;
const SPEKO = "/v1/phone-numbers";
const TALKTURO = "/api/phone-numbers/purchase";
const KEY = { "idempotency-key": "order-1" };
const caller = {
  organization: "acme",
  actor: { kind: "user", tokenId: "tk_1", email: "a@example.com", name: "A" },
} as const;

/** How a number's holding ends. */
const WAYS: Readonly<
  Record<string, (app: TestApp, token: string, id: string) => Promise<unknown>>
> = {
  "was released": (app, token, id) => app.request("DELETE", `${SPEKO}/${id}`, { token }),
  "was a trial that is over": (app) => app.advance(6 * DAY_S),
};

const open = async (options: Parameters<typeof openTestApp>[0] = {}) => {
  const app = openTestApp({ waitMs: 60_000, answers: null, ...options });
  return { app, token: await app.organization("acme", "Free") };
};

/** All members of Speko's PhoneNumber that say that it can be used, or that it costs money. */
const useOf = ({ json: { setupStatus, nextChargeAt, agentId } }: TestResponse) => [
  setupStatus.inboundReady,
  setupStatus.outboundReady,
  setupStatus.agentReady,
  nextChargeAt,
  agentId,
];

for (const [how, leave] of Object.entries(WAYS)) {
  test(`Speko's purchase that is repeated when its number ${how} shows nothing ready`, async () => {
    const { app, token } = await open();
    const buy = () =>
      app.request("POST", SPEKO, {
        token,
        headers: KEY,
        body: { e164: E164, direction: "both", agentId: "agent" },
      });
    const first = await buy();
    assert.deepEqual([first.status, first.json.setupStatus.status], [200, "ready"]);
    await leave(app, token, first.json.id);
    const again = await buy();
    assert.deepEqual([again.status, again.json.id], [200, first.json.id]);
    assert.equal(again.json.setupStatus.status, "suspended");
    assert.deepEqual(useOf(again), [false, false, false, null, null]);
    const { status } = await app.request("GET", `${SPEKO}/${first.json.id}`, { token });
    assert.equal(status, 404);
    await app.close();
  });

  test(`Talkturo's purchase that is repeated when its number ${how} says so`, async () => {
    const { app, token } = await open();
    const body = { phoneNumber: E164, teamId: "acme" };
    const buy = () => app.request("POST", TALKTURO, { token, headers: KEY, body });
    const first = await buy();
    assert.deepEqual([first.status, first.json.phoneNumber.status], [200, "active"]);
    await leave(app, token, first.json.phoneNumber.id);
    const { status, json: { phoneNumber, eligibility } } = await buy();
    assert.deepEqual([status, phoneNumber.id], [200, first.json.phoneNumber.id]);
    assert.deepEqual(
      [phoneNumber.status, phoneNumber.trial_expires_at, phoneNumber.message],
      ["suspended", null, "Phone number was purchased, and has been released"],
    );
    assert.deepEqual(eligibility, { ...first.json.eligibility, currentCount: 0 });
    await app.close();
  });
}

test("Speko's import that is repeated shows the number's state, also after its release", async () => {
  const { app, token } = await open();
  const body = {
    e164: E164,
    sipConnectionInstallationId: SIP.id,
    direction: "both",
    agentId: "agent",
  };
  const bringIn = () => app.request("POST", `${SPEKO}/import`, { token, headers: KEY, body });
  const first = await bringIn();
  assert.equal(first.status, 200);
  const ready = { providerName: SIP.providerName, trunkId: SIP.trunkId, ready: true };
  await app.admin("PUT", `/admin/organizations/acme/sip-connections/${SIP.id}`, ready);
  const label = { label: "Mine" };
  await app.request("PATCH", `${SPEKO}/${first.json.id}`, { token, body: label });
  const now = await bringIn();
  assert.deepEqual(
    [now.json.id, now.json.setupStatus.status, now.json.label],
    [first.json.id, "ready", "Mine"],
  );
  // Another organization buys it, which ends the import.
  const other = await app.organization("umbrella");
  assert.equal(
    (await app.request("POST", SPEKO, { token: other, body: { e164: E164 } })).status,
    200,
  );
  const gone = await bringIn();
  assert.deepEqual(
    [gone.status, gone.json.id, gone.json.setupStatus.status],
    [200, first.json.id, "suspended"],
  );
  assert.deepEqual(useOf(gone), [false, false, false, null, null]);
  await app.close();
});

test("Talkover's release request that is repeated has its current status", async () => {
  const { app, token } = await open();
  const { json: { id } } = await app.request("POST", SPEKO, { token, body: { e164: E164 } });
  const path = "/api/v1/phone-numbers";
  const ask = () =>
    app.request("POST", `${path}/${id}/request-release`, {
      token,
      headers: KEY,
      body: { reason: "We no longer need it." },
    });
  const first = (await ask()).json.data;
  assert.equal(first.status, "pending");
  await app.request("DELETE", `${path}/release-requests/${first.id}`, { token });
  const again = await ask();
  assert.deepEqual([again.status, again.json.data.id, again.json.data.status], [
    201,
    first.id,
    "cancelled",
  ]);
  await app.close();
});

test("a program's purchase that is repeated is `released`, and one that failed fails again", async () => {
  const { app } = await open();
  const once = { commandId: "once" };
  const first = await app.ledger.purchase(caller, { e164: E164 }, once);
  assert.ok(first.ok);
  const { id } = first.value.number.holding;
  assert.ok((await app.ledger.release(caller, id)).ok);
  const again = await app.ledger.purchase(caller, { e164: E164 }, once);
  assert.ok(again.ok);
  const { number } = again.value;
  assert.deepEqual(
    [number.holding.id, number.status, number.renewsAt, number.autoRenewal],
    [id, "released", null, false],
  );
  await app.close();
});

test("a repeated purchase in the sandbox shows the places there, also after its number's release", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sell = () => openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const { app } = await open({
    carrier: { ...sell(), name: "acme-tel" },
    sandbox: sell(),
    clock,
    setClock: clock.set,
  });
  const inSandbox = { ...caller, sandbox: true };
  assert.ok((await app.ledger.purchase(caller, { e164: E164 })).ok);
  const buy = () => app.ledger.purchase(inSandbox, { e164: E164 }, { commandId: "once" });
  const first = await buy();
  assert.ok(first.ok && first.value.eligibility.currentCount === 1);
  assert.ok((await app.ledger.release(inSandbox, first.value.number.holding.id)).ok);
  const again = await buy();
  assert.ok(again.ok);
  assert.deepEqual([again.value.number.status, again.value.eligibility.currentCount], [
    "released",
    0,
  ]);
  await app.close();
});
