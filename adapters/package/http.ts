/**
 * The HTTP application over a ledger, as a Hono app: its `fetch` answers a `Request` on any
 * runtime.
 *
 * @module
 */
export { type AppOptions, createApp } from "../runtimes/library/http.ts";
export { openMemoryAnswers } from "../answers/memory.ts";
export { openMemoryLimiter } from "../limiter/memory.ts";
export type { Apart } from "../../http/app-options.ts";
export type { Mcp } from "../../http/mcp/mod.ts";
export type { Documents, Page, ReadPage } from "../../http/documents.ts";
