/**
 * The server on Node: all of it, or a listener for your own server.
 *
 * @module
 */
export { listenerOf, run, startServer } from "../runtimes/library/node.ts";
export type { ServerOptions, ServerParts } from "../runtimes/server/server-options.ts";
export type { OnLost } from "../runtimes/server/log.ts";
export type { RunningServer } from "../runtimes/server/running-server.ts";
export { type CarrierSettings, readSettings, type Settings } from "../runtimes/server/settings.ts";
