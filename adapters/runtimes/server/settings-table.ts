/**
 * Every setting, once: its variable, what that may say, what a program may write instead, and the
 * default. The server, the worker, the command line and the library read it here.
 */
import * as v from "valibot";
import { LEDGER_DEFAULTS } from "../../ledger/api/options.ts";
import { oneOf } from "../../../core/values/choice.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import { HOUR_MS, parseTime } from "../../../core/values/calendar.ts";
import { isId } from "../../../core/values/identity.ts";
import { AdminTokenSchema } from "../../../http/auth.ts";
import { OriginSchema } from "../../../http/origin.ts";
import { ApiKeySchema } from "../../carrier/telnyx/options.ts";
import { TELNYX_URL } from "../../carrier/telnyx/url.ts";
import { PublicKeySchema } from "../../carrier/telnyx/webhook.ts";
import { DatabaseUrlSchema } from "../../log/postgres/database-url.ts";
import { WebhookSecretSchema } from "../../signatures/secret-schema.ts";
import { ProxyUrlSchema } from "../../webhooks/proxy-url.ts";
import {
  FilledSchema,
  MomentSchema,
  WebUrlSchema,
  whole,
  wholeText,
} from "../../validation/shapes.ts";
import type { Settings } from "./setting-types.ts";

/** One setting. */
export type Setting<Value> = {
  /** The name of the environment variable. */
  readonly variable: string;
  /** What the variable may say; set but empty counts as not set. */
  readonly text: v.GenericSchema<string, Value>;
  /** What a program may write. */
  readonly value: v.GenericSchema<Value>;
  readonly initially: Value;
};

type Range = readonly [from: number, to: number];

/** A whole number; `program` where a program may write others than the variable. */
const wholeNumber = (
  variable: string,
  range: Range,
  initially: number,
  program: Range = range,
): Setting<number> => ({
  variable,
  text: wholeText(...range),
  value: whole(...program),
  initially,
});

/** `a or b`, `a, b or c`. */
const listed = (options: readonly string[]): string =>
  `${options.slice(0, -1).join(", ")} or ${options.at(-1)}`;

const choiceText = <const Options extends readonly string[]>(options: Options) =>
  v.picklist(options, `must be ${listed(options)}`);

const choice = <const Options extends readonly [string, ...string[]]>(
  variable: string,
  options: Options,
): Setting<Options[number]> => ({
  variable,
  text: choiceText(options) as v.GenericSchema<string, Options[number]>,
  value: oneOf(options),
  initially: options[0],
});

const text = (variable: string, initially: string): Setting<string> => ({
  variable,
  text: FilledSchema,
  value: FilledSchema,
  initially,
});

/** A setting that may be left out, and is null then. */
const optional = (variable: string, schema: v.GenericSchema<string>): Setting<string | null> => ({
  variable,
  text: schema,
  value: v.nullable(schema),
  initially: null,
});

const TIME = v.pipe(
  v.string(),
  v.check(
    (given) => given.includes("T") && parseTime(given) !== null,
    "must be an ISO 8601 time that exists, such as 2026-01-31T10:00:00Z",
  ),
  v.transform((given) => parseTime(given) ?? 0),
);

/** So many that a flood of three thousand half-sent requests leaves some free. */
const MAX_CONNECTIONS = 4_096;

/** More processes than a machine that this is for has cores. */
const MOST_WORKERS = 256;

const PORTS: Range = [0, 65_535];

const { waitMs, recoveryMs, leaseMs } = LEDGER_DEFAULTS;

const MAX_ORIGINS = 100;

const ORIGINS_RULE =
  `must be at most ${MAX_ORIGINS} origins such as https://app.example, with commas between`;

const Origins = v.pipe(
  v.array(OriginSchema),
  v.maxLength(MAX_ORIGINS, `must be at most ${MAX_ORIGINS} origins`),
);

