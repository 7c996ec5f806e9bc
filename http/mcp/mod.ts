/** Tools for agents, which are loaded with the first message. */
import type { Call } from "../dialect.ts";

/** Tools for agents, as `openMcp` makes them; the application alone knows what they are given. */
export type Mcp = {
  /** Answers a message of the protocol. */
  readonly speak: (call: never) => Promise<unknown>;
};

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
export const openMcp = (): Mcp => ({
  speak: async (call: Call) => (await import("./speak.ts")).speak(call),
});
