import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Effect from "effect/Effect";
import { makeQueue } from "../../../adapters/carrier/telnyx/queue.ts";
import { begin, ILL, onVirtualClock, pass } from "./virtual.ts";

const WAIT_MS = 1_000;

const attempt = (sent: { now: number; most: number; all: number }, ms: number) =>
  Effect.suspend(() => {
    sent.most = Math.max(sent.most, ++sent.now);
    sent.all++;
    return Effect.as(Effect.sleep(ms), "answer");
  }).pipe(Effect.ensuring(Effect.sync(() => void sent.now--)));

const none = () => ({ now: 0, most: 0, all: 0 });

describe("queue", () => {
  test("runs no more concurrently than it has places", () =>
    onVirtualClock(Effect.gen(function* () {
      const queue = makeQueue({ places: 2, waitMs: WAIT_MS });
      const sent = none();
      const began = yield* Effect.forEach(
        [1, 2, 3, 4, 5],
        () => begin(queue(attempt(sent, 300))),
      );
      for (let step = 0; step < 3; step++) yield* pass(300);
      assert.deepEqual(began.map(({ seen }) => seen.outcome), Array(5).fill("answer"));
      assert.deepEqual(sent, { now: 0, most: 2, all: 5 });
    })));

  test("fails what waited too long, unsent", () =>
    onVirtualClock(Effect.gen(function* () {
      const queue = makeQueue({ places: 1, waitMs: WAIT_MS });
      const sent = none();
      const slow = yield* begin(queue(attempt(sent, 5_000)));
      const late = yield* begin(queue(attempt(sent, 0)));
      yield* pass(WAIT_MS - 1);
      assert.equal(late.seen.outcome, null);
      yield* pass(1);
      assert.equal(late.seen.outcome, "unreachable");
      yield* pass(5_000);
      assert.equal(slow.seen.outcome, "answer");
      assert.equal(sent.all, 1);
    })));

  test("frees a place when its attempt fails or is interrupted", () =>
    onVirtualClock(Effect.gen(function* () {
      const queue = makeQueue({ places: 1, waitMs: WAIT_MS });
      yield* Effect.flip(queue(Effect.fail(ILL)));
      const endless = yield* begin(queue(Effect.never));
      const waiting = yield* begin(queue(Effect.succeed("answer")));
      assert.equal(waiting.seen.outcome, null);
      yield* endless.end;
      yield* pass(0);
      assert.equal(waiting.seen.outcome, "answer");
    })));
});
