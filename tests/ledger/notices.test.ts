/** Notices as the ledger gives them: by several servers, after outages, by doubted clocks. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import type { LedgerOptions } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Clock, EventLog, Payments } from "../../core/ports/mod.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import { DAY_MS, HOUR_MS, isoTime } from "../../core/values/calendar.ts";
import { money } from "../../core/values/money.ts";
import { callerOf } from "../properties/runs.ts";
import { openTestApp } from "../support/app.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const ACME = callerOf("acme");
const SERVERS = 3;

/** Servers on one log, which do only what they are asked to; each charge is answered so. */
const open = async (
  { charge = "paid", servers = 1, log = openMemoryLog(), ...options }: Partial<LedgerOptions> & {
    readonly charge?: "paid" | "declined";
    readonly servers?: number;
    readonly log?: EventLog;
  } = {},
) => {
  const answers = { charge };
  const payments: Payments = {
    charge: () => Promise.resolve(answers.charge),
    refund: () => Promise.resolve("refunded"),
  };
  const clock = openTestClock(START);
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const apps = Array.from({ length: servers }, () =>
    openTestApp({
      log,
      carrier,
      payments,
      clock,
      setClock: clock.set,
      runsAutomations: false,
      reconcilesDaily: false,
      waitMs: 1_000,
      ...options,
    }));
  after(() => Promise.all(apps.map((app) => app.close())));
  const ledgers = apps.map(({ ledger }) => ledger);
  const [first = assert.fail()] = ledgers;
  const buy = async (plan: string): Promise<void> => {
    await first.operator.open("acme", { name: "Acme", plan });
    const bought = await first.purchase(ACME, { e164: "+14155550101" });
    assert.ok(bought.ok);
  };
  /** What happened from the first event after the purchase on, each with its time. */
  const happened = async (): Promise<readonly string[]> => {
    const events = await log.events("acme", 0, 1_000);
    const bought = events.findIndex(({ type }) => type === "NumberPurchased");
    return events.slice(bought + 1).map(({ type, at, data }) =>
      type === "NoticeGiven"
        ? `${isoTime(at)} ${type} of ${(data as { of: string }).of}`
        : `${isoTime(at)} ${type}`
    );
  };
  return { ledgers, ledger: first, log, clock, answers, buy, happened };
};

test("several servers that look at the same moment give one notice", async () => {
  const { ledgers, clock, buy, happened } = await open({ servers: SERVERS });
  await buy("Growth");
  clock.set(Date.parse("2026-02-25T10:00:00Z"));
  await Promise.all(ledgers.map((ledger) => ledger.work.run()));
  assert.deepEqual(await happened(), ["2026-02-25T10:00:00Z NoticeGiven of renewal"]);
  clock.set(Date.parse("2026-02-28T10:00:00Z"));
  await Promise.all(ledgers.map((ledger) => ledger.work.run()));
  assert.deepEqual((await happened()).slice(1), [
    "2026-02-28T10:00:00Z ChargeStarted",
    "2026-02-28T10:00:00Z Charged",
    "2026-02-28T10:00:00Z Renewed",
  ]);
});

test("a notice whose append got no answer is given once", async () => {
  const memory = openMemoryLog();
  let isLost = true;
  const { ledger, clock, buy, happened } = await open({
    log: {
      ...memory,
      append: async (input) => {
        const outcome = await memory.append(input);
        if (isLost && input.events.some(({ type }) => type === "NoticeGiven")) {
          isLost = false;
          throw new Error("the connection was lost");
        }
        return outcome;
      },
    },
    report: () => {},
  });
  await buy("Free");
  clock.set(START + 4 * DAY_MS);
  for (let tried = 0; tried < 3; tried++) await ledger.work.run();
  assert.equal(isLost, false);
  assert.deepEqual(await happened(), ["2026-02-04T10:00:00Z NoticeGiven of trial"]);
});

test("where no server ran, a notice is given as long as its deadline is to come", async () => {
  const { ledger, clock, buy, happened } = await open();
  await buy("Growth");
  clock.set(Date.parse("2026-02-28T09:59:59Z"));
  await ledger.work.run();
  assert.deepEqual(await happened(), ["2026-02-28T09:59:59Z NoticeGiven of renewal"]);
});

test("where no server ran until the deadline, what was due is done, without a notice", async () => {
  for (const [plan, done] of [["Free", "TrialExpired"], ["Growth", "Renewed"]] as const) {
    const { ledger, clock, buy, happened } = await open();
    await buy(plan);
    clock.set(Date.parse("2026-03-01T00:00:00Z"));
    await ledger.work.run();
    const events = await happened();
    assert.ok(events.some((event) => event.endsWith(` ${done}`)));
    assert.ok(!events.some((event) => event.includes("NoticeGiven")), events.join("\n"));
  }
});

