import * as v from "valibot";
import type { PlanCatalogue } from "../../../core/values/plan.ts";
import type { OrphanPolicy } from "../../../core/events/drift.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import { parseTime } from "../../../core/values/calendar.ts";
import { isId } from "../../../core/values/identity.ts";
import { failed, ok, type Result } from "../../../core/values/result.ts";
import { check } from "../../validation/issue.ts";
import { WebUrlSchema } from "../../validation/shapes.ts";
import { AdminTokenSchema } from "../../../http/auth.ts";
import { ApiKeySchema } from "../../carrier/telnyx/options.ts";
import { TELNYX_URL } from "../../carrier/telnyx/url.ts";
import { PublicKeySchema } from "../../carrier/telnyx/webhook.ts";
import { WebhookSecretSchema } from "../../notifier/signature.ts";
import { readPlans } from "./plans.ts";
import { DatabaseUrlSchema } from "../../log/postgres/options.ts";

/** The carrier that numbers are bought from. */
export type CarrierSettings =
  | { readonly name: "sandbox" }
  | { readonly name: "telnyx"; readonly apiKey: string; readonly baseUrl: string };

/** How a server is to run, as the environment says. */
export type Settings = {
  readonly port: number;
  readonly host: string;
  /** The PostgreSQL that the log is in; null: it is embedded, in `dataDir`. */
  readonly databaseUrl: string | null;
  /** A folder, or `memory`. */
  readonly dataDir: string;
  readonly durability: "synced" | "relaxed";
  readonly adminToken: string | null;
  /** The separate port of `/admin`; null: the port of everything else. */
  readonly adminPort: number | null;
  readonly adminHost: string;
  /** How many concurrent connections a listener has, on Node. */
  readonly maxConnections: number;
  readonly carrier: CarrierSettings;
  /** The key that Telnyx signs its webhooks with: base64 of 32 bytes; null: none are taken. */
  readonly telnyxPublicKey: string | null;
  readonly waitMs: number;
  readonly recoveryMs: number;
  /** How long other servers leave alone work that one began and did not end. */
  readonly leaseMs: number;
  /** The time of a test clock at the start (milliseconds since 1970); null for real time. */
  readonly testClock: number | null;
  readonly reviewersUrl: string | null;
  /** Whether requests and searches are counted against what plans allow a minute. */
  readonly rateLimits: "on" | "off";
  /** The secret that notices are signed with, `whsec_` and base64; null: they are not signed. */
  readonly reviewersSecret: string | null;
  /** A file in which the heads of the log are kept; null for none. */
  readonly headsFile: string | null;
  /** What becomes of numbers that a carrier keeps and nobody holds. */
  readonly orphans: OrphanPolicy;
  /** The plans on offer; null: the default ones. */
  readonly plans: PlanCatalogue | null;
};

/** So many that a flood of three thousand half-sent requests leaves some free. */
const MAX_CONNECTIONS = 4_096;

const wholeNumber = (from: number, to: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, "must be a whole number"),
    v.transform(Number),
    v.minValue(from, `must be at least ${from}`),
    v.maxValue(to, `must be at most ${to}`),
  );

/** The variables, with their defaults; what is set but empty counts as not set. */
const Variables = v.object({
  PORT: v.optional(wholeNumber(0, 65_535), "8787"),
  HOST: v.optional(v.string(), "127.0.0.1"),
  DATA_DIR: v.optional(v.string(), ".ledgerline"),
  DATABASE_URL: v.optional(DatabaseUrlSchema),
  DURABILITY: v.optional(
    v.picklist(["synced", "relaxed"], "must be synced or relaxed"),
    "synced",
  ),
  ADMIN_TOKEN: v.optional(AdminTokenSchema),
  ADMIN_PORT: v.optional(wholeNumber(0, 65_535)),
  ADMIN_HOST: v.optional(v.string(), "127.0.0.1"),
  MAX_CONNECTIONS: v.optional(wholeNumber(1, 1_000_000), String(MAX_CONNECTIONS)),
  CARRIER: v.optional(v.picklist(["sandbox", "telnyx"], "must be sandbox or telnyx"), "sandbox"),
  TELNYX_API_KEY: v.optional(ApiKeySchema),
  TELNYX_BASE_URL: v.optional(WebUrlSchema, TELNYX_URL),
  TELNYX_PUBLIC_KEY: v.optional(PublicKeySchema),
  PURCHASE_WAIT_MS: v.optional(wholeNumber(0, 60_000), "2000"),
  RECOVERY_MS: v.optional(wholeNumber(10, 3_600_000), "1000"),
  LEASE_MS: v.optional(wholeNumber(1_000, 3_600_000), "60000"),
  TEST_CLOCK: v.optional(v.pipe(
    v.string(),
    v.check(
      (text) => text.includes("T") && parseTime(text) !== null,
      "must be an ISO 8601 time that exists, such as 2026-01-31T10:00:00Z",
    ),
    v.transform((text) => parseTime(text) ?? 0),
  )),
  RATE_LIMITS: v.optional(v.picklist(["on", "off"], "must be on or off"), "on"),
  HEADS_FILE: v.optional(v.string()),
  REVIEWERS_WEBHOOK_URL: v.optional(WebUrlSchema),
  REVIEWERS_WEBHOOK_SECRET: v.optional(WebhookSecretSchema),
  PLANS: v.optional(v.string()),
  ORPHANS: v.optional(
    v.picklist(["report", "release", "adopt"], "must be report, release or adopt"),
    "report",
  ),
  ADOPT_INTO: v.optional(v.pipe(
    v.string(),
    v.check((id) => isId(id) && id !== RECONCILIATIONS, "must be the id of an organization"),
  )),
});

