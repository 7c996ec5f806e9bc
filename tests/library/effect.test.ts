/** The ledger as a service of Effect, under Effect's own test clock. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Fiber from "effect/Fiber";
import * as Layer from "effect/Layer";
import * as Stream from "effect/Stream";
import * as TestClock from "effect/testing/TestClock";
import { layer, Ledger } from "../../adapters/package/effect.ts";
import { openMemoryLog } from "../../adapters/package/memory.ts";
import {
  type Caller,
  type Carrier,
  Closed,
  type EventLog,
  InvalidArgument,
} from "../../adapters/package/mod.ts";
import { openSandboxCarrier } from "../../adapters/package/sandbox.ts";
import { money } from "../../core/mod.ts";
import { gate } from "../support/gate.ts";

const caller: Caller = { organization: "acme", actor: { kind: "operator" } };
/** A look every second would be two million of them in a month. */
const HOUR_MS = 3_600_000;

const e164 = "+14155550101";

const run = <Value, Failure>(
  program: Effect.Effect<Value, Failure, Ledger>,
  log: EventLog = openMemoryLog(),
  carrier: Carrier = openSandboxCarrier(),
): Promise<Exit.Exit<Value, Failure>> =>
  Effect.runPromiseExit(program.pipe(
    Effect.provide(layer({ log, carrier, recoveryMs: HOUR_MS })),
    Effect.provide(TestClock.layer()),
  ));

const valueOf = <Value, Failure>(exit: Exit.Exit<Value, Failure>): Value => {
  assert.ok(Exit.isSuccess(exit), String(exit));
  return exit.value;
};

const opened = Effect.gen(function* () {
  const ledger = yield* Ledger;
  yield* ledger.operator.open("acme", { name: "Acme", plan: "Growth" });
  return ledger;
});

describe("the service", () => {
  test("gives values, and refusals as errors with their code for a tag", async () => {
    const program = Effect.gen(function* () {
      const ledger = yield* opened;
      const { number } = yield* ledger.purchase(caller, { e164 });
      const again = yield* ledger.purchase(caller, { e164 }).pipe(
        Effect.map(() => "bought"),
        Effect.catchTag("NUMBER_ALREADY_YOURS", (refusal) => Effect.succeed(refusal.e164)),
      );
      return { status: number.status, again };
    });
    assert.deepEqual(valueOf(await run(program)), { status: "active", again: e164 });
  });

  test("has the calls that are grouped, as effects too", async () => {
    const program = Effect.gen(function* () {
      const ledger = yield* opened;
      yield* ledger.operator.addCredits("acme", { amount: money(7) });
      const { entries, next } = yield* ledger.credits.entries(caller, { limit: 1 });
      return { amounts: entries.map(({ amount }) => amount.micros), next };
    });
    assert.deepEqual(valueOf(await run(program)), { amounts: [7], next: 2 });
  });

  test("keeps a refusal that nobody catches in the error channel", async () => {
    const exit = await run(Effect.flatMap(opened, (ledger) => ledger.release(caller, "pn_0")));
    assert.ok(Exit.isFailure(exit));
    const { _tag, code } = Cause.squash(exit.cause) as { _tag: string; code: string };
    assert.deepEqual({ _tag, code }, { _tag: "NUMBER_UNKNOWN", code: "NUMBER_UNKNOWN" });
  });

  test("renews a month later when the test clock says so", async () => {
    const program = Effect.gen(function* () {
      const ledger = yield* opened;
      yield* ledger.purchase(caller, { e164 });
      const bought = yield* ledger.now();
      yield* TestClock.adjust("32 days");
      yield* ledger.follow("acme").pipe(
        Stream.takeUntil(({ type }) => type === "Renewed"),
        Stream.runDrain,
      );
      const [number] = yield* ledger.numbers.list(caller);
      return (number?.lastChargedAt ?? 0) - bought;
    });
    // A test clock begins on the first of January 1970; the month is over on the first of February.
    const days = valueOf(await run(program)) / (24 * 60 * 60 * 1000);
    assert.ok(days >= 31 && days <= 32, `${days} days`);
  });

  test("dies of a wrong argument where a call has no refusals", async () => {
    const wrong = { ...caller, organization: "" };
    const exit = await run(Effect.flatMap(opened, (ledger) => ledger.numbers.list(wrong)));
    assert.ok(Exit.isFailure(exit));
    const error = Cause.squash(exit.cause);
    assert.ok(error instanceof InvalidArgument);
    assert.equal(error.path, "caller.organization");
  });

  test("is closed, and its log, when the layer is let go", async () => {
    const log = openMemoryLog();
    let closed = 0;
    const watched = { ...log, close: () => log.close().then(() => void closed++) };
    const kept = valueOf(await run(opened, watched));
    assert.equal(closed, 1);
    const exit = await Effect.runPromiseExit(kept.numbers.list(caller));
    assert.ok(Exit.isFailure(exit) && Cause.squash(exit.cause) instanceof Closed);
  });
});