/** The settings that have one variable each. */
export const SETTINGS = {
  port: wholeNumber("PORT", PORTS, 8_787),
  host: text("HOST", "127.0.0.1"),
  dataDir: text("DATA_DIR", ".ledgerline"),
  databaseUrl: optional("DATABASE_URL", DatabaseUrlSchema),
  durability: choice("DURABILITY", ["synced", "relaxed"]),
  adminToken: optional("ADMIN_TOKEN", AdminTokenSchema),
  corsOrigins: {
    variable: "CORS_ORIGINS",
    text: v.pipe(
      v.string(),
      v.transform((text): readonly string[] => text.split(",")),
      // An issue names the variable, and no place within it.
      v.check((origins) => v.is(Origins, origins), ORIGINS_RULE),
    ),
    value: Origins,
    initially: [],
  },
  adminPort: {
    variable: "ADMIN_PORT",
    text: wholeText(...PORTS),
    value: v.nullable(whole(...PORTS)),
    initially: null,
  },
  adminHost: text("ADMIN_HOST", "127.0.0.1"),
  maxConnections: wholeNumber("MAX_CONNECTIONS", [1, 1_000_000], MAX_CONNECTIONS),
  // What a program starts is one process: its own.
  workers: wholeNumber("WORKERS", [1, MOST_WORKERS], 1, [1, 1]),
  telnyxPublicKey: optional("TELNYX_PUBLIC_KEY", PublicKeySchema),
  waitMs: wholeNumber("PURCHASE_WAIT_MS", [0, 60_000], waitMs, [0, HOUR_MS]),
  recoveryMs: wholeNumber("RECOVERY_MS", [10, HOUR_MS], recoveryMs, [1, HOUR_MS]),
  leaseMs: wholeNumber("LEASE_MS", [1_000, HOUR_MS], leaseMs, [1, HOUR_MS]),
  testClock: {
    variable: "TEST_CLOCK",
    text: TIME,
    value: v.nullable(MomentSchema),
    initially: null,
  },
  rateLimits: choice("RATE_LIMITS", ["on", "off"]),
  privateWebhooks: choice("ALLOW_PRIVATE_WEBHOOKS", ["off", "on"]),
  metrics: choice("METRICS", ["off", "token", "open"]),
  metricsToken: optional("METRICS_TOKEN", AdminTokenSchema),
  tracesUrl: optional("OTEL_EXPORTER_OTLP_ENDPOINT", WebUrlSchema),
  logFormat: choice("LOG_FORMAT", ["text", "json"]),
  headsFile: optional("HEADS_FILE", FilledSchema),
  reviewersUrl: optional("REVIEWERS_WEBHOOK_URL", WebUrlSchema),
  webhookProxy: optional("WEBHOOK_PROXY", WebUrlSchema),
  reviewersSecret: optional("REVIEWERS_WEBHOOK_SECRET", WebhookSecretSchema),
} satisfies {
  readonly [Name in Exclude<keyof Settings, "carrier" | "orphans" | "plans">]: Setting<
    Settings[Name]
  >;
};

/** A schema for the organization that adopts orphans. */
export const AdopterSchema = v.pipe(
  v.string(),
  v.check((id) => isId(id) && id !== RECONCILIATIONS, "must be the id of an organization"),
);

/** The variables that make up a setting together, or are read from elsewhere. */
export const PARTS = {
  CARRIER: v.optional(choiceText(["sandbox", "telnyx"]), "sandbox"),
  TELNYX_API_KEY: v.optional(ApiKeySchema),
  TELNYX_BASE_URL: v.optional(WebUrlSchema, TELNYX_URL),
  PLANS: v.optional(v.string()),
  ORPHANS: v.optional(choiceText(["report", "release", "adopt"]), "report"),
  ADOPT_INTO: v.optional(AdopterSchema),
};

/**
 * The variables with secrets, each of which may be in a file instead: `ADMIN_TOKEN_FILE` names the
 * one that has `ADMIN_TOKEN`.
 */
