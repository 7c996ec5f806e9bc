/**
 * One organization has hundreds of open orders, or releases, at a carrier that never answers. No
 * other organization's work waits for that: a trial ends, and its number is released, while all of
 * those calls hang.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as Effect from "effect/Effect";
import fc from "fast-check";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { makeCrew } from "../../adapters/ledger/automations/crew.ts";
import { type Ledger, openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { NO_LIMITS } from "../../core/values/plan.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { Carrier, EventLog } from "../../core/ports/mod.ts";
import { DAY_MS } from "../../core/values/calendar.ts";
import { failed } from "../../core/values/result.ts";
import { callerOf } from "../properties/runs.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { until } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const CROWDED = "+1212555";
const GREEDY = callerOf("greedy");
const OTHER = callerOf("other");
const PLANS = {
  ...DEFAULT_PLANS,
  Crowd: {
    name: "Crowd",
    maxNumbers: 1_000,
    billing: "subscription",
    verification: "none",
    limits: NO_LIMITS,
  },
} as const;

/** What of the carrier does not answer the greedy organization, once it hangs. */
type Hangs = "findOrder" | "release";

type Attack = { readonly hangs: Hangs; readonly runsAutomations: boolean; readonly crowd: number };

const silence = failed({ kind: "unknown", message: "It took too long." } as const);

/**
 * A carrier that sells, and whose later orders are all lost on the way; once `hang` is called it
 * answers nothing about the greedy organization, and counts the requests.
 */
const openCarrier = (clock: ReturnType<typeof openTestClock>, hangs: Hangs) => {
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  let isLost = false;
  let isHanging = false;
  let asked = 0;
  const released = gate();
  const hang = async () => {
    asked += 1;
    await released.opened;
    return silence;
  };
  const carrier: Carrier = {
    ...sandbox,
    order: (wanted) => isLost ? Promise.resolve(silence) : sandbox.order(wanted),
    findOrder: (key) => {
      if (!isLost) return sandbox.findOrder(key);
      return isHanging && hangs === "findOrder" ? hang() : Promise.resolve(silence);
    },
    release: (number) => {
      if (!number.e164.startsWith(CROWDED)) return sandbox.release(number);
      return isHanging ? hang() : Promise.resolve(silence);
    },
  };
  return {
    carrier,
    asked: () => asked,
    lose: () => void (isLost = hangs === "findOrder"),
    hang: () => void (isHanging = true),
    letGo: () => {
      isHanging = false;
      released.open();
    },
  };
};

/** The trial's number of one, and many calls of the other that are in progress at the carrier. */
const settleIn = async (
  open: (waitMs: number) => Ledger,
  lose: () => void,
  { hangs, crowd }: Attack,
): Promise<void> => {
  const patient = open(60_000);
  await patient.operator.open("other", { name: "Other", plan: "Free" });
  assert.ok((await patient.purchase(OTHER, { e164: "+14155550101" })).ok);
  await patient.operator.open("greedy", { name: "Greedy", plan: "Crowd" });
  lose();
  const hasty = open(0);
  const numbers = Array.from(
    { length: crowd },
    (_, place) => `${CROWDED}${2_000 + place}` as const,
  );
  for (let from = 0; from < crowd; from += 50) {
    await Promise.all(
      numbers.slice(from, from + 50).map(async (e164) => {
        const bought = await (hangs === "release" ? patient : hasty).purchase(GREEDY, { e164 });
        assert.ok(bought.ok, JSON.stringify(bought));
        if (hangs === "release") await hasty.release(GREEDY, bought.value.number.holding.id);
      }),
    );
  }
  await Promise.all([patient.close(), hasty.close()]);
};

