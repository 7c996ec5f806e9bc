/**
 * A fiber may be interrupted wherever it gives others a turn, which is after any number of
 * operations. Wherever that is, what it had taken is there for others again.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import { MaxOpsBeforeYield } from "effect/Scheduler";
import { makeBreaker } from "../../adapters/carrier/telnyx/breaker.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { makeExclusive } from "../../adapters/ledger/engine/keyed-mutex.ts";
import { makeLane } from "../../adapters/ledger/engine/carrier-lanes.ts";
import { openSearchCache } from "../../adapters/ledger/engine/search-cache.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";

/** More operations than any of these takes until it waits. */
const OFFSETS = 80;
/** With fewer, a fiber does nothing but give others their turns. */
const LEAST = 4;

/** So many operations that the first ones of what follows are reached as well. */
const BEFORE = Effect.forEach([1, 2, 3, 4, 5, 6], () => Effect.void, { discard: true });

/** Runs the effect, which never ends, and interrupts it after so many operations. */
const breakOff = async (offset: number, effect: Effect.Effect<unknown, unknown>): Promise<void> => {
  const fork = Effect.runForkWith(Context.make(MaxOpsBeforeYield, offset));
  const fiber = fork(Effect.andThen(BEFORE, effect));
  fiber.interruptUnsafe();
  await Effect.runPromise(Fiber.await(fiber));
};

const ILL = {
  error: { kind: "unknown", message: "ill" },
  ill: true,
  again: null,
} as const;

/** What is taken, and whether it is free. */
type Taking = {
  readonly take: Effect.Effect<unknown, unknown>;
  readonly isFree: () => Promise<boolean>;
};

const takings: Readonly<Record<string, () => Promise<Taking>>> = {
  "a place of a lane": () => {
    const lane = makeLane({ places: 1, each: 1, waiting: 1 });
    const run = (effect: Effect.Effect<boolean>) =>
      lane.run("party", 0, effect, () => Effect.succeed(false));
    return Promise.resolve({
      take: run(Effect.never),
      isFree: () => Effect.runPromise(run(Effect.succeed(true))),
    });
  },
  "a key's turn": () => {
    const { inTurn, ifFree } = makeExclusive();
    return Promise.resolve({
      take: inTurn("key", Effect.never),
      isFree: () => Effect.runPromise(ifFree("key", Effect.succeed(true), false)),
    });
  },
  "a key that was free": () => {
    const { ifFree } = makeExclusive();
    return Promise.resolve({
      take: ifFree("key", Effect.never, null),
      isFree: () => Effect.runPromise(ifFree("key", Effect.succeed(true), false)),
    });
  },
  "the probe of a breaker": async () => {
    const breaker = makeBreaker({ failures: 1, coolMs: 0 });
    await Effect.runPromise(Effect.ignore(breaker(Effect.fail(ILL))));
    const probe = Effect.match(breaker(Effect.succeed(true)), {
      onSuccess: (isAnswered) => isAnswered,
      onFailure: () => false,
    });
    return { take: breaker(Effect.never), isFree: () => Effect.runPromise(probe) };
  },
  "the asking for what others wait for too": () => {
    const cache = openSearchCache({
      log: openMemoryLog(),
      clock: openTestClock(0),
      keptMs: 5_000,
    });
    const search = Effect.as(cache.find("key", Effect.succeed([])), true);
    const soon = Effect.timeoutOrElse(search, {
      duration: 200,
      orElse: () => Effect.succeed(false),
    });
    return Promise.resolve({
      take: cache.find("key", Effect.never),
      isFree: () => Effect.runPromise(soon),
    });
  },
};

describe("what an interrupted fiber had taken is free again, wherever it was interrupted", () => {
  for (const [what, open] of Object.entries(takings)) {
    test(what, async () => {
      for (let offset = LEAST; offset <= OFFSETS; offset++) {
        const { take, isFree } = await open();
        await breakOff(offset, take);
        assert.ok(await isFree(), `not free after ${offset} operations`);
      }
    });
  }
});
