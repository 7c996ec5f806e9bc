/** Waits in a process, or for a carrier, must not use a clock that can be set. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Clock from "effect/Clock";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Scope from "effect/Scope";
import * as TestClock from "effect/testing/TestClock";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { makeBreaker } from "../../adapters/carrier/telnyx/breaker.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTrustedClock, type TrustedClock } from "../../adapters/clock/trusted.ts";
import { type LedgerOptions, openLedger } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier } from "../../core/ports/mod.ts";
import { DAY_MS, HOUR_MS, type Milliseconds, MINUTE_MS } from "../../core/values/calendar.ts";
import type { ClockMark } from "../../core/values/clock-trust.ts";
import { failed, ok } from "../../core/values/result.ts";
import { ILL } from "../carrier/telnyx/virtual.ts";
import { callerOf } from "../properties/runs.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const ACME = callerOf("acme");
const NUMBER = "+14155550101";

/** Effect on virtual time, with a wall clock that can be set. */
const openTime = async () => {
  const scope = Scope.makeUnsafe();
  const time = Effect.runSync(Effect.provideService(TestClock.make(), Scope.Scope, scope));
  await Effect.runPromise(time.setTime(START));
  let ahead = 0;
  const wall = () => time.currentTimeMillisUnsafe() + ahead;
  const nanos = () => BigInt(wall()) * 1_000_000n;
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: wall,
    currentTimeMillis: Effect.sync(wall),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: () => time.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: time.monotonicTimeNanos,
    sleep: (duration) => time.sleep(duration),
  };
  const services = Context.make(Clock.Clock, clock);
  return {
    services,
    wall,
    elapsed: () => Number(time.monotonicTimeNanosUnsafe() / 1_000_000n),
    set: (by: Milliseconds): void => void (ahead = by),
    run: Effect.runPromiseWith(services),
    pass: (ms: Milliseconds) => Effect.runPromise(time.adjust(ms)),
  };
};

type Time = Awaited<ReturnType<typeof openTime>>;

/** Lets the ledger's fibers do all that they can do at this moment. */
const idle = async (): Promise<void> => {
  for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setTimeout(resolve));
};

const passBy = async (time: Time, ms: Milliseconds, steps: number): Promise<void> => {
  for (let step = 0; step < steps; step++) {
    await time.pass(ms / steps);
    await idle();
  }
};

test("a circuit that opened while the clock was ahead closes when its time is over", async () => {
  const time = await openTime();
  const breaker = makeBreaker({ failures: 1, coolMs: 10_000 });
  const send = (outcome: Effect.Effect<string, typeof ILL>) =>
    time.run(Effect.match(breaker(outcome), {
      onSuccess: (value) => value,
      onFailure: ({ error }) => error.kind,
    }));
  time.set(6 * DAY_MS);
  assert.equal(await send(Effect.fail(ILL)), "unknown");
  time.set(0);
  assert.equal(await send(Effect.succeed("answer")), "unreachable");
  await time.pass(10_000);
  assert.equal(await send(Effect.succeed("answer")), "answer");
});

const openWorld = (
  time: Time,
  log: ReturnType<typeof openMemoryLog>,
  change: (carrier: Carrier) => Partial<Carrier>,
  { mark = null, clock = openTrustedClock({ wall: time.wall, monotonic: time.elapsed, mark }) }: {
    readonly mark?: ClockMark | null;
    readonly clock?: TrustedClock;
  } = {},
  others: Pick<LedgerOptions, "clock" | "runsAutomations"> = { clock, runsAutomations: false },
) => {
  const sandbox = openSandboxCarrier({ clock });
  const ledger = openLedger({
    log,
    carrier: { ...sandbox, ...change(sandbox) },
    payments: includedPayments,
    ids: openIds(clock),
    waitMs: 0,
    reconcilesDaily: false,
    ...others,
    services: time.services,
  });
  return { ledger, clock };
};

test("work that stayed open while the clock was ahead is tried again within its hour", async () => {
  const time = await openTime();
  let refuses = true;
  let tries = 0;
  const { ledger } = openWorld(
    time,
    openMemoryLog(),
    ({ release }) => ({
      release: async (number) => {
        tries++;
        return refuses ? failed({ kind: "unknown", message: "HTTP 500" }) : await release(number);
      },
    }),
    {},
    { clock: { now: time.wall }, runsAutomations: true },
  );
  await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  const bought = await ledger.purchase(ACME, { e164: NUMBER });
  assert.ok(bought.ok, JSON.stringify(bought));
  await idle();
  const { id } = bought.value.number.holding;
  await ledger.release(ACME, id);
  time.set(6 * DAY_MS);
  await passBy(time, 2 * MINUTE_MS, 12);
  assert.ok(tries > 1);
  time.set(0);
  refuses = false;
  await passBy(time, HOUR_MS, 60);
  assert.equal(await ledger.numbers.get(ACME, id), null);
  await ledger.close();
});

for (const jump of [6 * DAY_MS, 10 * MINUTE_MS] as const) {
  test(`an order under way is not sent twice when the clock is set ${jump} ms ahead for good`, async () => {
    const time = await openTime();
    let sent = 0;
    const lost = (): Partial<Carrier> => ({
      settlingMs: MINUTE_MS,
      order: async () => {
        sent++;
        return failed({ kind: "unknown", message: "no answer" });
      },
      findOrder: async () => ok(null),
    });
    const log = openMemoryLog();
    const { ledger, clock } = openWorld(time, log, lost);
    await ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
    const bought = await ledger.purchase(ACME, { e164: NUMBER });
    assert.ok(bought.ok);
    time.set(jump);
    await ledger.operator.confirmClock();
    const isOpen = async (): Promise<boolean> => {
      const types = (await log.events("acme", 0, 100)).map(({ type }) => type);
      return !types.includes("OrderRepeated") && !types.includes("PurchaseFailed");
    };
    await ledger.work.run();
    assert.deepEqual([sent, await isOpen()], [1, true]);
    // Another process finds it, with a clock that is ahead once more.
    const mark = clock.mark();
    time.set(2 * jump);
    const { ledger: second } = openWorld(time, log, lost, { mark });
    await second.work.run();
    await time.pass(MINUTE_MS);
    await second.work.run();
    assert.deepEqual([sent, await isOpen()], [1, true]);
    await time.pass(41_000);
    await second.work.run();
    // Its ten minutes are over by now, or it is sent again: both only now that it is settled.
    assert.equal(await isOpen(), false);
    await ledger.close();
  });
}