/** Ledgers over these logs of one database, the first of which makes the preparations. */
const attack = async (logs: readonly EventLog[], how: Attack): Promise<void> => {
  const { hangs, runsAutomations, crowd } = how;
  const clock = openTestClock(START);
  const { carrier, asked, lose, hang, letGo } = openCarrier(clock, hangs);
  const open = (log: EventLog, works: boolean, waitMs = 0): Ledger =>
    openLedger({
      log,
      carrier,
      payments: includedPayments,
      clock,
      ids: openIds(clock),
      plans: PLANS,
      waitMs,
      recoveryMs: 50,
      reconcilesDaily: false,
      runsAutomations: works,
      report: () => undefined,
    });
  const [first] = logs;
  assert.ok(first !== undefined);
  const kept = { ...first, close: () => Promise.resolve() };
  await settleIn((waitMs) => open(kept, false, waitMs), lose, how);
  hang();
  const ledgers = logs.map((log) => open(log, runsAutomations));
  const running = runsAutomations ? [] : ledgers.map((ledger) => ledger.work.run());
  try {
    // The many calls are in progress, and hang, when the trial ends.
    await until(() => asked() >= 2);
    clock.set(START + 6 * DAY_MS);
    await until(async () => (await ledgers[0]?.numbers.list(OTHER))?.length === 0);
    assert.ok(asked() < crowd / 2, `${asked()} of the crowd were asked for before`);
  } finally {
    letGo();
    await Promise.allSettled(running);
    await Promise.all(ledgers.map((ledger) => ledger.close()));
  }
};

let server: PostgresServer;
before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

describe("many hanging calls delay no other organization's work", { timeout: 600_000 }, () => {
  for (const hangs of ["findOrder", "release"] as const) {
    for (const [how, runsAutomations] of [["automatically", true], ["on demand", false]] as const) {
      test(`done ${how}, where ${hangs} hangs`, () =>
        attack([openMemoryLog()], { hangs, runsAutomations, crowd: 300 }));
    }
  }
  test("on PGlite", async () => {
    const log = await openPgliteLog({ folder: "memory" });
    await attack([log], { hangs: "findOrder", runsAutomations: true, crowd: 60 });
  });
  test("on two servers with one PostgreSQL", async () => {
    const url = await server.database();
    const logs = [await openPostgresLog({ url }), await openPostgresLog({ url })];
    await attack(logs, { hangs: "findOrder", runsAutomations: true, crowd: 60 });
  });
});

type Work = { readonly party: string; readonly lane: string; readonly turns: number };

test("a crew never does more than two of eight concurrently for one organization, in a lane", async () => {
  const party = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const lane = fc.constantFrom("ordering", "renewals");
  const work: fc.Arbitrary<Work> = fc.record({ party, lane, turns: fc.nat(5) });
  await fc.assert(fc.asyncProperty(fc.array(work, { maxLength: 80 }), async (tasks) => {
    const crew = makeCrew((effect) => Effect.runFork(effect as Effect.Effect<void>));
    const inside: Work[] = [];
    let done = 0;
    const workOf = (task: Work) =>
      Effect.gen(function* () {
        inside.push(task);
        const here = inside.filter((other) => other.lane === task.lane);
        assert.ok(here.length <= 8);
        assert.ok(here.filter((other) => other.party === task.party).length <= 2);
        for (let turn = 0; turn < task.turns; turn++) yield* Effect.yieldNow;
        inside.splice(inside.indexOf(task), 1);
        done += 1;
      });
    for (const [place, task] of tasks.entries()) {
      assert.ok(crew.begin({ ...task, name: String(place), work: workOf(task) }));
    }
    await Effect.runPromise(crew.idle);
    assert.equal(done, tasks.length, "each has its turn");
    assert.ok(crew.isIdle());
  }));
});

test("a crew that is closed ends running work, drops waiting work, and starts nothing more", async () => {
  const crew = makeCrew((effect) => Effect.runFork(effect as Effect.Effect<void>));
  let [begun, ended] = [0, 0];
  const goesOn = Effect.andThen(Effect.sync(() => begun++), Effect.never);
  const work = Effect.ensuring(goesOn, Effect.sync(() => ended++));
  for (let place = 0; place < 9_000; place++) {
    assert.ok(crew.begin({ lane: "ordering", party: "a", name: String(place), work }));
  }
  assert.equal(crew.begin({ lane: "ordering", party: "a", name: "7", work }), false, "is there");
  await until(() => begun === 2);
  await Effect.runPromise(Effect.andThen(crew.close, crew.idle));
  assert.equal(ended, 2);
  assert.equal(crew.begin({ lane: "ordering", party: "b", name: "new", work }), false);
});
