import type { Sharing } from "../metrics/processes.ts";
import type { Fetch } from "../server/application.ts";
import { open } from "../server/checked-log.ts";
import { type RunningServer, stopLimitOf, urlOf } from "../server/running-server.ts";
import type { ServerOptions } from "../server/server-options.ts";
import type { Settings } from "../server/settings.ts";
import { unfitHost } from "../server/setting-error.ts";
import { type Listening, startListening } from "./listen.ts";

/** Listens there; where that address is not available, the error names the setting. */
const listenAt = async (
  fetch: Fetch,
  at: Parameters<typeof startListening>[1],
  variable: string,
): Promise<Listening> => {
  try {
    return await startListening(fetch, at);
  } catch (error) {
    throw unfitHost(error, variable, at.host);
  }
};

/**
 * Starts a server, with a second listener for `/admin` where `adminPort` says so; `share` shows
 * what it measures together with other processes. Rejects when a port or the database is not
 * available.
 */
export const startServer = async (
  settings: Settings,
  options?: ServerOptions,
  share?: Sharing,
): Promise<RunningServer> => {
  const { port, host, adminPort, adminHost, maxConnections } = settings;
  // The listener's modules are loaded while the database opens, for a quick start.
  const [{ ledger, fetch, adminFetch, endFeeds, unread: answered }] = await Promise.all([
    open(settings, options, share),
    import("./request-listener.ts"),
  ]);
  const listening: Listening[] = [];
  const end = async (): Promise<void> => {
    endFeeds();
    await Promise.all(listening.map((one) => one.end(stopLimitOf(settings))));
    await ledger.close();
  };
  try {
    if (adminFetch !== null) {
      const at = { port: adminPort ?? 0, host: adminHost, maxConnections, answered };
      listening.push(await listenAt(adminFetch, at, "ADMIN_HOST"));
    }
    const admin = listening.at(0);
    const adminUrl = admin === undefined ? null : urlOf(adminHost, admin.port);
    const open = await listenAt(fetch, { port, host, maxConnections, answered }, "HOST");
    listening.push(open);
    return { url: urlOf(host, open.port), adminUrl, ledger, stop: end };
  } catch (error) {
    await end();
    throw error;
  }
};
