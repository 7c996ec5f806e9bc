/** Public reports about the content of lists. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_LIMITS } from "../../core/values/plan.ts";
import type { E164 } from "../../core/values/e164.ts";
import { openTestApp, SIP } from "../support/app.ts";

const COUNT = 1_000;
const PER_PAGE = 100;

const PLANS = {
  Large: {
    name: "Large",
    maxNumbers: COUNT,
    billing: "subscription",
    verification: "none",
    limits: NO_LIMITS,
  },
} as const;

// https://github.com/Nexmo/nexmo-cli/issues/132
test("every dialect reaches all of 1,000 numbers", { timeout: 600_000 }, async () => {
  const app = openTestApp({ plans: PLANS });
  const token = await app.organization("acme", "Large");
  const caller = {
    organization: "acme",
    actor: { kind: "user", tokenId: "tk_1", email: "a@example.com", name: "A" },
  } as const;
  const all = Array.from(
    { length: COUNT },
    (_, index): E164 => `+1415556${String(index).padStart(4, "0")}`,
  );
  for (const e164 of all) {
    const imported = await app.ledger.import(caller, { e164, via: { sipConnection: SIP.id } });
    assert.ok(imported.ok, JSON.stringify(imported));
  }
  const read = async (path: string) => {
    const { status, json } = await app.request("GET", path, { token });
    assert.equal(status, 200, JSON.stringify(json));
    return json;
  };
  const assertAll = (found: readonly string[]) => assert.deepEqual(found.toSorted(), all);

  const talkturo = await read("/api/phone-numbers/purchase?teamId=acme");
  assert.equal(talkturo.count, COUNT);
  assertAll(talkturo.numbers.map((each: Record<string, string>) => each["phone_number"]));
  assertAll((await read("/v1/phone-numbers")).map((each: Record<string, string>) => each["e164"]));
  const numberOf = (each: Record<string, string>) => each["number"] ?? "";
  assertAll((await read("/api/v1/phone-numbers")).data.map(numberOf));
  const paged: string[] = [];
  for (let page = 1; page <= COUNT / PER_PAGE; page++) {
    const { data, meta } = await read(`/api/v1/phone-numbers?page=${page}&per_page=${PER_PAGE}`);
    assert.deepEqual([meta.total, meta.last_page], [COUNT, COUNT / PER_PAGE]);
    paged.push(...data.map(numberOf));
  }
  assertAll(paged);
  await app.close();
});

// https://github.com/AccelerateNetworks/NumberSearch/issues/352
test("purchases that the carrier refused are not counted as owned, in any dialect", async () => {
  const app = openTestApp({ waitMs: 60_000 });
  const token = await app.organization("acme", "Growth");
  const buy = (phoneNumber: string) =>
    app.request("POST", "/api/phone-numbers/purchase", {
      token,
      body: { phoneNumber, teamId: "acme" },
    });
  assert.equal((await buy("+14155550112")).status, 502);
  assert.equal((await buy("+12125550112")).status, 502);
  const { status, json } = await buy("+14155550101");
  assert.equal(status, 200);
  assert.equal(json.eligibility.currentCount, 1);
  const list = await app.request("GET", "/api/phone-numbers/purchase?teamId=acme", { token });
  const statuses = list.json.numbers.map((each: Record<string, string>) => each["status"]);
  assert.deepEqual(statuses.toSorted(), ["active", "error", "error"]);
  const speko = (await app.request("GET", "/v1/phone-numbers", { token })).json;
  const issues = speko.map((each: { setupStatus: { issues: string[] } }) =>
    each.setupStatus.issues
  );
  assert.equal(issues.filter((each: string[]) => each.includes("PURCHASE_FAILED")).length, 2);
  const talkover = await app.request("GET", "/api/v1/phone-numbers", { token });
  const current = talkover.json.data.map((each: Record<string, string>) => each["current_status"]);
  assert.deepEqual(current.toSorted(), ["active", "inactive", "inactive"]);
  await app.close();
});
