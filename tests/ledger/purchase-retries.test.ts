/**
 * A request that failed before anything was ordered is tried again under its key; what was final
 * stays.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, CarrierError, EventLog, Payments } from "../../core/ports/mod.ts";
import { failed } from "../../core/values/result.ts";
import { openTestApp } from "../support/app.ts";
import { pause } from "../support/pause.ts";

const E164 = "+14155550101";
const KEY = { "idempotency-key": "order-1" };

/**
 * A carrier that cannot be reached with an order until it heals, and how often it was asked for
 * one.
 */
const openStormy = (kind: CarrierError["kind"]) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const state = { heals: false, asked: 0 };
  const carrier: Carrier = {
    ...sandbox,
    order: (request) => {
      state.asked += 1;
      return state.heals
        ? sandbox.order(request)
        : Promise.resolve(failed({ kind, message: "a storm" }));
    },
  };
  return { carrier, state };
};

const DIALECTS: Readonly<Record<string, { path: string; body: unknown; answer: number }>> = {
  Speko: { path: "/v1/phone-numbers", body: { e164: E164, direction: "both" }, answer: 502 },
  Talkturo: {
    path: "/api/phone-numbers/purchase",
    body: { phoneNumber: E164, teamId: "acme" },
    answer: 503,
  },
};

/** An application with a customer who buys one number again and again, under one key. */
const openBuyer = async (
  options: Parameters<typeof openTestApp>[0],
  { path, body } = DIALECTS["Speko"] ?? assert.fail(),
  plan = "Growth",
) => {
  const app = openTestApp({ waitMs: 60_000, ...options });
  const token = await app.organization("acme", plan);
  const buy = () => app.request("POST", path, { token, headers: KEY, body });
  return { app, token, buy };
};

for (const [name, dialect] of Object.entries(DIALECTS)) {
  test(`${name}'s purchase is tried again under its key as long as the carrier cannot be reached`, async () => {
    const { path, body, answer } = dialect;
    const { carrier, state } = openStormy("unreachable");
    const { app, token, buy } = await openBuyer({ carrier }, dialect, "Free");
    for (let time = 1; time <= 9; time++) {
      const { status, headers } = await buy();
      assert.deepEqual([status, state.asked], [answer, time]);
      assert.match(headers.get("retry-after") ?? "", /^\d+$/);
    }
    state.heals = true;
    const bought = await buy();
    assert.deepEqual([bought.status, state.asked], [200, 10]);
    const again = await buy();
    assert.deepEqual([again.status, again.json], [200, bought.json]);
    assert.equal(state.asked, 10);
    const other = await app.request("POST", path, {
      token,
      headers: KEY,
      body: JSON.parse(JSON.stringify(body).replace(E164, "+14155550102")),
    });
    assert.equal(other.status, 422);
    await app.close();
  });
}

test("concurrent repeats are one further try, where answers are not kept", async () => {
  const { carrier, state } = openStormy("unreachable");
  const { app, buy } = await openBuyer({ carrier, answers: null });
  assert.equal((await buy()).status, 502);
  state.heals = true;
  const bought = await Promise.all(Array.from({ length: 10 }, buy));
  assert.deepEqual(bought.map(({ status }) => status), Array(10).fill(200));
  assert.equal(new Set(bought.map(({ json }) => json.id)).size, 1);
  assert.equal(state.asked, 2);
  await app.close();
});

test("a caller that joins a try under way is answered as it ends, and nothing is tried again", async () => {
  let charges = 0;
  const payments: Payments = {
    ...includedPayments,
    charge: async () => {
      charges += 1;
      await pause(30, "the charge takes longer than the caller waits");
      return "declined";
    },
  };
  const { app, buy } = await openBuyer({ payments, answers: null });
  for (const time of [1, 2, 3]) {
    const answers = await Promise.all([buy(), buy(), buy()]);
    assert.deepEqual(answers.map(({ status }) => status), [402, 402, 402]);
    assert.equal(charges, time);
  }
  await app.close();
});

test("a failed purchase that was dismissed is not bought by a late repeat", async () => {
  const { carrier, state } = openStormy("unreachable");
  const dialect = DIALECTS["Talkturo"] ?? assert.fail();
  const { path } = dialect;
  const { app, token, buy } = await openBuyer({ carrier }, dialect);
  assert.equal((await buy()).status, 503);
  const { json } = await app.request("GET", `${path}?teamId=acme`, { token });
  const [{ id }] = json.numbers;
  assert.equal((await app.request("DELETE", `/api/phone-numbers/${id}`, { token })).status, 200);
  state.heals = true;
  assert.equal((await buy()).status, 503);
  assert.equal(state.asked, 1);
  await app.close();
});

test("what the carrier refused stays refused", async () => {
  const { carrier, state } = openStormy("refused");
  const { app, buy } = await openBuyer({ carrier });
  assert.equal((await buy()).status, 502);
  state.heals = true;
  assert.equal((await buy()).status, 502);
  assert.equal(state.asked, 1);
  await app.close();
});

test("a payment that was declined is asked for again by a repeat", async () => {
  let heals = false;
  const payments: Payments = {
    ...includedPayments,
    charge: (charge) => heals ? includedPayments.charge(charge) : Promise.resolve("declined"),
  };
  const { app, buy } = await openBuyer({ payments });
  assert.equal((await buy()).status, 402);
  assert.equal((await buy()).status, 402);
  heals = true;
  assert.equal((await buy()).status, 200);
  await app.close();
});

const refusing = { carrier: openStormy("refused").carrier };

for (
  const [outcome, options, code] of [
    ["succeeded", {}, null],
    ["failed", refusing, "CARRIER_FAILED"],
  ] as const
) {
  test(`a program is told that its purchase is a repeated one, where the first ${outcome}`, async () => {
    const { app, token } = await openBuyer(options);
    const caller = await app.ledger.authenticate(token) ?? assert.fail();
    let told = 0;
    const onRepeated = (): void => void (told += 1);
    for (const repeats of [0, 1, 2]) {
      const bought = await app.ledger.purchase(caller, { e164: E164 }, {
        commandId: "once",
        onRepeated,
      });
      assert.deepEqual([bought.ok ? null : bought.error.code, told], [code, repeats]);
    }
    await app.close();
  });
}

test("a purchase that did not fail looks for no further try in the log", async () => {
  const log = openMemoryLog();
  const commands: unknown[] = [];
  const load: EventLog["load"] = (organization, needs) => {
    commands.push(...needs.commands ?? []);
    return log.load(organization, needs);
  };
  const { app, buy } = await openBuyer({ log: { ...log, load } });
  for (let time = 0; time < 2; time++) assert.equal((await buy()).status, 200);
  assert.equal(new Set(commands).size, 1, commands.join(" "));
  await app.close();
});
