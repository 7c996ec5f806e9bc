/** Each setting is in one table, from which the server, the worker and the library read it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { LEDGER_DEFAULTS } from "../../adapters/ledger/api/options.ts";
import { startServer as startOnDeno } from "../../adapters/runtimes/library/deno.ts";
import { startServer as startOnNode } from "../../adapters/runtimes/library/node.ts";
import { SettingsSchema } from "../../adapters/runtimes/library/settings.ts";
import { readSettings, VARIABLES } from "../../adapters/runtimes/server/settings.ts";
import {
  PARTS,
  RULES,
  SETTINGS,
  variableOf,
} from "../../adapters/runtimes/server/settings-table.ts";
import { readEnvironment } from "../../adapters/runtimes/workerd/environment.ts";

const initial = (() => {
  const read = readSettings({});
  assert.ok(read.ok);
  return read.value;
})();

test("every variable is read, and no two settings have one", () => {
  const named = Object.values(SETTINGS).map(({ variable }) => variable);
  assert.deepEqual([...VARIABLES].sort(), [...named, ...Object.keys(PARTS)].sort());
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
  const broken: readonly (readonly [Readonly<Record<string, string>>, object])[] = [
    [{ ...telnyx, TEST_CLOCK: "2026-01-31T10:00:00Z" }, {
      carrier: { name: "telnyx", apiKey: "KEY", baseUrl: "https://a.example" },
      testClock: 0,
    }],
    [{ ADMIN_PORT: "9000" }, { adminPort: 9_000 }],
    [{ ADMIN_TOKEN: "0123456789abcdef", ADMIN_PORT: "8787" }, {
      adminToken: "0123456789abcdef",
      adminPort: 8_787,
    }],
    [{ REVIEWERS_WEBHOOK_SECRET: secret }, { reviewersSecret: secret }],
  ];
  assert.equal(broken.length, RULES.length);
  for (const [at, [environment, program]] of broken.entries()) {
    const { setting, says } = RULES[at] ?? assert.fail();
    const line = `${variableOf(setting)}: ${says(variableOf)}`;
    assert.deepEqual(readSettings(environment), { ok: false, error: line });
    const bound = readEnvironment({ ...environment, DATABASE_URL: "postgres://a.example/b" });
    const worker = setting === "adminPort"
      ? "ADMIN_PORT: must not be set, a worker has no ports"
      : line;
    assert.deepEqual(bound, { ok: false, error: worker });
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
