/** What a server's settings are, however they were written; `settings-table.ts` has each. */
import type { PlanCatalogue } from "../../../core/values/plan.ts";
import type { OrphanPolicy } from "../../../core/events/drift.ts";

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
  /** One token of the operator, or several with commas between. */
  readonly adminToken: string | null;
  /** The origins whose pages may call the APIs with a token. */
  readonly corsOrigins: readonly string[];
  /** The separate port of `/admin`; null: the port of everything else. */
  readonly adminPort: number | null;
  readonly adminHost: string;
  /** How many concurrent connections a listener has, on Node. */
  readonly maxConnections: number;
  /** How many processes share the port, on Node and PostgreSQL. */
  readonly workers: number;
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
  /**
   * Whether the server is measured, and who may read that at `/metrics`: `token`, who has a token
   * for it; `open`, who reaches the listener of `/admin`.
   */
  readonly metrics: "off" | "token" | "open";
  /** A token that reads `/metrics` and nothing else; null: the operator's alone does. */
  readonly metricsToken: string | null;
  /** The collector that traces are sent to; null: nothing is traced. */
  readonly tracesUrl: string | null;
  /** How lines are printed: for people, or an object of JSON in each. */
  readonly logFormat: "text" | "json";
  /** The secret that notices are signed with, `whsec_` and base64; null: they are not signed. */
  readonly reviewersSecret: string | null;
  /** The HTTP proxy that webhooks go through; null: they are sent directly. */
  readonly webhookProxy: string | null;
  /** Whether endpoints of webhooks may have private addresses, http and any port. */
  readonly privateWebhooks: "off" | "on";
  /** A file in which the heads of the log are kept; null for none. */
  readonly headsFile: string | null;
  /** What becomes of numbers that a carrier keeps and nobody holds. */
  readonly orphans: OrphanPolicy;
  /** The plans on offer; null: the default ones. */
  readonly plans: PlanCatalogue | null;
};
