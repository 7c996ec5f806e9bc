/**
 * The server on Deno. Run this module, or `run()` in your own, for the server as a program; or
 * start it with settings from elsewhere.
 *
 * @module
 */
import { run } from "../runtimes/library/deno.ts";

export { run, startServer } from "../runtimes/library/deno.ts";
export type { ServerOptions, ServerParts } from "../runtimes/server/server-options.ts";
export type { OnLost } from "../runtimes/server/log.ts";
export type { RunningServer } from "../runtimes/server/running-server.ts";
export { type CarrierSettings, readSettings, type Settings } from "../runtimes/server/settings.ts";

// Not awaited here: a CommonJS program cannot load a module that awaits. Node 20 has no `main`
// here, and its types do not declare it.
if ((import.meta as { readonly main?: boolean }).main === true) void run();
