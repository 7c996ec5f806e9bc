/** Work that waited for a doubted clock goes on as soon as the doubt is over. */
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
import { openTestClock } from "../../adapters/clock/test.ts";
import { eventLoopTurn } from "../../adapters/ledger/engine/slices.ts";
import { openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Clock as LedgerClock } from "../../core/ports/mod.ts";
import { DAY_MS, SECOND_MS } from "../../core/values/calendar.ts";
import { failed } from "../../core/values/result.ts";
import { callerOf } from "../properties/runs.ts";

const ACME = callerOf("acme");

/** A ledger whose automations work in time that the test lets pass. */
const open = async () => {
  const scope = Scope.makeUnsafe();
  const time = Effect.runSync(Effect.provideService(TestClock.make(), Scope.Scope, scope));
  const calendar = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const state = { isDoubted: false, isDown: true, tries: 0 };
  const doubt = { since: calendar.now() } as unknown as ReturnType<
    NonNullable<LedgerClock["doubt"]>
  >;
  const clock: LedgerClock = { ...calendar, doubt: () => state.isDoubted ? doubt : null };
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const log = openMemoryLog();
  const ledger = openLedger({
    log: {
      ...log,
      load: (...asked) => {
        state.tries += 1;
        return log.load(...asked);
      },
    },
    carrier: {
      ...sandbox,
      release: (number) =>
        state.isDown
          ? Promise.resolve(failed({ kind: "unknown", message: "a storm" }))
          : sandbox.release(number),
    },
    payments: includedPayments,
    clock,
    ids: openIds(clock),
    services: Context.make(Clock.Clock, time),
    recoveryMs: SECOND_MS,
    reconcilesDaily: false,
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < 4 * seconds; second++) {
      await Effect.runPromise(time.adjust(SECOND_MS / 4));
      // What was woken up goes on behind promises.
      for (let turn = 0; turn < 5; turn++) await eventLoopTurn();
    }
  };
  return { ledger, calendar, state, pass };
};

test("a number whose trial is over goes back once the clock is trusted, without a further rest", async () => {
  const { ledger, calendar, state, pass } = await open();
  const held = async () => (await ledger.numbers.list(ACME)).map(({ status }) => status);
  await ledger.operator.open("acme", { name: "Acme", plan: "Free" });
  assert.ok((await ledger.purchase(ACME, { e164: "+14155550101" })).ok);
  calendar.set(calendar.now() + 30 * DAY_MS);
  await pass(5);
  assert.deepEqual(await held(), ["releasing"]);
  Object.assign(state, { isDoubted: true, isDown: false });
  state.tries = 0;
  await pass(80);
  assert.ok(state.tries < 40, `it was tried ${state.tries} times in 80 s`);
  // Tried just now, it would rest for a fifth of a minute and more.
  const { tries } = state;
  for (let looks = 0; state.tries === tries; looks++) {
    assert.ok(looks < 400, "it is not tried again");
    await pass(0.25);
  }
  assert.deepEqual(await held(), ["releasing"]);
  state.isDoubted = false;
  await pass(4);
  assert.deepEqual(await held(), []);
  await ledger.close();
});
