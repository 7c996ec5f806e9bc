/** Public reports about numbers that end, or should. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import { failed } from "../../core/values/result.ts";
import { openTestApp, SHORT_WAIT_MS } from "../support/app.ts";
import { openCustomer, settle, withTelnyx } from "../telnyx/support.ts";

const DAY_S = 86_400;

// https://github.com/0perationPrivacy/VoIP/issues/4
test("a number that was deleted at the carrier is released when its holder deletes it", () =>
  withTelnyx({}, async ({ app, telnyx }) => {
    const customer = await openCustomer(app, "acme");
    const [e164 = ""] = await customer.search(1);
    assert.equal((await customer.buy(e164)).status, 200);
    await settle(app);
    const [kept] = telnyx.numbers();
    await telnyx.fetch(`${telnyx.baseUrl}/phone_numbers/${kept?.id}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${telnyx.apiKey}` },
    });
    assert.deepEqual(telnyx.numbers(), []);
    const [number] = await customer.numbers();
    const released = await customer.release(number?.id ?? "");
    assert.deepEqual([released.status, released.json.success], [200, true]);
    assert.deepEqual(await customer.numbers(), []);
  }));

// https://github.com/twilio/terraform-provider-twilio/issues/149
test("a number whose release the carrier refuses for ever is billed no more, and the operator learns why", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const refused = failed({ kind: "refused", message: "It is locked." } as const);
  const reported: string[] = [];
  const paid: string[] = [];
  const app = openTestApp({
    clock,
    setClock: clock.set,
    carrier: { ...sandbox, release: () => Promise.resolve(refused) },
    waitMs: SHORT_WAIT_MS,
    payments: {
      ...includedPayments,
      charge: (charge) => {
        paid.push(charge.key);
        return includedPayments.charge(charge);
      },
    },
    report: (what, error) => void reported.push(`${what}: ${error}`),
  });
  const token = await app.organization("acme");
  const e164 = "+14155550101";
  const bought = await app.request("POST", "/v1/phone-numbers", { token, body: { e164 } });
  const released = await app.request("DELETE", `/v1/phone-numbers/${bought.json.id}`, { token });
  assert.deepEqual([released.status, released.json], [202, { released: false }]);
  const charges = [...paid];
  assert.equal(charges.length, 1);
  await app.advance(70 * DAY_S);
  assert.deepEqual(paid, charges);
  // By its id: a number in a line would be personal.
  assert.ok(
    reported.some((line) => line.includes(bought.json.id) && /locked/.test(line)),
    reported.join("\n"),
  );
  const { json } = await app.request("GET", "/ledger/numbers", { token });
  assert.deepEqual(json.numbers.map((each: { status: string }) => each.status), ["releasing"]);
  await app.close();
});

// https://github.com/hail-hq/hail/issues/75
test("a charge that fails again never moves the end of grace", () =>
  withTelnyx({}, async ({ app }) => {
    const customer = await openCustomer(app, "acme", { plan: "Credits", credits: 2 });
    const [e164 = ""] = await customer.search(1);
    assert.equal((await customer.buy(e164)).status, 200);
    const [{ id } = { id: "" }] = await customer.numbers();
    await app.advance(40 * DAY_S);
    const { json } = await app.request("GET", `/ledger/numbers/${id}/history?limit=100`, {
      token: customer.token,
    });
    const ends = json.events
      .filter(({ type }: { type: string }) => type === "RenewalFailed")
      .map(({ data }: { data: { graceEndsAt: number } }) => data.graceEndsAt);
    assert.ok(ends.length > 1, `${ends.length} failed charges`);
    assert.equal(new Set(ends).size, 1);
    assert.deepEqual(await customer.numbers(), []);
  }));

/** What each dialect says of the only number, in its own terms. */
const said = async (
  { request }: ReturnType<typeof openTestApp>,
  token: string,
): Promise<readonly string[]> => {
  const read = async (path: string) => (await request("GET", path, { token })).json;
  const [talkturo] = (await read("/api/phone-numbers/purchase?teamId=acme")).numbers;
  const [talkover] = (await read("/api/v1/phone-numbers")).data;
  const [speko] = await read("/v1/phone-numbers");
  const [ours] = (await read("/ledger/numbers")).numbers;
  return [talkturo.status, talkover.current_status, speko.setupStatus.status, ours.status];
};

// https://github.com/managoat/fountain/issues/504
test("the first read after a trial's end never says active, though no server was running then", async () => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const log = openMemoryLog();
  // Without background work, as a server is before its first look.
  const app = openTestApp({ log, clock, setClock: clock.set, runsAutomations: false });
  const token = await app.organization("acme", "Free");
  const body = { phoneNumber: "+14155550101", teamId: "acme" };
  const { json } = await app.request("POST", "/api/phone-numbers/purchase", { token, body });
  const { trial_expires_at: end, id } = json.phoneNumber;
  const active = ["active", "active", "action_required", "active"];
  clock.set(Date.parse(end) - 1);
  assert.deepEqual(await said(app, token), active);
  for (const at of [Date.parse(end), Date.parse(end) + 30 * DAY_MS]) {
    clock.set(at);
    const now = await said(app, token);
    assert.deepEqual(now, ["suspended", "suspended", "suspended", "releasing"]);
    const one = await app.request("GET", `/v1/phone-numbers/${id}`, { token });
    assert.deepEqual(
      [one.json.setupStatus.outboundReady, one.json.setupStatus.issues.includes("TRIAL_EXPIRED")],
      [false, true],
    );
  }
  // The past does not change: it is answered by the recorded times.
  const asOf = new Date(Date.parse(end) - 1).toISOString();
  const past = await app.request("GET", `/ledger/numbers?asOf=${asOf}`, { token });
  assert.equal(past.json.numbers[0].status, "active");
  await app.close();
});
