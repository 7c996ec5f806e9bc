/** Purchases whose payment is never known to have been made or not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { MINUTE_MS } from "../../core/values/calendar.ts";
import { openTestApp, type TestApp } from "../support/app.ts";

const START = Date.parse("2026-01-31T10:00:00Z");

const statuses = async (app: TestApp, token: string): Promise<readonly string[]> => {
  const path = "/api/phone-numbers/purchase?teamId=acme";
  const { json } = await app.request("GET", path, { token });
  return json.numbers.map(({ status }: { status: string }) => status);
};

test("a purchase whose payment stayed unknown fails, and is tried again when it is repeated", async () => {
  const time = openTestClock(START);
  const app = openTestApp({
    waitMs: 30,
    clock: time,
    runsAutomations: false,
    payments: { ...includedPayments, charge: () => Promise.resolve("unknown") },
  });
  const token = await app.organization("acme");
  const talkturo = () =>
    app.request("POST", "/api/phone-numbers/purchase", {
      token,
      body: { phoneNumber: "+14155550101", teamId: "acme" },
      headers: { "idempotency-key": "talkturo" },
    });
  const speko = () =>
    app.request("POST", "/v1/phone-numbers", {
      token,
      body: { e164: "+14155550102" },
      headers: { "idempotency-key": "speko" },
    });
  await Promise.all([talkturo(), speko()]);
  time.set(time.now() + 10 * MINUTE_MS);
  await app.ledger.work.run();
  assert.deepEqual(await statuses(app, token), ["error", "error"]);
  const [first, second] = [await talkturo(), await speko()];
  assert.deepEqual([first.status, second.status], [202, 200]);
  assert.deepEqual((await statuses(app, token)).toSorted(), [
    "error",
    "error",
    "purchasing",
    "purchasing",
  ]);
  await app.close();
});

test("a caller that waits for a purchase whose payment stays unknown is answered so", async () => {
  const time = openTestClock(START);
  const app = openTestApp({
    waitMs: 60_000,
    clock: time,
    payments: {
      ...includedPayments,
      charge: () => {
        time.set(time.now() + 11 * MINUTE_MS);
        return Promise.resolve("unknown");
      },
    },
  });
  const token = await app.organization("acme");
  const first = await app.request("POST", "/api/phone-numbers/purchase", {
    token,
    body: { phoneNumber: "+14155550101", teamId: "acme" },
  });
  const body = { e164: "+14155550102" };
  const second = await app.request("POST", "/v1/phone-numbers", { token, body });
  assert.deepEqual([first.status, first.json.code], [503, "PAYMENT_UNKNOWN"]);
  assert.deepEqual([second.status, second.json.code], [502, "CARRIER_ERROR"]);
  for (const { json } of [first, second]) {
    assert.match(JSON.stringify(json), /payment could not be confirmed in time/);
  }
  await app.close();
});

test("a repeat of a cancelled purchase whose payment is unknown asks for nothing, and adds nothing", async () => {
  const time = openTestClock(START);
  const log = openMemoryLog();
  let asked = 0;
  const app = openTestApp({
    log,
    waitMs: 30,
    clock: time,
    runsAutomations: false,
    payments: {
      ...includedPayments,
      charge: () => {
        asked += 1;
        return Promise.resolve("unknown");
      },
    },
  });
  const token = await app.organization("acme");
  const buy = () =>
    app.request("POST", "/v1/phone-numbers", {
      token,
      body: { e164: "+14155550101" },
      headers: { "idempotency-key": "once" },
    });
  const { json: { id } } = await buy();
  const given = await app.request("DELETE", `/v1/phone-numbers/${id}`, { token });
  assert.ok(given.status === 200 || given.status === 202);
  await app.ledger.work.run();
  const [before, { head }] = [asked, await log.load("acme", {})];
  const again = await buy();
  assert.deepEqual([again.status, again.json.code], [409, "PURCHASE_CANCELLED"]);
  assert.deepEqual([asked, (await log.load("acme", {})).head], [before, head]);
  await app.close();
});
