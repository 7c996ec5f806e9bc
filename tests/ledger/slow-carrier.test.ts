/** Ports that answer later than the ledger waits, or never, on a clock that the test moves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Clock from "effect/Clock";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Scope from "effect/Scope";
import * as TestClock from "effect/testing/TestClock";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { type Ledger, openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier, CarrierError, Order, Payments } from "../../core/ports/mod.ts";
import {
  DAY_MS,
  HOUR_MS,
  type Milliseconds,
  MINUTE_MS,
  SECOND_MS,
} from "../../core/values/calendar.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { callerOf } from "../properties/runs.ts";

const ACME = callerOf("acme");
const NUMBER = "+14155550101";
/**
 * An order is begun up to 20 s after its intent and sent up to 20 s later; 60 s later it can be
 * taken no more.
 */
const SETTLED_MS = 100 * SECOND_MS;
const RENEWALS = 30;
const START = Date.parse("2026-01-31T10:00:00Z");

type Answer = Result<Order, CarrierError>;

/** A world in which time passes when the test lets it, and what the carrier was asked in it. */
const openWorld = async (
  order: (
    take: () => Promise<Answer>,
    wait: (ms: Milliseconds) => Promise<void>,
  ) => Promise<Answer>,
  others: Partial<Pick<Carrier, "release" | "findOrder">> & { readonly payments?: Payments } = {},
) => {
  const scope = Scope.makeUnsafe();
  const time = Effect.runSync(Effect.provideService(TestClock.make(), Scope.Scope, scope));
  await Effect.runPromise(time.setTime(START));
  const services = Context.make(Clock.Clock, time);
  let leapt = 0;
  const clock = { now: () => time.currentTimeMillisUnsafe() + leapt };
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const wait = (ms: Milliseconds) => Effect.runPromiseWith(services)(Effect.sleep(ms));
  const sentAt: number[] = [];
  let lookUps = 0;
  const carrier: Carrier = {
    ...sandbox,
    settlingMs: MINUTE_MS,
    order: (request) => {
      sentAt.push(clock.now() - START);
      return order(() => sandbox.order(request), wait);
    },
    findOrder: (key) => {
      lookUps++;
      return (others.findOrder ?? sandbox.findOrder)(key);
    },
    release: others.release ?? sandbox.release,
  };
  const reports: string[] = [];
  const ledger = openLedger({
    log: openMemoryLog(),
    carrier,
    payments: others.payments ?? includedPayments,
    clock,
    ids: openIds(clock),
    services,
    report: (what) => reports.push(what),
  });
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const pass = async (ms: Milliseconds, step: Milliseconds = SECOND_MS / 2) => {
    const until = clock.now() + ms;
    while (clock.now() < until) {
      await Effect.runPromise(time.adjust(Math.min(step, until - clock.now())));
      // What was woken up goes on behind promises.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  /** Lets the calendar go on, and nobody wait meanwhile. */
  const leap = (ms: Milliseconds) => void (leapt += ms);
  return { ledger, sentAt, lookUps: () => lookUps, reports, pass, leap };
};

const statusOf = async (ledger: Ledger): Promise<string | undefined> =>
  (await ledger.numbers.list(ACME))[0]?.status;

/** Closes the ledger, which waits for what hangs. */
const closing = async (ledger: Ledger, pass: (ms: Milliseconds) => Promise<void>) => {
  const closed = ledger.close();
  await pass(MINUTE_MS);
  await closed;
};

const SILENCE = failed<CarrierError>({ kind: "unknown", message: "It took too long." });

for (const takenAfter_s of [19, 25, 79, 99]) {
  test(`an order is sent once when the carrier takes ${takenAfter_s} s for it`, async () => {
    const { ledger, sentAt, pass } = await openWorld(async (take, wait) => {
      await wait(takenAfter_s * SECOND_MS);
      return await take();
    });
    const asked = ledger.purchase(ACME, { e164: NUMBER });
    await pass(5 * SECOND_MS);
    assert.ok((await asked).ok);
    assert.equal(await statusOf(ledger), "purchasing");
    await pass(3 * MINUTE_MS);
    assert.equal(await statusOf(ledger), "active");
    assert.equal(sentAt.length, 1);
    await ledger.close();
  });
}

test("an order that was lost is sent again under its key, after the settling delay alone", async () => {
  let lost = true;
  const { ledger, sentAt, lookUps, pass } = await openWorld(async (take) => {
    if (!lost) return await take();
    lost = false;
    return SILENCE;
  });
  const asked = ledger.purchase(ACME, { e164: NUMBER });
  await pass(5 * SECOND_MS);
  assert.ok((await asked).ok);
  await pass(SETTLED_MS - 6 * SECOND_MS);
  assert.equal(await statusOf(ledger), "purchasing");
  assert.equal(sentAt.length, 1);
  const asking = lookUps();
  assert.ok(asking < 40, `the carrier was asked ${asking} times in ${SETTLED_MS} ms`);
  await pass(MINUTE_MS);
  assert.equal(await statusOf(ledger), "active");
  assert.equal(sentAt.length, 2);
  assert.ok((sentAt[1] ?? 0) > SETTLED_MS);
  const history = await ledger.numbers.list(ACME).then(([number]) =>
    ledger.numbers.history(ACME, number?.holding.id ?? "")
  );
  assert.deepEqual(history.map(({ type }) => type).slice(-2), ["OrderRepeated", "NumberPurchased"]);
  await ledger.close();
});

test("a purchase that the carrier never takes fails automatically, and its number is free", async () => {
  const { ledger, sentAt, pass } = await openWorld(() => Promise.resolve(SILENCE));
  const asked = ledger.purchase(ACME, { e164: NUMBER });
  await pass(5 * SECOND_MS);
  assert.ok((await asked).ok);
  await pass(7 * MINUTE_MS);
  assert.equal(await statusOf(ledger), "purchasing");
  await pass(2 * MINUTE_MS + 50 * SECOND_MS);
  assert.equal(await statusOf(ledger), "failed");
  assert.ok(sentAt.length >= 4 && sentAt.length <= 8, `it was sent ${sentAt.length} times`);
  const eligibility = await ledger.eligibility(ACME);
  assert.equal(eligibility?.currentCount, 0);
  const again = ledger.purchase(ACME, { e164: NUMBER });
  await pass(5 * SECOND_MS);
  assert.ok((await again).ok);
  await ledger.close();
});

test("a release that the carrier refuses is reported, and tried less and less often", async () => {
  let asked = 0;
  const refuse: Carrier["release"] = () => {
    asked++;
    return Promise.resolve(failed({ kind: "refused", message: "The number is locked." }));
  };
  const { ledger, reports, pass } = await openWorld((take) => take(), { release: refuse });
  const bought = await ledger.purchase(ACME, { e164: NUMBER });
  assert.ok(bought.ok);
  const released = ledger.release(ACME, bought.value.number.holding.id);
  await pass(3 * SECOND_MS);
  assert.deepEqual(await released, { ok: true, value: { released: false } });
  const before = asked;
  await pass(10 * MINUTE_MS);
  assert.ok(asked - before >= 15 && asked - before < 60, `it was asked ${asked - before} times`);
  await pass(50 * MINUTE_MS, 30 * SECOND_MS);
  const firstHour = asked;
  await pass(12 * HOUR_MS, 5 * MINUTE_MS);
  const later = asked - firstHour;
  assert.ok(later >= 10 && later <= 20, `it was asked ${later} times in twelve hours`);
  assert.equal(reports.length, asked);
  assert.deepEqual(new Set(reports), new Set([`releasing ${bought.value.number.holding.id}`]));
  assert.equal(await statusOf(ledger), "releasing");
  await ledger.close();
});

test("a caller after an order that hangs is answered within the wait budget anyway", async () => {
  const { ledger, reports, pass } = await openWorld(() => new Promise(() => {}));
  const buy = () => ledger.purchase(ACME, { e164: NUMBER }, { commandId: "order-1" });
  const first = buy();
  await pass(5 * SECOND_MS);
  const bought = await first;
  assert.ok(bought.ok);
  const answers: Record<string, string> = {};
  const { id } = bought.value.number.holding;
  const release = ledger.release(ACME, id)
    .then((answer) => answers["release"] = answer.ok ? `${answer.value.released}` : "refused");
  const again = buy()
    .then((answer) => answers["purchase"] = answer.ok ? answer.value.number.status : "refused");
  await pass(5 * SECOND_MS);
  assert.deepEqual(answers, { release: "false", purchase: "purchasing" });
  assert.deepEqual(reports, []);
  await pass(MINUTE_MS);
  await Promise.all([release, again, closing(ledger, pass)]);
});

test("a release that hangs is not begun a second time, and both callers are answered in time", async () => {
  let asked = 0;
  const { ledger, pass } = await openWorld((take) => take(), {
    release: () => {
      asked++;
      return new Promise(() => {});
    },
  });
  const bought = await ledger.purchase(ACME, { e164: NUMBER });
  assert.ok(bought.ok);
  const { id } = bought.value.number.holding;
  const answers: unknown[] = [];
  const release = () => ledger.release(ACME, id).then((answer) => answers.push(answer));
  const both = [release(), release()];
  await pass(5 * SECOND_MS);
  const open = { ok: true, value: { released: false } };
  assert.deepEqual(answers, [open, open]);
  assert.equal(asked, 1);
  await Promise.all([...both, closing(ledger, pass)]);
});

test("a purchase is confirmed in time while payments hang for many renewals of another organization", async () => {
  let hangs = false;
  let confirms = false;
  const payments: Payments = {
    ...includedPayments,
    charge: (charge) => hangs ? new Promise(() => {}) : includedPayments.charge(charge),
  };
  const found: { order: Order | null } = { order: null };
  const { ledger, pass, leap } = await openWorld(async (take) => {
    const taken = await take();
    if (!hangs || !taken.ok) return taken;
    found.order = taken.value;
    return SILENCE;
  }, {
    payments,
    findOrder: () => Promise.resolve(confirms ? ok(found.order) : SILENCE),
  });
  await ledger.operator.open("acme", { name: "Acme", plan: "Scale" });
  for (let count = 0; count < RENEWALS; count++) {
    const e164 = `+141555501${20 + count}` as const;
    assert.ok((await ledger.purchase(ACME, { e164 })).ok, e164);
  }
  const globex = callerOf("globex");
  await ledger.operator.open("globex", { name: "Globex", plan: "Free" });
  hangs = true;
  leap(31 * DAY_MS);
  const asked = ledger.purchase(globex, { e164: NUMBER });
  await pass(5 * SECOND_MS);
  assert.ok((await asked).ok);
  confirms = true;
  await pass(MINUTE_MS);
  assert.deepEqual((await ledger.numbers.list(globex)).map(({ status }) => status), ["active"]);
  await closing(ledger, pass);
});
