/** Calls that the contract added to the dialects: balances, health, the direction as a filter. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestApp, SIP } from "../support/app.ts";

const START = "2026-01-31T10:00:00Z";

test("both dialects with credits return the balance, as a number of dollars", async () => {
  const app = openTestApp();
  const token = await app.organization("acme", "Prepaid");
  const other = await app.organization("other", "Prepaid");
  for (const amount of ["12.50", "0.0035"]) {
    await app.admin("POST", "/admin/organizations/acme/credits", { amount });
  }
  const ask = async (path: string, by = token) => {
    const { status, json } = await app.request("GET", path, { token: by });
    assert.equal(status, 200);
    return json;
  };
  assert.deepEqual(await ask("/v1/credits/balance"), {
    balanceUsd: 12.5035,
    currency: "USD",
    updatedAt: START,
  });
  assert.deepEqual(await ask("/api/v1/credits/balance"), {
    success: true,
    data: { balance: 12.5035, currency: "USD", auto_topup_enabled: false, as_of: START },
  });
  assert.equal((await ask("/v1/credits/balance", other)).balanceUsd, 0);
  for (const path of ["/v1/credits/balance", "/api/v1/credits/balance"]) {
    assert.equal((await app.request("GET", path)).status, 401);
    assert.equal((await app.request("POST", path, { token, body: {} })).status, 405);
  }
  await app.close();
});

test("Talkover's health is asked without a token", async () => {
  const app = openTestApp();
  const { status, json } = await app.request("GET", "/api/v1/health");
  assert.deepEqual([status, json], [200, { status: "ok" }]);
  assert.equal((await app.request("POST", "/api/v1/health", { body: {} })).status, 405);
  await app.close();
});

test("Talkover's list is filtered by direction", async () => {
  const app = openTestApp();
  const token = await app.organization("acme", "Scale");
  const directions = ["inbound", "outbound", "both"] as const;
  for (const [place, direction] of directions.entries()) {
    const imported = await app.request("POST", "/v1/phone-numbers/import", {
      token,
      body: {
        e164: `+49309018200${place}`,
        direction,
        sipConnectionInstallationId: SIP.id,
      },
    });
    assert.equal(imported.status, 200);
  }
  const list = async (query: string) => {
    const { status, json } = await app.request("GET", `/api/v1/phone-numbers${query}`, { token });
    return status === 200 ? json.data.map(({ number }: { number: string }) => number) : status;
  };
  for (const [place, direction] of directions.entries()) {
    assert.deepEqual(await list(`?direction=${direction}`), [`+49309018200${place}`]);
  }
  assert.equal((await list("")).length, 3);
  assert.equal(await list("?direction=sideways"), 422);
  await app.close();
});
