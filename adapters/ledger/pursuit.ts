import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import type * as Scope from "effect/Scope";
import type { RowKey } from "../../core/ports.ts";
import type { Progress } from "./execute.ts";
import { Ports } from "./services.ts";

/** Names an item of an automation's list; at most one worker is at it. */
export const itemKey = (
  { organization, kind, key }: RowKey & { readonly organization: string },
): string => JSON.stringify([organization, kind, key]);

/** How soon a carrier that has not confirmed is asked again while a caller waits. */
const ASK_AGAIN = "200 millis";

/**
 * Repeats the step of one item until it is done or the wait budget is spent, and returns then. The
 * steps run in `scope` and are never interrupted: a call to a carrier that a caller no longer waits
 * for still notes what came of it. What is open afterwards stays on its list.
 */
export const pursue = Effect.fnUntraced(function* (
  scope: Scope.Scope,
  item: RowKey & { readonly organization: string },
  step: (first: boolean) => Effect.Effect<Progress, never, Ports>,
) {
  const { items, waitMs } = yield* Ports;
  const steps = Effect.gen(function* () {
    const deadline = (yield* Clock.currentTimeMillis) + waitMs;
    let first = true;
    while ((yield* Effect.uninterruptible(step(first))) === "open") {
      first = false;
      if ((yield* Clock.currentTimeMillis) >= deadline) return;
      yield* Effect.sleep(ASK_AGAIN);
    }
  });
  const fiber = yield* Effect.forkIn(items.inTurn(itemKey(item), steps), scope);
  yield* Effect.timeoutOption(Fiber.join(fiber), waitMs);
});
