/** What a server says of itself once it listens. */
import { VERSION } from "../../../http/version.ts";
import type { ServerParts } from "./server-options.ts";
import type { Settings } from "./settings.ts";

const databaseOf = ({ databaseUrl, dataDir }: Settings): string => {
  if (databaseUrl !== null) return "PostgreSQL";
  return dataDir === "memory" ? "PGlite in memory" : `PGlite in ${dataDir}`;
};

/** What is off, with the variable that turns it on. */
const offIn = (settings: Settings, { notifier }: ServerParts): readonly string[] => {
  const { adminToken, carrier, corsOrigins, headsFile, metrics, rateLimits } = settings;
  const isNotified = settings.reviewersUrl !== null || notifier !== undefined;
  const parts: readonly (readonly [string, boolean])[] = [
    ["/admin (ADMIN_TOKEN)", adminToken === null],
    ["/metrics (METRICS)", metrics === "off"],
    ["traces (OTEL_EXPORTER_OTLP_ENDPOINT)", settings.tracesUrl === null],
    ["rate limits (RATE_LIMITS)", rateLimits === "off"],
    ["webhooks (TELNYX_PUBLIC_KEY)", carrier.name === "telnyx" && !settings.telnyxPublicKey],
    ["notices to reviewers (REVIEWERS_WEBHOOK_URL)", !isNotified],
    ["kept heads (HEADS_FILE)", headsFile === null],
    ["pages of other origins (CORS_ORIGINS)", corsOrigins.length === 0],
  ];
  return parts.flatMap(([name, isOff]) => isOff ? [name] : []);
};

/**
 * The version, where the log is, the carrier that numbers are bought from, and what is off, of a
 * server with these settings and parts; on one line, and without any secret.
 */
export const startLineOf = (settings: Settings, parts: ServerParts = {}): string => {
  const off = offIn(settings, parts);
  const rest = off.length === 0 ? "nothing" : off.join(", ");
  const { name } = parts.carrier ?? settings.carrier;
  return `ledgerline ${VERSION}, database: ${databaseOf(settings)}, carrier: ${name}, off: ${rest}`;
};
