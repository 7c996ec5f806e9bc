import type { Caller } from "../adapters/ledger/api/mod.ts";
import type { Route } from "./dialect.ts";

/** Whether a route changes something, so that an `Idempotency-Key` counts for it. */
export const isWriting = ({ method, searches, readsOnly }: Route): boolean =>
  method !== "GET" && searches !== true && readsOnly !== true;

/** Whether a caller may use a route: one with a token that only reads changes nothing. */
export const mayUse = (caller: Caller, route: Route): boolean =>
  caller.scope !== "read" || !isWriting(route);