describe("a call", () => {
  test("types the errors of each call, so that those that are caught no longer occur", async () => {
    const program = Effect.gen(function* () {
      const ledger = yield* opened;
      // Without one of the handlers this does not compile.
      const removed: Effect.Effect<string> = ledger.removeImport(caller, "pn_0").pipe(
        Effect.map(() => "removed"),
        Effect.catchTags({
          NUMBER_UNKNOWN: ({ _tag }) => Effect.succeed(_tag),
          NUMBER_IN_USE: ({ _tag }) => Effect.succeed(_tag),
          INVALID_ARGUMENT: ({ path }) => Effect.succeed(path),
        }),
      );
      return yield* removed;
    });
    assert.equal(valueOf(await run(program)), "NUMBER_UNKNOWN");
  });

  test("does nothing until it is run, and does it each time", async () => {
    const program = Effect.gen(function* () {
      const ledger = yield* opened;
      const adding = ledger.operator.addCredits("acme", { amount: money(7) });
      const none = yield* ledger.credits.entries(caller);
      yield* adding;
      yield* adding;
      const both = yield* ledger.credits.entries(caller);
      return [none.entries.length, both.entries.length];
    });
    assert.deepEqual(valueOf(await run(program)), [0, 2]);
  });

  test("goes on with a purchase whose caller is interrupted", async () => {
    const sandbox = openSandboxCarrier();
    const [ordered, answered] = [gate(), gate()];
    const carrier: Carrier = {
      ...sandbox,
      order: async (order) => {
        ordered.open();
        await answered.opened;
        return await sandbox.order(order);
      },
    };
    const program = Effect.gen(function* () {
      const ledger = yield* opened;
      const buyer = yield* Effect.forkChild(ledger.purchase(caller, { e164 }));
      yield* Effect.promise(() => ordered.opened);
      yield* Fiber.interrupt(buyer);
      const [waiting] = yield* ledger.numbers.list(caller);
      answered.open();
      yield* ledger.follow("acme").pipe(
        Stream.takeUntil(({ type }) => type === "NumberPurchased"),
        Stream.runDrain,
      );
      const [bought] = yield* ledger.numbers.list(caller);
      return [waiting?.status, bought?.status];
    });
    const exit = await run(program, openMemoryLog(), carrier);
    assert.deepEqual(valueOf(exit), ["purchasing", "active"]);
  });
});

describe("layer()", () => {
  test("waits, when it is let go, for the calls that are under way", async () => {
    const log = openMemoryLog();
    const [reached, answered] = [gate(), gate()];
    const order: string[] = [];
    const slow: EventLog = {
      ...log,
      heads: async (...asked) => {
        reached.open();
        await answered.opened;
        return await log.heads(...asked);
      },
      close: () => log.close().then(() => void order.push("closed")),
    };
    const program = Effect.gen(function* () {
      const { operator } = yield* Ledger;
      // Not a child: it outlives the scope of the layer.
      yield* Effect.forkDetach(
        Effect.map(operator.heads(), () => void order.push("answered")),
        { startImmediately: true },
      );
      yield* Effect.promise(() => reached.opened);
      setTimeout(answered.open, 50);
    });
    valueOf(await run(program, slow));
    assert.deepEqual(order, ["answered", "closed"]);
  });

  test("takes options that are an effect, and fails as that does", async () => {
    const options = Effect.fail("no database" as const);
    const program = Effect.provide(opened, layer(options));
    const exit = await Effect.runPromiseExit(program);
    assert.ok(Exit.isFailure(exit));
    assert.equal(Cause.squash(exit.cause), "no database");
  });

  test("is built once for those who share it", async () => {
    let made = 0;
    const options = Effect.sync(() => {
      made++;
      return { log: openMemoryLog(), carrier: openSandboxCarrier() };
    });
    const shared = layer(options);
    const both = Effect.all([opened, opened]).pipe(
      Effect.provide(Layer.merge(shared, shared)),
    );
    const [one, other] = await Effect.runPromise(both);
    assert.equal(made, 1);
    assert.equal(one, other);
  });
});
