import * as Deferred from "effect/Deferred";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import type * as Scope from "effect/Scope";
import type { RowKey } from "../../../core/ports/mod.ts";
import { elapsed } from "../engine/elapsed.ts";
import { Closed } from "../engine/errors.ts";
import type { Progress } from "../engine/execute.ts";
import { besideLease } from "../engine/leases.ts";
import { Ports } from "../engine/services.ts";
import { taking } from "../engine/bracket.ts";

/** Names an item of an automation's list; at most one worker handles it. */
export const itemKey = (
  { organization, kind, key }: RowKey & { readonly organization: string },
): string => JSON.stringify([organization, kind, key]);

/** How soon a carrier that has not confirmed is asked again while a caller waits. */
const ASK_AGAIN = "200 millis";

/** One step of an item. */
export type Step = Effect.Effect<Progress, never, Ports>;

/**
 * A step that is never interrupted, and that leaves its item open when it throws; the error is
 * reported.
 */
export const carefully = (what: string, step: Step): Step =>
  step.pipe(
    Effect.catchDefect((defect) =>
      Effect.map(Ports, ({ report }): Progress => {
        report(what, defect);
        return "open";
      })
    ),
    Effect.uninterruptible,
  );

/** What a caller asked for, before any carrier is called; `first` is null when none need be. */
export type Begun<Asked> = { readonly asked: Asked; readonly first: Step | null };

/** Keeps automations off the item while this runs, since it does what they would do. */
const pursuing = (name: string, work: Effect.Effect<void, never, Ports>) =>
  Effect.flatMap(Ports, ({ pursued }) => {
    const enter = (): void => void pursued.set(name, (pursued.get(name) ?? 0) + 1);
    const leave = (): void => {
      const others = (pursued.get(name) ?? 1) - 1;
      if (others === 0) pursued.delete(name);
      else pursued.set(name, others);
    };
    return taking(enter, () => work, leave);
  });

/**
 * Begins an item and repeats its step until it is done or the wait budget is spent; returns what
 * was asked for. `begin` and the first step are one turn at the item, so that no automation runs in
 * between; but where the item is being worked on, perhaps waiting long for a carrier, only the
 * steps wait for a turn. All of it runs in `scope` and no step is ever interrupted: a call to a
 * carrier that a caller no longer waits for still records its outcome. What is then open stays on
 * its list.
 */
export const pursue = Effect.fnUntraced(function* <Asked>(
  scope: Scope.Scope,
  item: RowKey & { readonly organization: string },
  begin: Effect.Effect<Begun<Asked>, never, Ports>,
  step: Step,
) {
  const { items, waitMs } = yield* Ports;
  const begun = yield* Deferred.make<Asked>();
  const start = begin.pipe(
    Effect.tap(({ asked }) => Deferred.succeed(begun, asked)),
    Effect.onError((cause) => Deferred.failCause(begun, cause)),
    Effect.uninterruptible,
  );
  const inTurn = (turn: Step) => items.inTurn(itemKey(item), turn);
  const startWith = (turn: (step: Step) => Step): Step =>
    Effect.flatMap(
      start,
      ({ first }) => first === null ? Effect.succeed("done") : turn(carefully(item.key, first)),
    );
  const atOnce = Effect.uninterruptible(startWith((step) => step));
  const steps = Effect.gen(function* () {
    const deadline = (yield* elapsed) + waitMs;
    let progress =
      (yield* items.ifFree<Progress | null, never, Ports>(itemKey(item), atOnce, null)) ??
        (yield* startWith(inTurn));
    while (progress === "open" && (yield* elapsed) < deadline) {
      yield* Effect.sleep(ASK_AGAIN);
      progress = yield* inTurn(carefully(item.key, step));
    }
  });
  const pursuit = pursuing(itemKey(item), besideLease(item, steps));
  const fiber = yield* Effect.forkIn(pursuit, scope);
  // In a scope that is closing, the fiber may end before it begins.
  const unbegun = Effect.andThen(Fiber.await(fiber), Deferred.die(begun, new Closed()));
  const asked = yield* Effect.raceFirst(
    Deferred.await(begun),
    Effect.andThen(unbegun, Deferred.await(begun)),
  );
  yield* Effect.timeoutOption(Fiber.await(fiber), waitMs);
  return asked;
});
