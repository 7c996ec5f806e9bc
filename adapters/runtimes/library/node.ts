/** The ledger behind a server of Node's. */
import type { RequestListener } from "node:http";
import { assertArguments } from "../../validation/argument.ts";
import { adapter } from "../../validation/shapes.ts";
import { requestListenerOf } from "../node/request-listener.ts";
import type { OnLost } from "../server/log.ts";
import type { RunningServer } from "../server/running-server.ts";
import type { Settings } from "../server/settings.ts";
import { optionsOf, type ServerOptions, type ServerParts } from "../server/server-options.ts";
import {
  assertCarrier,
  ServerOptionsSchema,
  ServerPartsSchema,
  SettingsSchema,
} from "./settings.ts";

/**
 * Starts the whole server that `npm start` starts, with these settings (see `readSettings`).
 * `options` has what settings cannot say: plans, payments, a notifier and a carrier of your own,
 * and what is called when the database was lost, which may also stand alone. Rejects when the port
 * or the database is not available, or with an `InvalidArgument` that names the setting or the
 * option that does not fit.
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
  options?: ServerOptions | OnLost,
): Promise<RunningServer> => {
  assertArguments({ settings: SettingsSchema, options: ServerOptionsSchema }, [settings, options]);
  const parts = optionsOf(options);
  assertCarrier(settings, parts);
  const server = await import("../node/server.ts");
  return await server.startServer(settings, parts);
};

/**
 * Runs the server as `npm start` does: takes its settings from the environment, starts as many
 * processes as `WORKERS` says, each of which runs this program again, and stops gracefully at
 * SIGTERM or SIGINT. `parts` has what settings cannot say: plans, payments, a notifier and a
 * carrier of your own. Resolves when it listens, or rejects with an `InvalidArgument` that names
 * the part that does not fit.
 *
 * @example
 * ```ts
 * import { run } from "ledgerline/node";
 *
 * await run();
 * ```
 */
export const run = async (parts: ServerParts = {}): Promise<void> => {
  assertArguments({ parts: ServerPartsSchema }, [parts]);
  const { runServer } = await import("../node/workers.ts");
  await runServer(parts);
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
