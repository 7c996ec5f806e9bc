import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { open } from "../server/open.ts";
import { type RunningServer, stopLimitOf, urlOf } from "../server/running.ts";
import type { Settings } from "../server/settings.ts";
import { drainOf } from "./drain.ts";

const listen = (server: Server, { port, host }: Settings): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });

/** Starts a server. Rejects when the port or the database cannot be had. */
export const startServer = async (settings: Settings): Promise<RunningServer> => {
  // Loaded beside the database, for the sake of the start.
  const [{ ledger, fetch }, { getRequestListener }] = await Promise.all([
    open(settings),
    import("@hono/node-server"),
  ]);
  const server = createServer(getRequestListener(fetch));
  const drain = drainOf(server);
  try {
    const { port } = await listen(server, settings);
    const stop = async (): Promise<void> => {
      await drain.end(stopLimitOf(settings));
      await ledger.close();
    };
    return { url: urlOf(settings.host, port), ledger, stop };
  } catch (error) {
    await ledger.close();
    throw error;
  }
};
