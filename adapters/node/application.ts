import type { RequestListener } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "../../http/app.ts";
import { openSandboxCarrier } from "../carrier/sandbox/carrier.ts";
import { openSqlOrderBook } from "../carrier/sandbox/sql.ts";
import { openIds } from "../clock/ids.ts";
import { systemClock } from "../clock/system.ts";
import { openTestClock } from "../clock/test.ts";
import { type Ledger, openLedger } from "../ledger/mod.ts";
import type { PgliteLog } from "../log/pglite/mod.ts";
import { openWebhookNotifier } from "../notifier/webhook.ts";
import { includedPayments } from "../payments/included.ts";
import type { Settings } from "./settings.ts";

/** All that answers requests, over a log. */
export type Application = {
  readonly ledger: Ledger;
  /** For a server of `node:http`. */
  readonly listener: RequestListener;
};

/** One line on standard error for each thing that went wrong, for whoever reads the logs. */
const report = (what: string, error: unknown): void => {
  const why = error instanceof Error ? error.stack ?? error.message : String(error);
  console.error(JSON.stringify({ at: new Date().toISOString(), what, error: why }));
};

/**
 * Opens what the settings describe over a log in PGlite: the sandbox carrier, a clock, the ledger
 * and its HTTP. Closing the ledger closes the log.
 */
export const openApplication = async (
  log: PgliteLog,
  settings: Settings,
): Promise<Application> => {
  const { adminToken, testClock, reviewersUrl, waitMs, recoveryMs } = settings;
  const clock = testClock === null ? null : openTestClock(testClock);
  const time = clock ?? systemClock;
  const orders = await openSqlOrderBook(log.database);
  const ledger = openLedger({
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
  const onError = (error: unknown, requestId: string) => report(`request ${requestId}`, error);
  const { fetch } = createApp({ ledger, adminToken, onError });
  return { ledger, listener: getRequestListener(fetch) };
};
