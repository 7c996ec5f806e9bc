/** What becomes of a call to a carrier that gets no place there in time. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import * as TestClock from "effect/testing/TestClock";
import { callCarrier, searchCarrier } from "../../adapters/ledger/engine/carrier-calls.ts";
import type { CarrierCall } from "../../adapters/ledger/engine/carrier-results.ts";
import { Ports } from "../../adapters/ledger/engine/services.ts";
import type { Carrier, SearchFilters } from "../../core/ports/mod.ts";
import { messageOf } from "../../core/values/error-message.ts";
import { type Milliseconds, SECOND_MS } from "../../core/values/calendar.ts";

const never = <Value>(): Promise<Value> => new Promise<Value>(() => {});

/** A carrier that answers nothing, and takes so many calls at a time. */
const portsOf = (callsAtOnce: number): Ports["Service"] => {
  const carrier = { callsAtOnce, search: never } as unknown as Carrier;
  return {
    carriers: new Map([["acme", carrier]]),
    places: new Map(),
    report: () => {},
    spans: null,
  } as unknown as Ports["Service"];
};

const FILTERS: SearchFilters = { country: "US", type: "local", limit: 5 };

/** How a call ended after so long: its failure, or the error that it died with; null: not yet. */
const endOf = <Value, Failure>(
  call: Effect.Effect<Value, Failure, Ports>,
  before: readonly Effect.Effect<unknown, unknown, Ports>[],
  { after_ms, callsAtOnce }: { readonly after_ms: Milliseconds; readonly callsAtOnce: number },
): Promise<unknown> => {
  const story = Effect.gen(function* () {
    for (const each of before) yield* Effect.forkChild(each);
    yield* Effect.yieldNow;
    const asked = yield* Effect.forkChild(
      call.pipe(
        Effect.match({ onSuccess: () => "answered" as unknown, onFailure: (error) => error }),
        Effect.catchDefect((defect) => Effect.succeed(messageOf(defect))),
      ),
    );
    yield* Effect.yieldNow;
    yield* TestClock.adjust(after_ms);
    yield* Effect.yieldNow;
    const exit = asked.pollUnsafe();
    return exit === undefined ? null : yield* Fiber.join(asked);
  });
  return Effect.runPromise(story.pipe(
    Effect.provideService(Ports, portsOf(callsAtOnce)),
    Effect.provide(TestClock.layer()),
  ));
};

const calling = (call: CarrierCall, party: string) => callCarrier("acme", party, call, never);
const searching = (party: string) => searchCarrier("acme", party, FILTERS);

describe("a call that gets no place at a carrier", () => {
  // Of two places, one is for searches.
  const hanging = [calling("release", "one"), searching("one")];
  const opened = { callsAtOnce: 2 };
  const busy = "The carrier acme is too busy; nothing was changed.";

  test("is rejected as busy after four seconds, where its caller waits for the answer", async () => {
    for (const call of ["search", "quote", "requirements"] as const) {
      const asked = (after_ms: Milliseconds) =>
        endOf(calling(call, "two"), hanging, { ...opened, after_ms });
      assert.equal(await asked(4 * SECOND_MS - 1), null);
      assert.equal(await asked(4 * SECOND_MS), busy);
    }
    const search = (after_ms: Milliseconds) =>
      endOf(searching("two"), hanging, { ...opened, after_ms });
    assert.equal(await search(4 * SECOND_MS - 1), null);
    assert.equal(await search(4 * SECOND_MS), busy);
  });

  test("fails as one that was not made where it is asked again anyway, and an order later", async () => {
    const asked = (call: CarrierCall, after_ms: Milliseconds) =>
      endOf(calling(call, "two"), hanging, { ...opened, after_ms });
    assert.equal(await asked("findOrder", 4 * SECOND_MS - 1), null);
    assert.deepEqual(await asked("findOrder", 4 * SECOND_MS), {
      _tag: "CarrierFailure",
      kind: "unknown",
      message: "Too many calls to the carrier are under way; this one was not made.",
    });
    assert.equal(await asked("order", 20 * SECOND_MS - 1), null);
  });

  test("is refused where the organization's own searches have all places", async () => {
    const end = await endOf(searching("one"), hanging, { ...opened, after_ms: 4 * SECOND_MS });
    assert.deepEqual(end, {
      _tag: "RATE_LIMITED",
      code: "RATE_LIMITED",
      message: "Too many searches of the organization are in progress; try again in a few seconds.",
    });
  });
});

test("a call to a carrier that is not configured fails as one that cannot be reached", async () => {
  const call = callCarrier("nobody", "one", "release", never);
  assert.deepEqual(await endOf(call, [], { callsAtOnce: 2, after_ms: 0 }), {
    _tag: "CarrierFailure",
    kind: "unreachable",
    message: "No carrier nobody is configured.",
  });
});
