/** Settings that a server refuses. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { newFolder, startProcess } from "../support/server.ts";

/** A name and a value of each. */
export const UNFIT: readonly (readonly [string, string])[] = [
  ["PORT", "http"],
  ["PORT", "65536"],
  ["PORT", "-1"],
  ["DATABASE_URL", "mysql://localhost/ledgerline"],
  ["DATABASE_URL", "postgres://u:hunter2@db.example:99999/ledgerline"],
  ["DURABILITY", "perhaps"],
  ["ADMIN_TOKEN", "s"],
  ["ADMIN_TOKEN", "0123456789abcde"],
  ["ADMIN_TOKEN", "a secret of many words"],
  ["ADMIN_PORT", "no"],
  ["MAX_CONNECTIONS", "0"],
  ["REVIEWERS_WEBHOOK_SECRET", "hunter2"],
  ["REVIEWERS_WEBHOOK_SECRET", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="],
  ["WEBHOOK_PROXY", "socks5://proxy.example"],
  ["WEBHOOK_PROXY", "http://user:100%@proxy.example"],
  ["ALLOW_PRIVATE_WEBHOOKS", "yes"],
  ["METRICS", "on"],
  ["METRICS", "open"],
  ["METRICS_TOKEN", "short"],
  ["LOG_FORMAT", "yaml"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector"],
  ["CARRIER", "pigeon"],
  ["TELNYX_API_KEY", "a key"],
  ["TELNYX_BASE_URL", "telnyx"],
  ["TELNYX_PUBLIC_KEY", "secret"],
  ["PURCHASE_WAIT_MS", "2s"],
  ["PURCHASE_WAIT_MS", "60001"],
  ["RECOVERY_MS", "9"],
  ["RECOVERY_MS", "0.5"],
  ["TEST_CLOCK", "yesterday"],
  ["TEST_CLOCK", "2026-13-01T00:00:00Z"],
  ["TEST_CLOCK", "2026-01-31"],
  ["REVIEWERS_WEBHOOK_URL", "somewhere"],
  ["REVIEWERS_WEBHOOK_URL", "ftp://reviewers.example"],
  ["PLANS", "{"],
  ["PLANS", "no-such-file.json"],
  ["PLANS", '{"Team":{"maxNumbers":-1}}'],
  ["ORPHANS", "keep"],
  ["ADOPT_INTO", "adopter"],
  ["ADOPT_INTO", "ledgerline:reconciliations"],
];

/** A server that is given this setting ends with one line and status 2, and makes nothing. */
export const refusesToStart = async (name: string, value: string): Promise<void> => {
  const folder = newFolder();
  const refused = startProcess(folder, { environment: { [name]: value } });
  assert.deepEqual(await refused.ended, { code: 2, signal: null });
  const { out, err } = refused.printed();
  assert.equal(out, "");
  assert.match(err, new RegExp(`^ledgerline: ${name}: [^\\n]+\\n$`));
  assert.deepEqual(readdirSync(folder), []);
};