export const SECRETS = [
  "DATABASE_URL",
  "ADMIN_TOKEN",
  "METRICS_TOKEN",
  "TELNYX_API_KEY",
  "REVIEWERS_WEBHOOK_SECRET",
  "WEBHOOK_PROXY",
] as const;

/** Of the settings that are made of several variables, the first. */
const FIRST: Readonly<Record<Exclude<keyof Settings, keyof typeof SETTINGS>, string>> = {
  carrier: "CARRIER",
  orphans: "ORPHANS",
  plans: "PLANS",
};

/** The variable that sets each, of one that is made of several the first. */
export const variableOf = (setting: keyof Settings): string =>
  setting === "carrier" || setting === "orphans" || setting === "plans"
    ? FIRST[setting]
    : SETTINGS[setting].variable;

/** What settings must be together. */
type Rule = {
  /** The setting that is wrong where the rule is broken. */
  readonly setting: keyof typeof SETTINGS;
  readonly isBroken: (settings: Settings) => boolean;
  /** What is said of it; `name` gives a setting's name where it was written. */
  readonly says: (name: (setting: keyof Settings) => string) => string;
};

/** Whether a secret is one of the operator's tokens, or has one: what it opens is less. */
const isOperators = (secret: string | null, { adminToken }: Settings): boolean =>
  secret?.split(",").some((token) => adminToken?.split(",").includes(token)) === true;

/** The rules that a worker's settings can break too, in the order in which they are checked. */
export const RULES: readonly Rule[] = [
  {
    setting: "testClock",
    isBroken: ({ carrier, testClock }) => carrier.name !== "sandbox" && testClock !== null,
    says: (name) => `must not be set when ${name("carrier")} is telnyx`,
  },
  {
    setting: "reviewersSecret",
    isBroken: (settings) => isOperators(settings.reviewersSecret, settings),
    says: (name) => `must not be a token of ${name("adminToken")}`,
  },
  {
    setting: "reviewersSecret",
    isBroken: ({ reviewersSecret: secret, reviewersUrl: url }) => secret !== null && url === null,
    says: (name) => `must not be set without ${name("reviewersUrl")}`,
  },
];

/** The further rules of a server: a worker is refused what they are about. */
const SERVER_RULES: readonly Rule[] = [
  {
    setting: "adminPort",
    isBroken: ({ adminPort, adminToken }) => adminPort !== null && adminToken === null,
    says: (name) => `must not be set without ${name("adminToken")}`,
  },
  {
    setting: "adminPort",
    isBroken: ({ adminPort, port }) => adminPort !== 0 && adminPort === port,
    says: (name) => `must not be ${name("port")}`,
  },
  {
    setting: "metrics",
    isBroken: ({ metrics, metricsToken, adminToken }) =>
      metrics === "token" && metricsToken === null && adminToken === null,
    says: (name) =>
      `must not be token without ${name("metricsToken")} or ${name("adminToken")}, which read it`,
  },
  {
    // Who reaches the port of all calls may be anyone.
    setting: "metrics",
    isBroken: ({ metrics, adminPort }) => metrics === "open" && adminPort === null,
    says: (name) => `must not be open without ${name("adminPort")}, where it is read`,
  },
  {
    setting: "metricsToken",
    isBroken: ({ metrics, metricsToken }) => metricsToken !== null && metrics !== "token",
    says: (name) => `must not be set unless ${name("metrics")} is token`,
  },
  {
    setting: "webhookProxy",
    isBroken: ({ webhookProxy }) => webhookProxy !== null && !v.is(ProxyUrlSchema, webhookProxy),
    says: () => "must have what is odd in its password percent-encoded",
  },
  {
    setting: "metricsToken",
    isBroken: (settings) => isOperators(settings.metricsToken, settings),
    says: (name) => `must not be a token of ${name("adminToken")}`,
  },
];

/** All rules; a function, so that a worker's bundle is without those that it does not ask for. */
export const allRules = (): readonly Rule[] => [...RULES, ...SERVER_RULES];
