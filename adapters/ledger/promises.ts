/** A ledger's calls, which are effects (`open.ts`), as promises, and their refusals as values. */
import * as Effect from "effect/Effect";
import { unreachable } from "../../core/values/unreachable.ts";
import type { Feed } from "./api/effects.ts";
import type { Ledger } from "./api/mod.ts";
import type { LedgerOptions } from "./api/options.ts";
import { mapCalls } from "./calls/declaration.ts";
import { toResult } from "./engine/refusals.ts";
import { openTable, type RunOptions } from "./open.ts";

type Promised = Omit<Ledger, keyof Feed | "close" | typeof Symbol.asyncDispose>;

/** Opens a ledger, whose calls are promises. */
export type OpenLedger = (options: LedgerOptions & RunOptions) => Ledger;

/** Opens a ledger with what of it follows the log. */
export const openWith = (
  followingOf: Parameters<typeof openTable>[1],
  options: LedgerOptions & RunOptions,
): Ledger => {
  const { table, services, feed, close } = openTable(options, followingOf);
  const run = Effect.runPromiseWith(services);
  const promised = mapCalls(table, (call) => {
    switch (call.kind) {
      case "refusable":
        // The one place where a refusal becomes a value.
        return (...given: readonly never[]) => run(toResult(call.perform(...given)));
      case "certain":
        return (...given: readonly never[]) => run(call.perform(...given));
      case "immediate":
        return () => Effect.runSync(call.perform());
      default:
        return unreachable(call);
    }
  });
  return {
    // `CallTable` is made of the promises, and has each call as its kind is turned back here.
    ...promised as unknown as Promised,
    ...feed,
    close,
    [Symbol.asyncDispose]: close,
  };
};
