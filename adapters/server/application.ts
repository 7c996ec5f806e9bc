import type { Carrier } from "../../core/ports.ts";
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
import type { CarrierSettings, Settings } from "./settings.ts";

/** All that answers requests, over a log. */
export type Application = {
  readonly ledger: Ledger;
  /** Answers a request, on any runtime. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
};

/** One line on standard error for each thing that went wrong, for whoever reads the logs. */
const report = (what: string, error: unknown): void => {
  const why = error instanceof Error ? error.stack ?? error.message : String(error);
  console.error(JSON.stringify({ at: new Date().toISOString(), what, error: why }));
};

type TelnyxSettings = Extract<CarrierSettings, { readonly name: "telnyx" }>;

// Loaded only where it is used, for the sake of the start.
const openTelnyx = async ({ apiKey, baseUrl }: TelnyxSettings): Promise<Carrier> => {
  const { openTelnyxCarrier } = await import("../carrier/telnyx/mod.ts");
  return openTelnyxCarrier({ apiKey, baseUrl });
};

/**
 * Opens what the settings describe over a log in PGlite: the carrier (and the sandbox beside it,
 * for tokens that are to use it), a clock, the ledger and its HTTP. Closing the ledger closes the
 * log.
 */
export const openApplication = async (
  log: PgliteLog,
  settings: Settings,
): Promise<Application> => {
  const { adminToken, carrier, testClock, reviewersUrl, telnyxPublicKey } = settings;
  const { waitMs, recoveryMs, orphans } = settings;
  const clock = testClock === null ? null : openTestClock(testClock);
  const time = clock ?? systemClock;
  const orders = await openSqlOrderBook(log.database);
  const sandbox = openSandboxCarrier({ orders, clock: time });
  const ledger = openLedger({
    log,
    carrier: carrier.name === "telnyx" ? await openTelnyx(carrier) : sandbox,
    sandbox,
    payments: includedPayments,
    clock: time,
    ids: openIds(time),
    waitMs,
    recoveryMs,
    orphans,
    report,
    ...(clock && { setClock: clock.set }),
    ...(reviewersUrl !== null && { notifier: openWebhookNotifier({ url: reviewersUrl }) }),
  });
  const onError = (error: unknown, requestId: string) => report(`request ${requestId}`, error);
  const { fetch } = createApp({ ledger, adminToken, telnyxPublicKey, onError });
  return { ledger, fetch: (request) => fetch(request) };
};