test("where no server ran for days, months are charged in the order of their ends", async () => {
  const { Prepaid = assert.fail() } = DEFAULT_PLANS;
  const price = money(1_000_000_000);
  const plans = { Prepaid: { ...Prepaid, verification: "none", price } } as const;
  const { ledger, log, clock } = await open({ plans });
  await ledger.operator.open("acme", { name: "Acme", plan: "Prepaid" });
  // Enough for three months and what setting up two numbers costs, but not for four.
  await ledger.operator.addCredits("acme", { amount: money(3.9 * price.micros) });
  const buy = async (e164: `+${string}`): Promise<string> => {
    const bought = await ledger.purchase(ACME, { e164 });
    return bought.ok ? bought.value.number.holding.id : assert.fail(bought.error.code);
  };
  const first = await buy("+14155550101");
  clock.set(START + 14 * HOUR_MS);
  const second = await buy("+14155550102");
  // The notice of the first is given, and the second falls due for its own before the first ends.
  clock.set(Date.parse("2026-02-25T12:00:00Z"));
  await ledger.work.run();
  clock.set(Date.parse("2026-03-02T00:00:00Z"));
  await ledger.work.run();
  const events = await log.events("acme", 0, 1_000);
  const charged = events.flatMap(({ type, data }) =>
    type === "Renewed" || type === "RenewalFailed"
      ? [[type, (data as { holding: string }).holding]]
      : []
  );
  assert.deepEqual(charged, [["Renewed", first], ["RenewalFailed", second]]);
});

test("no notice is given while the clock is doubted", async () => {
  const state = { isDoubted: true };
  const test = openTestClock(START);
  const doubt = { since: START } as unknown as ReturnType<NonNullable<Clock["doubt"]>>;
  const clock: Clock = { ...test, doubt: () => state.isDoubted ? doubt : null };
  const { ledger, buy, happened } = await open({ clock, setClock: test.set });
  await buy("Growth");
  test.set(Date.parse("2026-02-26T00:00:00Z"));
  await ledger.work.run();
  assert.deepEqual(await happened(), []);
  state.isDoubted = false;
  await ledger.work.run();
  assert.deepEqual(await happened(), ["2026-02-26T00:00:00Z NoticeGiven of renewal"]);
});

test("a test clock that is moved by months stops for every notice", async () => {
  const { ledger, answers, buy, happened } = await open();
  await buy("Growth");
  await ledger.operator.advanceClock(40 * DAY_MS);
  answers.charge = "declined";
  await ledger.operator.advanceClock(40 * DAY_MS);
  const notices = (await happened()).filter((event) => event.includes("NoticeGiven"));
  assert.deepEqual(notices, [
    "2026-02-25T10:00:00Z NoticeGiven of renewal",
    "2026-03-28T10:00:00Z NoticeGiven of renewal",
    "2026-04-06T10:00:00Z NoticeGiven of grace",
  ]);
});

test("a charge that is taken within the hour of the grace's notice spares it", async () => {
  const { ledger, clock, answers, buy, happened } = await open({ charge: "paid" });
  await buy("Growth");
  answers.charge = "declined";
  clock.set(Date.parse("2026-02-28T10:00:00Z"));
  for (let day = 0; day < 6; day++) {
    await ledger.work.run();
    // A real clock is a little later each day.
    clock.set(clock.now() + DAY_MS + 1_000);
  }
  assert.ok(clock.now() < Date.parse("2026-03-06T10:00:00Z") + HOUR_MS);
  answers.charge = "paid";
  await ledger.work.run();
  const events = await happened();
  assert.match(events.at(-1) ?? "", /RouteAttached|Reinstated/);
  assert.ok(!events.some((event) => event.includes("of grace")), events.join("\n"));
});

test("a sandbox number beside a live carrier costs nothing, and has notices too", async () => {
  const clock = openTestClock(START);
  const sell = () => openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const { ledger, happened } = await open({
    clock,
    setClock: clock.set,
    carrier: { ...sell(), name: "telnyx" },
    sandbox: sell(),
    payments: {
      charge: () => Promise.reject(new Error("it is free")),
      refund: () => Promise.reject(new Error("it is free")),
    },
  });
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const bought = await ledger.purchase({ ...ACME, sandbox: true }, { e164: "+14155550101" });
  assert.ok(bought.ok);
  await ledger.operator.advanceClock(29 * DAY_MS);
  assert.deepEqual(await happened(), [
    "2026-02-25T10:00:00Z NoticeGiven of renewal",
    "2026-02-28T10:00:00Z Renewed",
  ]);
});
