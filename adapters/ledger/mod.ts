/**
 * The ledger: the one entry point through which programs and the HTTP layer use the domain. Its
 * calls are effects (`open.ts`); here they become promises, and their refusals values.
 */
import * as Effect from "effect/Effect";
import { unreachable } from "../../core/values/unreachable.ts";
import type { Feed } from "./api/effects.ts";
import type { Ledger } from "./api/mod.ts";
import type { LedgerOptions } from "./api/options.ts";
import { mapCalls } from "./calls/declaration.ts";
import { toResult } from "./engine/refusals.ts";
import { following, notFollowing, openTable, type RunOptions } from "./open.ts";

export type * from "./api/mod.ts";
export type { LedgerOptions } from "./api/options.ts";
export { Busy } from "./engine/errors.ts";

type Promised = Omit<Ledger, keyof Feed | "close" | typeof Symbol.asyncDispose>;

/** Opens a ledger, whose calls are promises. */
export type OpenLedger = (options: LedgerOptions & RunOptions) => Ledger;

const openWith = (
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

/**
 * Opens a ledger over these adapters and starts its automations. Close it to finish what is under
 * way, which it waits for no longer than a bound; the log is closed with it.
 */
export const openLedger: OpenLedger = (options) => openWith(following, options);

/** The same for a worker: its calls that follow the log throw. */
export const openServingLedger: OpenLedger = (options) => openWith(notFollowing, options);
