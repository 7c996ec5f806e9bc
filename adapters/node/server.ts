import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "../../http/app.ts";
import { openSandboxCarrier } from "../carrier/sandbox/carrier.ts";
import { openSqlOrderBook } from "../carrier/sandbox/sql.ts";
import { openIds } from "../clock/ids.ts";
import { systemClock } from "../clock/system.ts";
import { openTestClock } from "../clock/test.ts";
import { type Ledger, openLedger } from "../ledger/mod.ts";
import { openPgliteLog } from "../log/pglite/mod.ts";
import { openWebhookNotifier } from "../notifier/webhook.ts";
import { includedPayments } from "../payments/included.ts";
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

/** One line on standard error for each thing that went wrong, for whoever reads the logs. */
const report = (what: string, error: unknown): void => {
  const why = error instanceof Error ? error.stack ?? error.message : String(error);
  console.error(JSON.stringify({ at: new Date().toISOString(), what, error: why }));
};

/** Opens the ledger that the settings describe: PGlite, the sandbox carrier, a clock. */
export const openConfiguredLedger = async (settings: Settings): Promise<Ledger> => {
  const { dataDir, durability, testClock, reviewersUrl, waitMs, recoveryMs } = settings;
  const clock = testClock === null ? null : openTestClock(testClock);
  const time = clock ?? systemClock;
  const log = await openPgliteLog({ folder: dataDir, durability });
  const orders = await openSqlOrderBook(log.database);
  return openLedger({
    log,
    carrier: openSandboxCarrier({ orders, clock: time }),
    payments: includedPayments,
    clock: time,
    ids: openIds(time),
    waitMs,
    recoveryMs,
    report,
    ...(clock && { setClock: clock.set }),
    ...(reviewersUrl !== null && { notifier: openWebhookNotifier({ url: reviewersUrl }) }),
  });
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
  const ledger = await openConfiguredLedger(settings);
  const app = createApp({
    ledger,
    adminToken: settings.adminToken,
    onError: (error, requestId) => report(`request ${requestId}`, error),
  });
  const server = createServer(getRequestListener(app.fetch));
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
