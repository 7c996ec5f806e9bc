/**
 * A caller may be interrupted at any moment. Whenever that is, its call goes on to its end, and
 * then what it had taken is free.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { systemClock } from "../../adapters/clock/system.ts";
import { eventLoopTurn } from "../../adapters/ledger/engine/slices.ts";
import { openCalls } from "../../adapters/ledger/open-calls.ts";
import type { Caller } from "../../adapters/ledger/api/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";

const caller: Caller = { organization: "acme", actor: { kind: "operator" } };
const e164 = "+14155550101";

/** More turns than any purchase waits for. */
const MOST_TURNS = 2_000;
/** Turns of promises for one of the event loop. */
const PROMISES = 10;

const open = () => {
  const orders = openMemoryOrderBook();
  return openCalls({
    log: openMemoryLog(),
    carrier: openSandboxCarrier({ orders, clock: systemClock }),
    payments: includedPayments,
    clock: systemClock,
    ids: openIds(systemClock),
    runsAutomations: false,
    report: (what, error) => assert.fail(`${what}: ${String(error)}`),
  });
};

/** What is left of a purchase whose caller is interrupted after so many turns. */
const leftAfter = async (turns: number): Promise<"nothing" | "bought" | "answered"> => {
  const { calls, close } = open();
  const run = Effect.runPromise;
  await run(calls.operator.open("acme", { name: "Acme", plan: "Growth" }));
  const buyer = Effect.runFork(calls.purchase(caller, { e164 }));
  for (let turn = 1; turn <= turns; turn++) {
    await (turn % PROMISES === 0 ? eventLoopTurn() : Promise.resolve());
  }
  const isOver = buyer.pollUnsafe() !== undefined;
  await run(Fiber.interrupt(buyer));
  // Its turns are free.
  await run(calls.operator.nameAssistant("acme", { assistant: "asst_1", name: "Ada" }));
  // It may be about to append.
  const buying = Effect.as(calls.purchase(caller, { e164 }), "nothing" as const).pipe(
    Effect.catchTag(
      ["NUMBER_ALREADY_YOURS", "PURCHASE_IN_PROGRESS"],
      () => Effect.succeed("bought" as const),
    ),
  );
  const left = await run(buying);
  // What the background has begun, closing would finish as well.
  await run(calls.work.run());
  const numbers = await run(calls.numbers.list(caller));
  assert.deepEqual(numbers.map(({ holding, status }) => [holding.e164, status]), [[
    e164,
    "active",
  ]]);
  await close();
  return isOver ? "answered" : left;
};

test("a purchase goes on when its caller is interrupted, whenever that is", async () => {
  const left = new Set<string>();
  for (
    let turns = 0;
    !left.has("answered") && turns < MOST_TURNS;
    turns += 1 + Math.floor(turns / 50)
  ) {
    left.add(await leftAfter(turns));
  }
  assert.deepEqual([...left].toSorted(), ["answered", "bought"]);
});
