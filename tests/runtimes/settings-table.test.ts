/** Each setting is in one table, from which the server, the worker and the library read it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { LEDGER_DEFAULTS } from "../../adapters/ledger/api/options.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { startServer as startOnDeno } from "../../adapters/runtimes/library/deno.ts";
import { openLedger } from "../../adapters/runtimes/library/mod.ts";
import { startServer as startOnNode } from "../../adapters/runtimes/library/node.ts";
import { SettingsSchema } from "../../adapters/runtimes/library/settings.ts";
import { NO_PLANS } from "../../adapters/runtimes/server/plan-schema.ts";
import { SECRET_FILES } from "../../adapters/runtimes/server/secret-files.ts";
import { readSettings, type Settings, VARIABLES } from "../../adapters/runtimes/server/settings.ts";
import {
  allRules,
  PARTS,
  SETTINGS,
  variableOf,
} from "../../adapters/runtimes/server/settings-table.ts";
import { RECONCILIATIONS } from "../../core/reconciliation/state.ts";
import { readEnvironment } from "../../adapters/runtimes/workerd/environment.ts";

const initial = (() => {
  const read = readSettings({});
  assert.ok(read.ok);
  return read.value;
})();

test("every variable is read, and no two settings have one", () => {
  const named = Object.values(SETTINGS).map(({ variable }) => variable);
  assert.deepEqual(
    [...VARIABLES].sort(),
    [...named, ...Object.keys(PARTS), ...SECRET_FILES].sort(),
  );
  assert.equal(new Set(VARIABLES).size, VARIABLES.length);
});

test("the defaults are those of the table, and of the ledger where it has them", () => {
  for (const [name, { initially }] of Object.entries(SETTINGS)) {
    assert.equal((initial as Readonly<Record<string, unknown>>)[name], initially, name);
  }
  const { waitMs, recoveryMs, leaseMs } = initial;
  assert.deepEqual({ ...LEDGER_DEFAULTS, waitMs, recoveryMs, leaseMs }, LEDGER_DEFAULTS);
});

test("a program may start a server with what the environment gives", () => {
  const environments: readonly Readonly<Record<string, string>>[] = [
    {},
    { PURCHASE_WAIT_MS: "0", RECOVERY_MS: "10", LEASE_MS: "1000", DURABILITY: "relaxed" },
    {
      ADMIN_TOKEN: "0123456789abcdef",
      ADMIN_PORT: "0",
      PORT: "0",
      TEST_CLOCK: "2026-01-31T10:00Z",
    },
    { CARRIER: "telnyx", TELNYX_API_KEY: "KEY", ORPHANS: "adopt", ADOPT_INTO: "acme" },
    { LOG_FORMAT: "json", OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" },
    { METRICS: "token", METRICS_TOKEN: "prometheus-reads" },
    { METRICS: "open", ADMIN_TOKEN: "0123456789abcdef", ADMIN_PORT: "0" },
    { HEADS_FILE: "heads", RATE_LIMITS: "off", REVIEWERS_WEBHOOK_URL: "https://a.example" },
  ];
  for (const environment of environments) {
    const read = readSettings(environment);
    assert.ok(read.ok, JSON.stringify(read));
    assert.deepEqual(v.parse(SettingsSchema, read.value), read.value);
  }
});

test("a number of any length is measured, and a text is never blank", () => {
  const said = (variable: string, value: string): string => {
    const read = readSettings({ [variable]: value });
    return read.ok ? "" : read.error;
  };
  for (const digits of [5, 10, 16, 400]) {
    assert.equal(said("PORT", "9".repeat(digits)), "PORT: must be at most 65535", `${digits}`);
  }
  assert.equal(said("PORT", `${"0".repeat(20)}80`), "");
  for (const odd of ["1.5", "-1", "1e3", " 80", "0x50"]) {
    assert.equal(said("PORT", odd), "PORT: must be a whole number", odd);
  }
  for (const variable of ["HOST", "ADMIN_HOST", "DATA_DIR", "HEADS_FILE"]) {
    assert.equal(said(variable, " \u200b"), `${variable}: must not be empty`);
  }
});

test("each rule between settings holds for the server, the worker and programs", async () => {
  const secret = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;
  const telnyx = { CARRIER: "telnyx", TELNYX_API_KEY: "KEY" };
  const [token, next, url] = ["0123456789abcdef", "the-next-of-tests", "https://a.example"];
  const broken: readonly (readonly [Readonly<Record<string, string>>, object])[] = [
    [{ ...telnyx, TEST_CLOCK: "2026-01-31T10:00:00Z" }, {
      carrier: { name: "telnyx", apiKey: "KEY", baseUrl: "https://a.example" },
      testClock: 0,
    }],
    [{ ADMIN_TOKEN: secret, REVIEWERS_WEBHOOK_SECRET: secret, REVIEWERS_WEBHOOK_URL: url }, {
      adminToken: secret,
      reviewersSecret: secret,
      reviewersUrl: url,
    }],
    [{ REVIEWERS_WEBHOOK_SECRET: secret }, { reviewersSecret: secret }],
    [{ ADMIN_PORT: "9000" }, { adminPort: 9_000 }],
    [{ ADMIN_TOKEN: "0123456789abcdef", ADMIN_PORT: "8787" }, {
      adminToken: "0123456789abcdef",
      adminPort: 8_787,
    }],
    [{ METRICS: "token" }, { metrics: "token" }],
    [{ METRICS: "open", ADMIN_TOKEN: "0123456789abcdef" }, {
      metrics: "open",
      adminToken: "0123456789abcdef",
    }],
    [{ METRICS_TOKEN: "0123456789abcdef" }, { metricsToken: "0123456789abcdef" }],
    [{ WEBHOOK_PROXY: "http://a:%@b.example" }, { webhookProxy: "http://a:%@b.example" }],
    [{ METRICS: "token", ADMIN_TOKEN: `${token},${next}`, METRICS_TOKEN: next }, {
      metrics: "token",
      adminToken: `${token},${next}`,
      metricsToken: next,
    }],
  ];
  const lacking: Readonly<Record<string, string>> = {
    adminPort: "ADMIN_PORT: must not be set, a worker has no ports",
    metrics:
      "METRICS: must not be set, a worker has no process that lasts; the platform has metrics",
    metricsToken: "METRICS_TOKEN: must not be set, a worker has no metrics",
    webhookProxy: "WEBHOOK_PROXY: must not be set, a worker has no proxy",
  };
  const rules = allRules();
  assert.equal(broken.length, rules.length);
  for (const [at, [environment, program]] of broken.entries()) {
    const { setting, says } = rules[at] ?? assert.fail();
    const line = `${variableOf(setting)}: ${says(variableOf)}`;
    assert.deepEqual(readSettings(environment), { ok: false, error: line });
    const bound = readEnvironment({ ...environment, DATABASE_URL: "postgres://a.example/b" });
    assert.deepEqual(bound, { ok: false, error: lacking[setting] ?? line });
    for (const start of [startOnNode, startOnDeno]) {
      await assert.rejects(start({ ...initial, ...program }), {
        name: "InvalidArgument",
        path: `settings.${setting}`,
        message: `settings.${setting} ${says((name) => name)}`,
      });
    }
    const { issues = [] } = v.safeParse(SettingsSchema, { ...initial, ...program });
    assert.deepEqual(
      issues.map((issue) => [v.getDotPath(issue as v.BaseIssue<unknown>), issue.message]),
      [[setting, says((name) => name)]],
    );
  }
});

test("what makes up a setting together fits together for the server, the worker and programs", async () => {
  const good = { log: openMemoryLog(), carrier: openSandboxCarrier() };
  const baseUrl = "https://a.example";
  /** The variables and the line for them; the same by a program, what of it is wrong, and why. */
  const broken: readonly (readonly [
    Readonly<Record<string, string>>,
    string,
    Readonly<Record<string, unknown>>,
    string,
    string,
  ])[] = [
    [
      { CARRIER: "telnyx" },
      "TELNYX_API_KEY: must be set when CARRIER is telnyx",
      { carrier: { name: "telnyx", baseUrl } },
      "carrier.apiKey",
      "is required",
    ],
    [
      { ORPHANS: "adopt" },
      "ADOPT_INTO: must be set when ORPHANS is adopt",
      { orphans: { kind: "adopt" } },
      "orphans.into",
      "is required",
    ],
    [
      { ADOPT_INTO: "acme" },
      "ADOPT_INTO: must not be set unless ORPHANS is adopt",
      { orphans: { kind: "report", into: "acme" } },
      "orphans.into",
      "is not known",
    ],
    [
      { ORPHANS: "adopt", ADOPT_INTO: RECONCILIATIONS },
      "ADOPT_INTO: must be the id of an organization",
      { orphans: { kind: "adopt", into: RECONCILIATIONS } },
      "orphans.into",
      "must be the id of an organization",
    ],
    [{ PLANS: "{}" }, `PLANS: ${NO_PLANS}`, { plans: {} }, "plans", NO_PLANS],
  ];
  for (const [environment, line, program, path, why] of broken) {
    assert.deepEqual(readSettings(environment), { ok: false, error: line });
    const bound = readEnvironment({ ...environment, DATABASE_URL: "postgres://a.example/b" });
    assert.deepEqual(bound, { ok: false, error: line });
    const refusal = (argument: string) => ({
      name: "InvalidArgument",
      path: `${argument}.${path}`,
      message: `${argument}.${path} ${why}`,
    });
    for (const start of [startOnNode, startOnDeno]) {
      await assert.rejects(start({ ...initial, ...program } as Settings), refusal("settings"));
    }
    // A program gives a ledger the carrier itself.
    if ("carrier" in program) continue;
    await assert.rejects(openLedger({ ...good, ...program }), refusal("options"));
  }
});
