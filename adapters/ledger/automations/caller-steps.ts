import * as Deferred from "effect/Deferred";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import type * as Scope from "effect/Scope";
import { taking } from "../engine/bracket.ts";
import { elapsed } from "../engine/elapsed.ts";
import { Closed } from "../engine/errors.ts";
import { besideLease } from "../engine/leases.ts";
import { Ports } from "../engine/services.ts";
import { carefully, type Item, itemKey, type Progress, type Step } from "./step.ts";

/** How soon a carrier that has not confirmed is asked again while a caller waits. */
const ASK_AGAIN = "200 millis";

const DONE: Effect.Effect<Progress> = Effect.succeed("done");

/** What a caller has done about an item. */
export type CallerSteps<Asked, Refusal> = {
  /** Appends what the caller asked for, before any carrier is called. */
  readonly append: Effect.Effect<Asked, Refusal, Ports>;
  /** The step that follows in the same turn; null where none need. */
  readonly first: (asked: Asked) => Step | null;
  /** Each further step, while it is open. */
  readonly next: Step;
};

/** Keeps automations of this process off the item while this runs, which does what they would. */
const inHand = (item: Item, work: Effect.Effect<void, never, Ports>) =>
  Effect.flatMap(Ports, ({ callerItems }) => {
    const name = itemKey(item);
    const enter = (): void => void callerItems.set(name, (callerItems.get(name) ?? 0) + 1);
    const leave = (): void => {
      const others = (callerItems.get(name) ?? 1) - 1;
      if (others === 0) callerItems.delete(name);
      else callerItems.set(name, others);
    };
    return taking(enter, () => work, leave);
  });

/** Takes further steps, each in its turn, until the item is done or the wait budget is spent. */
const takeSteps = Effect.fnUntraced(function* (
  item: Item,
  begin: Effect.Effect<Progress, never, Ports>,
  next: Step,
) {
  const { items, waitMs } = yield* Ports;
  const deadline = (yield* elapsed) + waitMs;
  let progress = yield* begin;
  while (progress === "open" && (yield* elapsed) < deadline) {
    yield* Effect.sleep(ASK_AGAIN);
    progress = yield* items.inTurn(itemKey(item), carefully(item.key, next));
  }
});

/**
 * Does in the background what a caller asks for, and waits for it up to the wait budget; returns
 * what was appended, or fails as that was refused. What is then open stays on its list.
 *
 * 1. The append and the first step are one turn at the item, so that no automation runs in between.
 *    Where the item is being worked on, perhaps waiting long for a carrier, it is appended
 *    immediately, and only the steps wait for a turn.
 * 2. The caller goes on once the append is over, and waits for the steps no longer than its budget.
 * 3. The steps go on without the caller, in `background`: a call to a carrier that a caller no
 *    longer waits for still records its outcome. No step is ever interrupted.
 */
export const stepForCaller = Effect.fnUntraced(function* <Asked, Refusal>(
  background: Scope.Scope,
  item: Item,
  { append, first, next }: CallerSteps<Asked, Refusal>,
) {
  const { items, waitMs } = yield* Ports;
  const appended = yield* Deferred.make<Asked, Refusal>();
  const appending = Effect.uninterruptible(Effect.onExit(
    append,
    (exit) => Deferred.done(appended, exit),
  ));
  type Turn = (step: Effect.Effect<Progress, never, Ports>) => typeof step;
  const beginning = (turn: Turn) =>
    Effect.matchEffect(appending, {
      onSuccess: (asked) => {
        const step = first(asked);
        return step === null ? DONE : turn(carefully(item.key, step));
      },
      // The caller receives the refusal.
      onFailure: () => DONE,
    });
  const atOnce = Effect.uninterruptible(beginning((step) => step));
  const begin = Effect.flatMap(
    items.ifFree<Progress | null, never, Ports>(itemKey(item), atOnce, null),
    (progress) =>
      progress === null
        ? beginning((step) => items.inTurn(itemKey(item), step))
        : Effect.succeed(progress),
  );
  const work = inHand(item, besideLease(item, takeSteps(item, begin, next)));
  const fiber = yield* Effect.forkIn(work, background);
  // In a scope that is closing, the fiber may end before it begins.
  const unbegun = Effect.andThen(Fiber.await(fiber), Deferred.die(appended, new Closed()));
  const asked = yield* Effect.raceFirst(
    Deferred.await(appended),
    Effect.andThen(unbegun, Deferred.await(appended)),
  );
  yield* Effect.timeoutOption(Fiber.await(fiber), waitMs);
  return asked;
});
