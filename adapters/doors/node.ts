/**
 * The server on Node: all of it, or a listener for a server of one's own.
 *
 * @module
 */
export { listenerOf, startServer } from "../library/node.ts";
export type { RunningServer } from "../server/running.ts";
export { type CarrierSettings, readSettings, type Settings } from "../server/settings.ts";
