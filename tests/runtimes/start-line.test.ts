/** The line in which a server says, once it listens, what it is and what is off. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import type { ServerParts } from "../../adapters/runtimes/server/server-options.ts";
import { startLineOf } from "../../adapters/runtimes/server/start-line.ts";
import { VERSION } from "../../http/version.ts";
import { settingsOf } from "./metrics.ts";

const ADMIN_TOKEN = "0perators-secret";
const SECRET = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;

const partsOf = (
  environment: Readonly<Record<string, string>>,
  parts?: ServerParts,
): readonly string[] => {
  const line = startLineOf(settingsOf(environment), parts);
  const read = /^ledgerline (\S+), database: (.+), carrier: (\S+), off: (.+)$/.exec(line);
  assert.ok(read !== null, line);
  return read.slice(1);
};

/** What is off, by what turns it on. */
const OFF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "/admin (ADMIN_TOKEN)": { ADMIN_TOKEN },
  "/metrics (METRICS)": { ADMIN_TOKEN, METRICS: "token" },
  "traces (OTEL_EXPORTER_OTLP_ENDPOINT)": { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" },
  "rate limits (RATE_LIMITS)": { RATE_LIMITS: "on" },
  "webhooks (TELNYX_PUBLIC_KEY)": { TELNYX_PUBLIC_KEY: btoa("\x01".repeat(32)) },
  "notices to reviewers (REVIEWERS_WEBHOOK_URL)": { REVIEWERS_WEBHOOK_URL: "https://a.example" },
  "kept heads (HEADS_FILE)": { HEADS_FILE: "/var/lib/heads" },
  "pages of other origins (CORS_ORIGINS)": { CORS_ORIGINS: "https://a.example" },
};

const LEAST = { CARRIER: "telnyx", TELNYX_API_KEY: "KEY", RATE_LIMITS: "off" };

test("it names the version, the database, the carrier, and all that is off", () => {
  const all = Object.keys(OFF).join(", ");
  assert.deepEqual(partsOf(LEAST), [VERSION, "PGlite in memory", "telnyx", all]);
  for (const [name, on] of Object.entries(OFF)) {
    const [, , , off = ""] = partsOf({ ...LEAST, ...on });
    assert.ok(!off.split(", ").includes(name), `${name} of ${off}`);
  }
  const everything = Object.assign({ ...LEAST }, ...Object.values(OFF));
  assert.equal(partsOf(everything)[3], "nothing");
  assert.equal(partsOf({ ...LEAST, DATA_DIR: "data" })[1], "PGlite in data");
});

test("what a program gives takes the place of what its settings say", () => {
  const notifier: ServerParts["notifier"] = {
    announce: () => Promise.resolve({ ok: true, value: { jobId: "job_1" } }),
  };
  const [, , carrier, off = ""] = partsOf({}, {
    carrier: { ...openSandboxCarrier(), name: "trunkline" },
    notifier,
  });
  assert.equal(carrier, "trunkline");
  assert.doesNotMatch(off, /reviewers/);
});

test("it has no secret", () => {
  const line = startLineOf(settingsOf({
    ADMIN_TOKEN,
    METRICS: "token",
    METRICS_TOKEN: "prometheus-reads",
    DATABASE_URL: "postgres://me:hunter2@localhost/ledgerline",
    CARRIER: "telnyx",
    TELNYX_API_KEY: "KEY0123456789",
    REVIEWERS_WEBHOOK_URL: "https://a.example/?token=hunter3",
    REVIEWERS_WEBHOOK_SECRET: SECRET,
    OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example/hunter4",
  }));
  assert.match(line, /database: PostgreSQL,/);
  for (const secret of [ADMIN_TOKEN, "prometheus-reads", "hunter", "KEY0123", "whsec_"]) {
    assert.ok(!line.includes(secret), `${secret} in ${line}`);
  }
});
