/** The table of settings in adapters/runtimes/README.md, compared with what is read. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readSettings, VARIABLES } from "../../adapters/runtimes/server/settings.ts";

const DOCUMENT = readFileSync(
  new URL("../../adapters/runtimes/README.md", import.meta.url),
  "utf8",
);

/** Each variable with its default; null where there is none. */
const ROWS = [...DOCUMENT.matchAll(/^\| `([A-Z_]+)` +\|.*\| +(\S+) +\|$/gm)].map((
  [, name = "", last = ""],
) => [name, /^`(.*)`$/.exec(last)?.[1] ?? null] as const);

test("the document has every setting, once, and no other", () => {
  assert.deepEqual(ROWS.map(([name]) => name).toSorted(), VARIABLES.toSorted());
});

test("every default in the document is the one that is used", () => {
  const unset = readSettings({});
  assert.ok(unset.ok);
  const defaults = ROWS.filter(([, value]) => value !== null);
  assert.ok(defaults.length > 10);
  for (const [name, value] of defaults) {
    assert.deepEqual(readSettings({ [name]: value ?? "" }), unset, name);
  }
});

test("no other setting has a default: one that is set changes what is read", () => {
  const examples: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    DATABASE_URL: { DATABASE_URL: "postgres://localhost/ledgerline" },
    HEADS_FILE: { HEADS_FILE: "heads" },
    ADMIN_TOKEN: { ADMIN_TOKEN: "0perators-secret" },
    CORS_ORIGINS: { CORS_ORIGINS: "https://app.example" },
    ADMIN_PORT: { ADMIN_PORT: "8788", ADMIN_TOKEN: "0perators-secret" },
    TELNYX_API_KEY: { TELNYX_API_KEY: "KEY", CARRIER: "telnyx" },
    TELNYX_PUBLIC_KEY: { TELNYX_PUBLIC_KEY: "A".repeat(43) + "=" },
    ADOPT_INTO: { ADOPT_INTO: "acme", ORPHANS: "adopt" },
    REVIEWERS_WEBHOOK_URL: { REVIEWERS_WEBHOOK_URL: "https://reviewers.example" },
    REVIEWERS_WEBHOOK_SECRET: {
      REVIEWERS_WEBHOOK_URL: "https://reviewers.example",
      REVIEWERS_WEBHOOK_SECRET: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
    },
    WEBHOOK_PROXY: { WEBHOOK_PROXY: "http://proxy.example:3128" },
    // As the document shows plans of your own.
    PLANS: { PLANS: /```json\n(.*?)```/s.exec(DOCUMENT)?.[1] ?? "" },
    OTEL_EXPORTER_OTLP_ENDPOINT: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" },
    METRICS_TOKEN: { METRICS_TOKEN: "prometheus-reads", METRICS: "token" },
    TEST_CLOCK: { TEST_CLOCK: "2026-01-31T10:00:00Z" },
  };
  const without = ROWS.filter(([name, value]) => value === null && !name.endsWith("_FILE"))
    .map(([name]) => name).concat("HEADS_FILE");
  assert.deepEqual(Object.keys(examples).toSorted(), without.toSorted());
  const unset = readSettings({});
  for (const [name, environment] of Object.entries(examples)) {
    const read = readSettings(environment);
    assert.ok(read.ok, `${name}: ${read.ok ? "" : read.error}`);
    assert.notDeepEqual(read, unset, name);
  }
});
