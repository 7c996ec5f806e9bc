import * as Console from "effect/Console";
import * as Effect from "effect/Effect";
import * as Stream from "effect/Stream";
import * as TestClock from "effect/testing/TestClock";
import type { Caller } from "ledgerline";
import { openSandboxCarrier } from "ledgerline/carriers/sandbox";
import { layer, Ledger } from "ledgerline/effect";
import { openMemoryLog } from "ledgerline/memory";

const alice: Caller = {
  organization: "acme",
  actor: { kind: "user", tokenId: "session-7", email: "alice@example.com", name: "Alice Johnson" },
};

const program = Effect.gen(function* () {
  const ledger = yield* Ledger;
  yield* ledger.operator.open("acme", { name: "Acme", plan: "Free" });
  const { number } = yield* ledger.purchase(alice, { e164: "+14155550101" });
  yield* Console.log(number.holding.e164, number.isTrial ? "on trial" : number.status);

  // A refusal is an error with its code for a tag.
  yield* ledger.purchase(alice, { e164: "+14155550102" }).pipe(
    Effect.catchTag("PLAN_LIMIT_REACHED", ({ message }) => Console.log(message)),
  );

  // The ledger waits by Effect's clock, so a test's clock moves it: the trial is over in five days.
  yield* TestClock.adjust("6 days");
  const events = yield* ledger.follow("acme").pipe(
    Stream.takeUntil(({ type }) => type === "Released"),
    Stream.runCollect,
  );
  yield* Console.log(events.map(({ type }) => type).join(" "));
});

// It looks for what is due every hour, or a test's clock would wake it every second of six days.
const recoveryMs = 60 * 60 * 1000;
const ledger = layer({ log: openMemoryLog(), carrier: openSandboxCarrier(), recoveryMs });
await Effect.runPromise(program.pipe(Effect.provide(ledger), Effect.provide(TestClock.layer())));
