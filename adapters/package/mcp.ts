/**
 * Tools for agents over the Model Context Protocol, as an option of the application.
 *
 * @module
 */
export type { Apart } from "../../http/app-options.ts";
export { type Mcp, openMcp } from "../../http/mcp/mod.ts";
