/**
 * The calls of the layer are the ledger's: they wait by its clock and not by their caller's, and
 * keep their turn and their place at a carrier until they are answered, also when nobody waits.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Fiber from "effect/Fiber";
import * as ManagedRuntime from "effect/ManagedRuntime";
import * as Option from "effect/Option";
import * as TestClock from "effect/testing/TestClock";
import { eventLoopTurn } from "../../adapters/ledger/engine/slices.ts";
import { layer, Ledger, type LedgerOptions } from "../../adapters/package/effect.ts";
import { openMemoryLog } from "../../adapters/package/memory.ts";
import { type Caller, type Carrier, Closed, type EventLog } from "../../adapters/package/mod.ts";
import { openSandboxCarrier } from "../../adapters/package/sandbox.ts";
import { eventually, until } from "../support/eventually.ts";
import { gate } from "../support/gate.ts";

const caller: Caller = { organization: "acme", actor: { kind: "operator" } };

/** More turns of the event loop than any call needs to reach a log or a carrier that it may ask. */
const TURNS = 20;

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn++) await eventLoopTurn();
};

/** Counts those who are in it, until it is opened and they pass. */
const openPassage = () => {
  const counts = { within: 0, most: 0, passed: 0 };
  const { opened, open } = gate();
  const pass = async (): Promise<void> => {
    counts.most = Math.max(counts.most, ++counts.within);
    await opened;
    counts.within--;
    counts.passed++;
  };
  return { counts, letGo: open, pass };
};

const open = async (options: Partial<LedgerOptions> = {}) => {
  const runtime = ManagedRuntime.make(layer({
    log: openMemoryLog(),
    carrier: openSandboxCarrier(),
    ...options,
  }));
  const ledger = await runtime.runPromise(Ledger);
  await Effect.runPromise(ledger.operator.open("acme", { name: "Acme", plan: "Growth" }));
  return { ledger, close: () => runtime.dispose() };
};

/** Runs the call, and interrupts who waits for it once it is where it waits. */
const leave = async (call: Effect.Effect<unknown, unknown>): Promise<void> => {
  const waiting = Effect.runFork(call);
  await turns();
  await Effect.runPromise(Fiber.interrupt(waiting));
};

describe("the clock of a call", () => {
  test("is the layer's, whatever its caller's is", async () => {
    const { ledger, close } = await open({ waitMs: 50 });
    // The sandbox confirms it some seconds later.
    const buying = ledger.purchase(caller, { e164: "+14155550113" });
    const answer = await Effect.runPromise(
      // A limit by the machine's clock, so that a call that waits for ever fails and does not hang.
      Effect.timeoutOption(Effect.provide(buying, TestClock.layer()), "30 seconds"),
    );
    assert.equal(Option.getOrNull(answer)?.number.status, "purchasing");
    const numbers = Effect.provide(ledger.numbers.list(caller), TestClock.layer());
    await eventually(
      async () => (await Effect.runPromise(numbers)).map(({ status }) => status),
      ([status]) => status === "active",
    );
    await close();
  });
});

describe("a call whose caller is interrupted", () => {
  test("keeps its place at the carrier until it is answered", async () => {
    const sandbox = openSandboxCarrier();
    const { counts, letGo, pass } = openPassage();
    const carrier: Carrier = {
      ...sandbox,
      // One of them is for searches.
      callsAtOnce: 4,
      search: async (filters) => {
        await pass();
        return await sandbox.search(filters);
      },
    };
    const { ledger, close } = await open({ carrier });
    const limits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    for (const limit of limits) {
      await leave(ledger.search(caller, { country: "US", type: "local", limit }));
    }
    assert.deepEqual(counts, { within: 1, most: 1, passed: 0 });
    letGo();
    await until(() => counts.passed === limits.length);
    assert.equal(counts.most, 1);
    await close();
  });

  test("keeps the turn of its organization until it has appended", async () => {
    const log = openMemoryLog();
    const { counts, letGo, pass } = openPassage();
    let isWatched = false;
    const slow: EventLog = {
      ...log,
      append: async (...given) => {
        // Those of automations are in another organization.
        if (isWatched && given[0].organization === "acme") await pass();
        return await log.append(...given);
      },
    };
    const { ledger, close } = await open({ log: slow });
    isWatched = true;
    const names = ["Ada", "Ben", "Cleo"];
    for (const name of names) {
      await leave(ledger.operator.nameAssistant("acme", { assistant: name, name }));
    }
    assert.deepEqual(counts, { within: 1, most: 1, passed: 0 });
    letGo();
    await close();
    // The two that had waited are given to the log together.
    assert.deepEqual(counts, { within: 0, most: 2, passed: names.length });
  });
});

describe("letting the layer go", () => {
  test("waits for a call whose caller was interrupted, and then closes the log", async () => {
    const log = openMemoryLog();
    const { counts, letGo, pass } = openPassage();
    let passedAtClose: number | null = null;
    const slow: EventLog = {
      ...log,
      heads: async (...given) => {
        await pass();
        return await log.heads(...given);
      },
      close: () => {
        passedAtClose = counts.passed;
        return log.close();
      },
    };
    const { ledger, close } = await open({ log: slow });
    await leave(ledger.operator.heads());
    const closed = close();
    await turns();
    assert.equal(passedAtClose, null);
    letGo();
    await closed;
    assert.equal(passedAtClose, 1);
  });
});

test("a closed ledger on a real clock has no clock to advance, and does nothing else", async () => {
  const { ledger, close } = await open();
  await close();
  assert.equal(await Effect.runPromise(ledger.operator.advanceClock(1)), null);
  const exit = await Effect.runPromiseExit(ledger.operator.connections("acme"));
  assert.ok(Exit.isFailure(exit) && Cause.squash(exit.cause) instanceof Closed);
});
