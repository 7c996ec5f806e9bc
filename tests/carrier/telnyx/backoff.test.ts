import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Random from "effect/Random";
import { makeBackoff } from "../../../adapters/carrier/telnyx/backoff.ts";
import type { Setback } from "../../../adapters/carrier/telnyx/attempt-failure.ts";
import { begin, BUSY, ILL, onVirtualClock, pass } from "./virtual.ts";

const backoff = makeBackoff({ times: 2, firstMs: 200, longestMs: 5_000 });

/** An attempt that has these failures one by one and then succeeds, and when it was made. */
const attemptAfter = (setbacks: readonly Setback[]) => {
  const at: number[] = [];
  const attempt = Effect.gen(function* () {
    at.push(yield* Clock.currentTimeMillis);
    const setback = setbacks[at.length - 1];
    return setback === undefined ? "answer" : yield* Effect.fail(setback);
  });
  return { at, attempt };
};

/** The times between attempts. */
const gaps = (at: readonly number[]): readonly number[] =>
  at.slice(1).map((time, place) => time - (at[place] ?? 0));

describe("backoff", () => {
  test("waits about twice as long each time", () =>
    onVirtualClock(Effect.gen(function* () {
      const { at, attempt } = attemptAfter([ILL, ILL]);
      const began = yield* begin(backoff(attempt));
      for (let step = 0; step < 100; step++) yield* pass(10);
      assert.equal(began.seen.outcome, "answer");
      const [first = 0, second = 0] = gaps(at);
      assert.ok(first >= 160 && first <= 250, `${first} ms`);
      assert.ok(second >= 320 && second <= 490, `${second} ms`);
    })));

  test("jitters, so that callers that failed together retry apart", () =>
    onVirtualClock(Effect.gen(function* () {
      const tries = [1, 2, 3, 4, 5].map(() => attemptAfter([ILL]));
      for (const [place, { attempt }] of tries.entries()) {
        yield* begin(backoff(attempt).pipe(Random.withSeed(`try ${place}`)));
      }
      for (let step = 0; step < 300; step++) yield* pass(1);
      assert.ok(new Set(tries.map(({ at }) => at[1])).size > 1);
    })));

  test("fails with the last error when all attempts fail", () =>
    onVirtualClock(Effect.gen(function* () {
      const { at, attempt } = attemptAfter([ILL, ILL, BUSY]);
      const began = yield* begin(backoff(attempt));
      yield* pass(5_000);
      assert.equal(began.seen.outcome, "unreachable");
      assert.equal(at.length, 3);
    })));

  test("waits as long as requested, and then as usual", () =>
    onVirtualClock(Effect.gen(function* () {
      const { at, attempt } = attemptAfter([{ ...BUSY, again: 3_000 }]);
      const began = yield* begin(backoff(attempt));
      yield* pass(3_000);
      assert.equal(began.seen.outcome, null);
      for (let step = 0; step < 30; step++) yield* pass(10);
      assert.equal(began.seen.outcome, "answer");
      const [wait = 0] = gaps(at);
      assert.ok(wait >= 3_160 && wait <= 3_250, `${wait} ms`);
    })));

  test("fails immediately when it is asked to wait too long, or when nothing would help", () =>
    onVirtualClock(Effect.gen(function* () {
      for (const again of [5_001, null]) {
        const { at, attempt } = attemptAfter([{ ...BUSY, again }]);
        assert.equal((yield* Effect.flip(backoff(attempt))).error.kind, "unreachable");
        assert.equal(at.length, 1);
      }
    })));
});
