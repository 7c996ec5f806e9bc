import type { Route } from "./dialect.ts";

/** Whether a route changes something, so that an `Idempotency-Key` counts for it. */
export const isWriting = ({ method, searches, readsOnly }: Route): boolean =>
  method !== "GET" && searches !== true && readsOnly !== true;
