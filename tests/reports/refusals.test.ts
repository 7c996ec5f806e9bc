/** Public reports about refusals that do not distinguish cases. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { failed } from "../../core/values/result.ts";
import { openTestApp, SHORT_WAIT_MS, SIP, type TestApp } from "../support/app.ts";

const REFUSED = "+14155550112";

/** Every call that takes a number, in its dialect's words. */
const TAKING: Readonly<
  Record<
    string,
    (app: TestApp, token: string, team: string, e164: string) => ReturnType<TestApp["request"]>
  >
> = {
  "Talkturo's purchase": ({ request }, token, teamId, phoneNumber) =>
    request("POST", "/api/phone-numbers/purchase", { token, body: { phoneNumber, teamId } }),
  "Speko's purchase": ({ request }, token, _, e164) =>
    request("POST", "/v1/phone-numbers", { token, body: { e164 } }),
};

// https://github.com/AccelerateNetworks/NumberSearch/issues/77
for (const [what, take] of Object.entries(TAKING)) {
  test(`${what} of five numbers again says "yours already" to their holder, and "another's" to others`, async () => {
    const app = openTestApp({ waitMs: 60_000 });
    const [acme, umbrella] = [await app.organization("acme"), await app.organization("umbrella")];
    for (let last = 1; last <= 5; last++) {
      const e164 = `+1415555010${last}`;
      const first = await take(app, acme, "acme", e164);
      assert.equal(first.status, 200, JSON.stringify(first.json));
      const id = first.json.id ?? first.json.phoneNumber.id;
      const mine = await take(app, acme, "acme", e164);
      assert.deepEqual([mine.status, mine.json.code], [409, "NUMBER_ALREADY_YOURS"]);
      assert.ok(mine.json.error.includes(id), mine.json.error);
      const theirs = await take(app, umbrella, "umbrella", e164);
      assert.deepEqual([theirs.status, theirs.json.code], [409, "NUMBER_ALREADY_OWNED"]);
      assert.ok(!JSON.stringify(theirs.json).includes(id));
    }
    await app.close();
  });
}

test("Talkover's DID that is created again names its holder in the same way", async () => {
  const app = openTestApp();
  const [acme, umbrella] = [await app.organization("acme"), await app.organization("umbrella")];
  const create = (token: string) =>
    app.request("POST", `/api/v1/sip-trunks/${SIP.id}/dids`, {
      token,
      body: { country_code: "US", number: "4155550101" },
    });
  const { json: { data: { id } } } = await create(acme);
  const [mine, theirs] = [await create(acme), await create(umbrella)];
  assert.deepEqual([mine.status, theirs.status], [409, 409]);
  assert.ok(mine.json.message.includes(id), mine.json.message);
  assert.ok(!JSON.stringify(theirs.json).includes(id));
  await app.close();
});

// https://github.com/twilio/terraform-provider-twilio/issues/138
test("a number that is bought again while it is released is refused as being released, in every dialect", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const away = failed({ kind: "unreachable", message: "away" } as const);
  const app = openTestApp({
    clock,
    setClock: clock.set,
    carrier: { ...sandbox, release: () => Promise.resolve(away) },
    waitMs: SHORT_WAIT_MS,
  });
  const [acme, umbrella] = [await app.organization("acme"), await app.organization("umbrella")];
  const e164 = "+14155550101";
  const { json: { id } } = await app.request("POST", "/v1/phone-numbers", {
    token: acme,
    body: { e164 },
  });
  const { status } = await app.request("DELETE", `/v1/phone-numbers/${id}`, { token: acme });
  assert.equal(status, 202);
  for (const [what, take] of Object.entries(TAKING)) {
    const again = await take(app, acme, "acme", e164);
    assert.deepEqual([again.status, again.json.code], [409, "NUMBER_BEING_RELEASED"], what);
    const other = await take(app, umbrella, "umbrella", e164);
    assert.deepEqual([other.status, other.json.code], [409, "NUMBER_ALREADY_OWNED"], what);
  }
  await app.close();
});

// https://github.com/Azure/Communication/issues/265
test("a number that the carrier refused says why, takes no place, and can be dismissed", async () => {
  const app = openTestApp({ waitMs: 60_000 });
  const token = await app.organization("acme", "Free");
  const take = TAKING["Talkturo's purchase"] ?? assert.fail();
  const refused = await take(app, token, "acme", REFUSED);
  assert.deepEqual([refused.status, refused.json.code], [502, "CARRIER_ERROR"]);
  const list = async () =>
    (await app.request("GET", "/ledger/numbers", { token })).json.numbers as {
      readonly id: string;
      readonly status: string;
      readonly failure: { readonly reason: string; readonly message: string } | null;
    }[];
  const [number] = await list();
  assert.deepEqual([number?.status, number?.failure?.reason], ["failed", "refused"]);
  assert.notEqual(number?.failure?.message, "");
  const path = `/api/phone-numbers/${number?.id}`;
  assert.equal((await app.request("DELETE", path, { token })).status, 200);
  assert.deepEqual(await list(), []);
  // The one place of the Free plan is still free.
  assert.equal((await take(app, token, "acme", "+14155550101")).status, 200);
  await app.close();
});
