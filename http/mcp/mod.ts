/** Tools for agents, which are loaded with the first message. */
import type { Route } from "../dialect.ts";
import type { Apart } from "../app-options.ts";

/** Tools for agents, as `openMcp` makes them. */
export type Mcp = Apart;

/**
 * `POST /mcp`: tools with which an agent searches, buys, lists, reads, routes and releases numbers
 * by its caller's own token, within their organization's plan. What cannot be undone is told first,
 * and done only with the confirmation that this gave.
 *
 * @example
 * ```ts
 * import { createApp } from "ledgerline/http";
 * import { openMcp } from "ledgerline/mcp";
 *
 * const app = createApp({ ledger, adminToken: null, mcp: openMcp() });
 * ```
 */
export const openMcp = (): Mcp => {
  const speak: Route = {
    method: "POST",
    path: "/mcp",
    // A message counts as a read: what its tool may do more than read is the tool's to say.
    readsOnly: true,
    handle: async (call) => (await import("./speak.ts")).speak(call),
  };
  return { routes: () => [speak] };
};
