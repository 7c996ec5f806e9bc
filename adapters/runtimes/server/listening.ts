/** All that answers requests on a server that listens: the ledger, and the HTTP before it. */
import { createApp } from "../../../http/app.ts";
import { openEventFeed } from "../../../http/events/routes.ts";
import type { Answered } from "../../../http/metrics.ts";
import { tidyAnswers } from "../../answers/database.ts";
import { openTelnyxWebhook } from "../../carrier/telnyx/webhook.ts";
import { type Ledger, openLedger } from "../../ledger/mod.ts";
import type { DatabaseLog } from "../../log/sql/log.ts";
import {
  type ApplicationOptions,
  type Fetch,
  openLedgerOver,
  requestReporter,
} from "./application.ts";
import { linesOf } from "./report.ts";
import type { Settings } from "./settings.ts";

/** All that answers requests, over a log. */
export type Application = {
  readonly ledger: Ledger;
  readonly fetch: Fetch;
  /** Answers the operator's requests, where `/admin` has a separate listener; otherwise null. */
  readonly adminFetch: Fetch | null;
  /** Ends answers that wait or stream, before the last ones are waited for. */
  readonly endFeeds: () => void;
  /** Counts answers to what a listener refuses itself; undefined where nothing is counted. */
  readonly unread: Answered | undefined;
};

/** Opens what the settings describe over a log: the ledger, and the HTTP before it. */
export const openApplication = async (
  log: DatabaseLog,
  settings: Settings,
  options: ApplicationOptions = {},
): Promise<Application> => {
  const { rates, measures = null, traces = null, isMigrated = false } = options;
  if (!isMigrated) await tidyAnswers(log.database, { isAlone: settings.databaseUrl === null });
  const { ledger: opened, limiter, answers } = await openLedgerOver(
    openLedger,
    log,
    settings,
    options,
  );
  const ledger = measures?.ledger(opened, log) ?? opened;
  const { adminToken, adminPort, telnyxPublicKey: publicKey } = settings;
  const feed = openEventFeed();
  const all = {
    ledger,
    adminToken,
    webhook: publicKey === null ? null : openTelnyxWebhook({ publicKey, now: () => ledger.now() }),
    limiter,
    answers,
    corsOrigins: settings.corsOrigins,
    ...(rates !== undefined && { planMemo: rates.planMemo }),
    metrics: measures?.http,
    tracing: traces?.http,
    ...(options.documents !== undefined && { documents: options.documents }),
    mcp: options.mcp,
    feed,
    onError: requestReporter(linesOf(settings)),
  };
  const appOf = (serves: "all" | "public" | "admin"): Fetch => {
    const app = createApp({ ...all, serves });
    return (request) => app.fetch(request);
  };
  const unread = measures?.http.answersOf({ dialect: "none", route: "", method: "other" });
  const shared = { ledger, unread, endFeeds: feed.end };
  if (adminPort === null) return { ...shared, fetch: appOf("all"), adminFetch: null };
  return { ...shared, fetch: appOf("public"), adminFetch: appOf("admin") };
};
