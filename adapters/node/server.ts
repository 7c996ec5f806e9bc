import type { OnLost } from "../server/log.ts";
import { open } from "../server/open.ts";
import { type RunningServer, stopLimitOf, urlOf } from "../server/running.ts";
import type { Settings } from "../server/settings.ts";
import { type Listening, startListening } from "./listening.ts";

/**
 * Starts a server, with a second listener for `/admin` where `adminPort` says so. Rejects when a port
 * or the database cannot be had.
 */
export const startServer = async (
  settings: Settings,
  onLost?: OnLost,
): Promise<RunningServer> => {
  const { port, host, adminPort, adminHost, maxConnections } = settings;
  // The listener's modules are loaded beside the database, for the sake of the start.
  const [{ ledger, fetch, adminFetch }] = await Promise.all([
    open(settings, onLost),
    import("./listener.ts"),
  ]);
  const listening: Listening[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(listening.map((one) => one.end(stopLimitOf(settings))));
    await ledger.close();
  };
  try {
    if (adminFetch !== null) {
      const at = { port: adminPort ?? 0, host: adminHost, maxConnections };
      listening.push(await startListening(adminFetch, at));
    }
    const admin = listening.at(0);
    const adminUrl = admin === undefined ? null : urlOf(adminHost, admin.port);
    const open = await startListening(fetch, { port, host, maxConnections });
    listening.push(open);
    return { url: urlOf(host, open.port), adminUrl, ledger, stop: end };
  } catch (error) {
    await end();
    throw error;
  }
};
