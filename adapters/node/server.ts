import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Ledger } from "../ledger/mod.ts";
import { openPgliteLog } from "../log/pglite/mod.ts";
import { drainOf } from "./drain.ts";
import type { Settings } from "./settings.ts";

/** How long a stop waits for a request, beyond what a purchase may wait for its carrier. */
const STOP_SPARE_MS = 3_000;

/** A server that listens. */
export type RunningServer = {
  /** Where it is reached, such as `http://localhost:8787`. */
  readonly url: string;
  readonly ledger: Ledger;
  /** Takes no more connections, finishes the requests under way, and closes the database. */
  stop(): Promise<void>;
};

const listen = (server: Server, { port, host }: Settings): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });

const nameOf = (host: string): string => {
  if (host === "127.0.0.1" || host === "::1") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
};

/** Starts a server. Rejects when the port or the data folder cannot be had. */
export const startServer = async (settings: Settings): Promise<RunningServer> => {
  const { dataDir: folder, durability } = settings;
  // The database is compiled beside this thread, which meanwhile loads the rest.
  const [log, { openApplication }] = await Promise.all([
    openPgliteLog({ folder, durability }),
    import("./application.ts"),
  ]);
  const { ledger, listener } = await openApplication(log, settings);
  const server = createServer(listener);
  const drain = drainOf(server);
  try {
    const { port } = await listen(server, settings);
    const stop = async (): Promise<void> => {
      await drain.end(settings.waitMs + STOP_SPARE_MS);
      await ledger.close();
    };
    return { url: `http://${nameOf(settings.host)}:${port}`, ledger, stop };
  } catch (error) {
    await ledger.close();
    throw error;
  }
};
