/** Opens a ledger for programs that use Effect. */
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import type { LedgerEffects } from "./api/effects.ts";
import type { LedgerOptions } from "./api/options.ts";
import { mapCalls } from "./calls/declaration.ts";
import { following } from "./following.ts";
import { type OpenedTable, openTable, type RunOptions } from "./open.ts";

/**
 * Runs the call in a fiber of its own, with the caller's context. A caller that is interrupted only
 * stops waiting: what the call has asked of the log or of a carrier goes on, so the call keeps its
 * turn and its place until it is answered, and closing waits for it.
 */
const detached = <Value, Failure>(
  call: Effect.Effect<Value, Failure>,
): Effect.Effect<Value, Failure> =>
  Effect.flatMap(Effect.forkDetach(call, { startImmediately: true }), Fiber.join);

/** A ledger for programs that use Effect: every call is an effect, wherever it is run. */
export type OpenedLedger = Pick<OpenedTable, "feed" | "close"> & { readonly calls: LedgerEffects };

/** The same, with its calls as plain effects, each of which goes on without its caller. */
export const openCalls = (options: LedgerOptions & RunOptions): OpenedLedger => {
  const { table, services, feed, close } = openTable(options, following);
  // `CallTable` has each call with the arguments, the value and the failures that it has here.
  const calls = mapCalls(
    table,
    ({ perform }) => (...given: readonly never[]) =>
      detached<unknown, unknown>(Effect.provideContext(perform(...given), services)),
  );
  return { feed, close, calls: calls as unknown as LedgerEffects };
};