/** The names of all variables that are read. */
export const VARIABLES: readonly string[] = Object.keys(Variables.entries);

type Read = v.InferOutput<typeof Variables>;

/**
 * The carrier, with what it needs; otherwise the line that names what is missing or does not fit.
 */
const carrierOf = (variables: Read): Result<CarrierSettings, string> => {
  const { CARRIER, TELNYX_API_KEY: apiKey, TELNYX_BASE_URL: baseUrl, TEST_CLOCK } = variables;
  if (CARRIER === "sandbox") return ok({ name: CARRIER });
  if (apiKey === undefined) return failed("TELNYX_API_KEY: must be set when CARRIER is telnyx");
  if (TEST_CLOCK !== undefined) return failed("TEST_CLOCK: must not be set when CARRIER is telnyx");
  return ok({ name: CARRIER, apiKey, baseUrl });
};

/** The separate port of `/admin`, null for none; otherwise the line that says what is missing. */
const adminPortOf = ({ PORT, ADMIN_PORT, ADMIN_TOKEN }: Read): Result<number | null, string> => {
  if (ADMIN_PORT === undefined) return ok(null);
  if (ADMIN_TOKEN === undefined) return failed("ADMIN_PORT: must not be set without ADMIN_TOKEN");
  return ADMIN_PORT !== 0 && ADMIN_PORT === PORT
    ? failed("ADMIN_PORT: must not be PORT")
    : ok(ADMIN_PORT);
};

/**
 * The policy for orphans, with the organization that adopts them; otherwise what does not fit
 * together.
 */
const orphansOf = ({ ORPHANS: kind, ADOPT_INTO: into }: Read): Result<OrphanPolicy, string> => {
  if (kind === "adopt") {
    return into === undefined
      ? failed("ADOPT_INTO: must be set when ORPHANS is adopt")
      : ok({ kind, into });
  }
  return into === undefined
    ? ok({ kind })
    : failed("ADOPT_INTO: must not be set unless ORPHANS is adopt");
};

/**
 * Reads the settings from environment variables. A variable that does not parse gives one line
 * that names it.
 *
 * @example
 * ```ts
 * import { readSettings } from "ledgerline/node";
 *
 * const settings = readSettings({ PORT: "http" });
 * if (!settings.ok) console.error(settings.error); // PORT: must be a whole number
 * ```
 */
export const readSettings = (
  environment: Readonly<Record<string, string | undefined>>,
  readFile: ((path: string) => string) | null = null,
): Result<Settings, string> => {
  const set = Object.entries(environment).filter(([, value]) => value !== "");
  const parsed = check(Variables, Object.fromEntries(set));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return failed(`${v.getDotPath(issue)}: ${issue.message}`);
  }
  const variables = parsed.output;
  const carrier = carrierOf(variables);
  if (!carrier.ok) return carrier;
  const orphans = orphansOf(variables);
  if (!orphans.ok) return orphans;
  const plans = variables.PLANS === undefined ? ok(null) : readPlans(variables.PLANS, readFile);
  if (!plans.ok) return plans;
  const adminPort = adminPortOf(variables);
  if (!adminPort.ok) return adminPort;
  if (variables.REVIEWERS_WEBHOOK_SECRET !== undefined && !variables.REVIEWERS_WEBHOOK_URL) {
    return failed("REVIEWERS_WEBHOOK_SECRET: must not be set without REVIEWERS_WEBHOOK_URL");
  }
  return ok({
    port: variables.PORT,
    host: variables.HOST,
    databaseUrl: variables.DATABASE_URL ?? null,
    dataDir: variables.DATA_DIR,
    durability: variables.DURABILITY,
    adminToken: variables.ADMIN_TOKEN ?? null,
    adminPort: adminPort.value,
    adminHost: variables.ADMIN_HOST,
    maxConnections: variables.MAX_CONNECTIONS,
    carrier: carrier.value,
    telnyxPublicKey: variables.TELNYX_PUBLIC_KEY ?? null,
    waitMs: variables.PURCHASE_WAIT_MS,
    recoveryMs: variables.RECOVERY_MS,
    leaseMs: variables.LEASE_MS,
    testClock: variables.TEST_CLOCK ?? null,
    reviewersUrl: variables.REVIEWERS_WEBHOOK_URL ?? null,
    rateLimits: variables.RATE_LIMITS,
    reviewersSecret: variables.REVIEWERS_WEBHOOK_SECRET ?? null,
    headsFile: variables.HEADS_FILE ?? null,
    orphans: orphans.value,
    plans: plans.value,
  });
};
