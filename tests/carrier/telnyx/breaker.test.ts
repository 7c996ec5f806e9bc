import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Effect from "effect/Effect";
import { makeBreaker } from "../../../adapters/carrier/telnyx/breaker.ts";
import type { Setback } from "../../../adapters/carrier/telnyx/attempt-failure.ts";
import { begin, BUSY, ILL, onVirtualClock, pass } from "./virtual.ts";

const COOL_MS = 10_000;

/** A breaker that opens after three failures, and counts what it lets through. */
const open = () => {
  const breaker = makeBreaker({ failures: 3, coolMs: COOL_MS });
  const sent = { count: 0 };
  const send = (outcome: Setback | "answer") =>
    Effect.match(
      breaker(Effect.suspend(() => {
        sent.count++;
        return outcome === "answer" ? Effect.succeed("answer") : Effect.fail(outcome);
      })),
      { onSuccess: (value) => value, onFailure: ({ error }) => error.kind },
    );
  const trip = Effect.all([send(ILL), send(ILL), send(ILL)]);
  return { breaker, sent, send, trip };
};

describe("breaker", () => {
  test("sends nothing when it is open, and says that nothing was sent", () =>
    onVirtualClock(Effect.gen(function* () {
      const { sent, send, trip } = open();
      assert.deepEqual(yield* trip, ["unknown", "unknown", "unknown"]);
      assert.equal(yield* send("answer"), "unreachable");
      yield* pass(COOL_MS - 1);
      assert.equal(yield* send("answer"), "unreachable");
      assert.equal(sent.count, 3);
    })));

  test("closes when the probe is answered", () =>
    onVirtualClock(Effect.gen(function* () {
      const { sent, send, trip } = open();
      yield* trip;
      yield* pass(COOL_MS);
      assert.equal(yield* send("answer"), "answer");
      assert.equal(yield* send(ILL), "unknown");
      assert.equal(yield* send("answer"), "answer");
      assert.equal(sent.count, 6);
    })));

  test("waits again when the probe fails", () =>
    onVirtualClock(Effect.gen(function* () {
      const { sent, send, trip } = open();
      yield* trip;
      yield* pass(COOL_MS);
      assert.equal(yield* send(ILL), "unknown");
      assert.equal(yield* send("answer"), "unreachable");
      yield* pass(COOL_MS);
      assert.equal(yield* send("answer"), "answer");
      assert.equal(sent.count, 5);
    })));

  test("lets one probe through when several attempts come at the same time", () =>
    onVirtualClock(Effect.gen(function* () {
      const { breaker, send, trip } = open();
      yield* trip;
      yield* pass(COOL_MS);
      const probe = yield* begin(breaker(Effect.as(Effect.sleep(50), "answer")));
      assert.equal(yield* send("answer"), "unreachable");
      yield* pass(50);
      assert.equal(probe.seen.outcome, "answer");
      assert.equal(yield* send("answer"), "answer");
    })));

  test("lets another probe through when the first was interrupted or refused", () =>
    onVirtualClock(Effect.gen(function* () {
      const { breaker, send, trip } = open();
      yield* trip;
      yield* pass(COOL_MS);
      const probe = yield* begin(breaker(Effect.never));
      yield* probe.end;
      assert.equal(yield* send(BUSY), "unreachable");
      assert.equal(yield* send("answer"), "answer");
    })));

  test("stays closed when the failures are not in a row, or do not show the carrier unhealthy", () =>
    onVirtualClock(Effect.gen(function* () {
      const { sent, send } = open();
      for (const outcome of [ILL, ILL, "answer", ILL, ILL, "answer"] as const) yield* send(outcome);
      for (let sends = 0; sends < 9; sends++) yield* send(BUSY);
      assert.equal(yield* send("answer"), "answer");
      assert.equal(sent.count, 16);
    })));
});

describe("breaker, once it is open,", () => {
  test("stays open, with one probe, when an attempt from before it opened ends", () =>
    onVirtualClock(Effect.gen(function* () {
      for (const outcome of ["answer", ILL, BUSY] as const) {
        const { breaker, sent, send, trip } = open();
        const late = () =>
          Effect.andThen(
            Effect.sleep(COOL_MS + 20),
            outcome === "answer" ? Effect.succeed(outcome) : Effect.fail(outcome),
          );
        const earlier = yield* begin(breaker(late()));
        yield* trip;
        yield* pass(COOL_MS);
        const probe = yield* begin(breaker(Effect.andThen(Effect.sleep(50), Effect.fail(ILL))));
        yield* pass(20);
        assert.notEqual(earlier.seen.outcome, null);
        assert.equal(yield* send("answer"), "unreachable", "the probe is still out");
        yield* pass(30);
        assert.equal(probe.seen.outcome, "unknown");
        yield* pass(COOL_MS - 1);
        assert.equal(yield* send("answer"), "unreachable");
        yield* pass(1);
        assert.equal(yield* send("answer"), "answer");
        assert.equal(sent.count, 4);
      }
    })));

  test("does not close when an earlier attempt is answered before the wait is over", () =>
    onVirtualClock(Effect.gen(function* () {
      const { breaker, sent, send, trip } = open();
      const earlier = yield* begin(breaker(Effect.as(Effect.sleep(50), "answer")));
      yield* trip;
      yield* pass(50);
      assert.equal(earlier.seen.outcome, "answer");
      assert.equal(yield* send("answer"), "unreachable");
      assert.equal(sent.count, 3);
    })));
});

describe("a breaker that is listened to", () => {
  test("tells when it opens and when it closes, and not what does not change it", () =>
    onVirtualClock(Effect.gen(function* () {
      const changes: boolean[] = [];
      const breaker = makeBreaker(
        { failures: 2, coolMs: COOL_MS },
        (isOpen) => changes.push(isOpen),
      );
      const send = (outcome: Setback | "answer") =>
        Effect.ignore(breaker(outcome === "answer" ? Effect.void : Effect.fail(outcome)));
      yield* Effect.all([send(ILL), send("answer"), send(ILL)]);
      assert.deepEqual(changes, []);
      yield* Effect.all([send(ILL), send(ILL)]);
      assert.deepEqual(changes, [true]);
      yield* pass(COOL_MS);
      yield* send(ILL);
      assert.deepEqual(changes, [true]);
      yield* pass(COOL_MS);
      yield* Effect.all([send("answer"), send("answer")]);
      assert.deepEqual(changes, [true, false]);
    })));
});
