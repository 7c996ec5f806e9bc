/** The ledger behind a server of Node's. */
import type { RequestListener } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { RunningServer } from "../server/running.ts";
import type { Settings } from "../server/settings.ts";

/**
 * Starts the whole server that `npm start` starts, with these settings (see `readSettings`). Rejects
 * when the port or the database cannot be had.
 */
export const startServer = async (settings: Settings): Promise<RunningServer> => {
  const server = await import("../node/server.ts");
  return await server.startServer(settings);
};

/** What `createServer` of `node:http` takes, for an application such as `createApp` gives. */
export const listenerOf = (
  app: { readonly fetch: (request: Request) => Response | Promise<Response> },
): RequestListener => getRequestListener((request) => app.fetch(request));
