/** The ledger behind a server of Node's. */
import type { RequestListener } from "node:http";
import { assertArguments } from "../../validation/argument.ts";
import { adapter } from "../../validation/shapes.ts";
import { requestListenerOf } from "../node/request-listener.ts";
import type { OnLost } from "../server/log.ts";
import type { RunningServer } from "../server/running-server.ts";
import type { Settings } from "../server/settings.ts";
import { OnLostSchema, SettingsSchema } from "./settings.ts";

/**
 * Starts the whole server that `npm start` starts, with these settings (see `readSettings`).
 * Rejects when the port or the database is not available, or with an `InvalidArgument` that names
 * the setting that does not fit.
 *
 * @example
 * ```ts
 * import { readSettings, startServer } from "ledgerline/node";
 *
 * const settings = readSettings({ PORT: "8080", DATA_DIR: "memory" });
 * if (!settings.ok) throw new Error(settings.error);
 * const server = await startServer(settings.value);
 * console.log(server.url);
 * ```
 */
export const startServer = async (
  settings: Settings,
  onLost?: OnLost,
): Promise<RunningServer> => {
  assertArguments({ settings: SettingsSchema, onLost: OnLostSchema }, [settings, onLost]);
  const server = await import("../node/server.ts");
  return await server.startServer(settings, onLost);
};

/** An application such as `createApp` gives. */
type App = { readonly fetch: (request: Request) => Response | Promise<Response> };

/**
 * What `createServer` of `node:http` takes, for an application such as `createApp` gives.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { createApp } from "ledgerline/http";
 * import { listenerOf } from "ledgerline/node";
 *
 * createServer(listenerOf(createApp({ ledger, adminToken: null }))).listen(8080);
 * ```
 */
export const listenerOf = (app: App): RequestListener => {
  assertArguments({ app: adapter<App>({ fetch: true }) }, [app]);
  return requestListenerOf((request) => app.fetch(request));
};
