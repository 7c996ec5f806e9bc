/** Purchases that a program makes for the price that it accepts, and for no other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ledger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import type { E164 } from "../../core/values/e164.ts";
import { money } from "../../core/values/money.ts";
import type { Plan } from "../../core/values/plan.ts";
import { callerOf } from "../properties/runs.ts";
import { openIdleLedger } from "../support/ledger.ts";

const ACME = callerOf("acme");
const [ONE, TWO]: readonly [E164, E164] = ["+14155550101", "+14155550102"];

type Accepts = NonNullable<NonNullable<Parameters<Ledger["purchase"]>[2]>["accepts"]>;
type Price = Parameters<Accepts>[0];

const plan = (name: string, markup: number): Plan => {
  const growth = DEFAULT_PLANS["Growth"];
  assert.ok(growth !== undefined);
  return { ...growth, name, markup };
};
const PLANS = { Team: plan("Team", 5_000), Dear: plan("Dear", 10_000) };

/** What a number costs that the sandbox sells for a dollar, with another by the month. */
const HALF_MORE: Price = {
  setup: money(1_500_000),
  monthly: money(1_500_000),
  paidFrom: "subscription",
};
const DOUBLE: Price = { ...HALF_MORE, setup: money(2_000_000), monthly: money(2_000_000) };

/** An organization, whose appends `play` may change. */
const open = async (play: (log: EventLog) => Partial<EventLog> = () => ({})) => {
  const log = openMemoryLog();
  const ledger = openIdleLedger({ ...log, ...play(log) }, { plans: PLANS });
  const opened = await ledger.operator.open("acme", { name: "Acme", plan: "Team" });
  assert.ok(opened.ok);
  const { length } = await log.events("acme", 0, 100);
  return {
    log,
    ledger,
    buy: (accepts: Accepts, e164 = ONE, commandId?: string) =>
      ledger.purchase(ACME, { e164 }, { accepts, commandId }),
    types: async () => (await log.events("acme", length, 100)).map(({ type }) => type),
  };
};

const codeOf = (answer: Awaited<ReturnType<Ledger["purchase"]>>) =>
  answer.ok ? null : answer.error.code;

test("a purchase asks with what it costs the organization, and is made where that is accepted", async () => {
  const { ledger, buy, types } = await open();
  const asked: Price[] = [];
  const bought = await buy((price) => asked.push(price) > 0);
  assert.ok(bought.ok);
  assert.deepEqual(asked, [HALF_MORE]);
  assert.equal((await types()).at(-1), "NumberPurchased");
  await ledger.close();
});

// What a program in JavaScript may answer.
for (const answer of [false, undefined, 1, "yes", Promise.resolve(true)]) {
  test(`a purchase is not made where the answer is ${JSON.stringify(answer)}`, async () => {
    const { ledger, buy, types } = await open();
    assert.equal(codeOf(await buy(() => answer as boolean)), "PURCHASE_CANCELLED");
    assert.deepEqual(await types(), []);
    assert.equal(codeOf(await buy(() => true)), null);
    await ledger.close();
  });
}

test("a purchase asks again where the price changed as it was written, and is not made for another", async () => {
  for (const accepted of [true, false]) {
    let other: Ledger | null = null;
    const { ledger, log, buy, types } = await open((memory) => ({
      append: async (append) => {
        if (append.events.some(({ type }) => type === "PurchaseRequested")) {
          await other?.operator.open("acme", { name: "Acme", plan: "Dear" });
        }
        return await memory.append(append);
      },
    }));
    other = openIdleLedger(log, { plans: PLANS });
    const asked: Price[] = [];
    const answer = await buy((price) => asked.push(price) === 1 || accepted);
    assert.deepEqual(asked, [HALF_MORE, DOUBLE]);
    assert.equal(codeOf(answer), accepted ? null : "PURCHASE_CANCELLED");
    assert.equal((await types()).includes("PurchaseRequested"), accepted);
    await Promise.all([ledger.close(), other.close()]);
  }
});

test("a purchase does not ask where the request was made before, whatever would be answered", async () => {
  const { ledger, buy } = await open();
  const first = await buy(() => true, ONE, "order-1");
  const again = await buy(() => assert.fail("was asked again"), ONE, "order-1");
  assert.ok(first.ok && again.ok);
  assert.equal(again.value.number.holding.id, first.value.number.holding.id);
  await ledger.close();
});

test("a purchase does not ask where it is refused otherwise", async () => {
  const { ledger, buy } = await open();
  assert.equal(codeOf(await buy(() => true)), null);
  const again = await buy(() => assert.fail("was asked"));
  assert.equal(codeOf(again), "NUMBER_ALREADY_YOURS");
  await ledger.close();
});

test("a purchase rejects with what is thrown, and keeps nobody else from buying", async () => {
  const { ledger, buy, types } = await open();
  const broken = new Error("the price list is not there");
  const [thrown, bought] = await Promise.allSettled([
    buy(() => {
      throw broken;
    }),
    buy(() => true, TWO),
  ]);
  assert.ok(thrown.status === "rejected");
  assert.equal(thrown.reason, broken);
  assert.ok(bought.status === "fulfilled" && bought.value.ok);
  assert.deepEqual((await types()).filter((type) => type === "PurchaseRequested").length, 1);
  assert.equal(codeOf(await buy(() => true)), null);
  await ledger.close();
});
