/**
 * Whatever opens something looks at its options first: what does not fit is refused by its path.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { startServer as startOnDeno } from "../../adapters/package/deno.ts";
import { createApp } from "../../adapters/package/http.ts";
import { openMemoryLog } from "../../adapters/package/memory.ts";
import {
  InvalidArgument,
  openLedger,
  openTestClock,
  openWebhookNotifier,
} from "../../adapters/package/mod.ts";
import { listenerOf, readSettings, run, startServer } from "../../adapters/package/node.ts";
import { openPgliteLog, prepareImage } from "../../adapters/package/pglite.ts";
import { openPostgresLog } from "../../adapters/package/postgres.ts";
import { openSandboxCarrier, openSqlOrderBook } from "../../adapters/package/sandbox.ts";
import { openTelnyxCarrier } from "../../adapters/package/telnyx.ts";
import { createWorker } from "../../adapters/package/workerd.ts";

const SECRET = "hunter2";
const FOLDER = "tests/library/never-made";

const read = readSettings({});
assert.ok(read.ok);
const settings = read.value;
const telnyx = { name: "telnyx", apiKey: SECRET, baseUrl: "https://telnyx.example" };
const url = `postgres://u:${SECRET}@db.example/ledgerline`;

/** Calls as a program without types makes them. */
type Loose = (...values: readonly unknown[]) => unknown;
const loose = (call: unknown): Loose => call as Loose;

/** What to call, the path that is refused, and with what it is called. */
type Wrong = readonly [name: string, call: Loose, path: string, ...values: readonly unknown[]];

const pglite = loose(openPgliteLog);
const postgres = loose(openPostgresLog);
const carrier = loose(openTelnyxCarrier);
const sandbox = loose(openSandboxCarrier);
const app = loose(createApp);
const worker = loose(createWorker);
const server = loose(startServer);
const notifier = loose(openWebhookNotifier);
const ledger = await openLedger({ log: openMemoryLog(), carrier: openSandboxCarrier() });
await ledger.close();

const WRONG: readonly Wrong[] = [
  ["openPgliteLog", pglite, "options"],
  ["openPgliteLog", pglite, "options", FOLDER],
  ["openPgliteLog", pglite, "options.folder", { durability: "relaxed" }],
  ["openPgliteLog", pglite, "options.folder", { folder: "" }],
  ["openPgliteLog", pglite, "options.durability", { folder: FOLDER, durability: "bogus" }],
  ["openPgliteLog", pglite, "options.onSync", { folder: FOLDER, onSync: true }],
  ["openPgliteLog", pglite, "options.durabilty", { folder: FOLDER, durabilty: "synced" }],
  ["prepareImage", loose(prepareImage), "path", { path: FOLDER }],
  ["openPostgresLog", postgres, "options", url],
  ["openPostgresLog", postgres, "options.url", { url: `mysql://u:${SECRET}@db.example/x` }],
  ["openPostgresLog", postgres, "options.url", {
    url: `postgres://u:${SECRET}@db.example:99999/x`,
  }],
  ["openPostgresLog", postgres, "options.url", { url: `postgres://u:${SECRET}%zz@db.example/x` }],
  ["openPostgresLog", postgres, "options.url", { url: [url] }],
  ["openPostgresLog", postgres, "options.connections", { url, connections: 0 }],
  ["openPostgresLog", postgres, "options.answerMs", { url, answerMs: "60s" }],
  ["openPostgresLog", postgres, "options.isMigrated", { url, isMigrated: 1 }],
  ["openPostgresLog", postgres, "options.onAvailable", { url, onAvailable: {} }],
  ["openTelnyxCarrier", carrier, "options"],
  ["openTelnyxCarrier", carrier, "options.apiKey", {}],
  ["openTelnyxCarrier", carrier, "options.apiKey", { apiKey: `${SECRET}\n` }],
  ["openTelnyxCarrier", carrier, "options.baseUrl", { apiKey: SECRET, baseUrl: `ftp://${SECRET}` }],
  ["openTelnyxCarrier", carrier, "options.fetch", { apiKey: SECRET, fetch: "fetch" }],
  ["openTelnyxCarrier", carrier, "options.limits.callMs", {
    apiKey: SECRET,
    limits: { callMs: 0 },
  }],
  ["openTelnyxCarrier", carrier, "options.limits.retries", {
    apiKey: SECRET,
    limits: { retries: 3 },
  }],
  ["openSandboxCarrier", sandbox, "options", null],
  ["openSandboxCarrier", sandbox, "options.orders", { orders: new Map() }],
  ["openSandboxCarrier", sandbox, "options.clock", { clock: Date }],
  ["openSqlOrderBook", loose(openSqlOrderBook), "database", openMemoryLog()],
  ["createApp", app, "options.ledger", { ledger: Promise.resolve(ledger), adminToken: null }],
  ["createApp", app, "options.adminToken", { ledger }],
  ["createApp", app, "options.adminToken", { ledger, adminToken: `${SECRET} ${SECRET}` }],
  ["createApp", app, "options.telnyxPublicKey", {
    ledger,
    adminToken: null,
    telnyxPublicKey: SECRET,
  }],
  ["createWorker", worker, "options.plans.Gold", { plans: { Gold: 5 } }],
  ["createWorker", worker, "options.plans", { plans: {} }],
  ["createWorker", worker, "options.log", { log: openMemoryLog() }],
  ["startServer", server, "settings.host", { port: 8787 }],
  ["startServer", server, "settings.port", { ...settings, port: "8787" }],
  ["startServer", server, "settings.durability", { ...settings, durability: "bogus" }],
  ["startServer", server, "settings.carrier.apiKey", {
    ...settings,
    carrier: { ...telnyx, apiKey: "" },
  }],
  ["startServer", server, "settings.plans", { ...settings, plans: {} }],
  ["startServer", server, "settings.testClock", { ...settings, carrier: telnyx, testClock: 0 }],
  ["startServer", server, "options.payment", settings, { payment: {} }],
  ["startServer", server, "options.payments", settings, { payments: { charge: () => {} } }],
  ["startServer", server, "options.carrier", settings, { carrier: {} }],
  ["startServer", server, "options", settings, 5],
  ["run", loose(run), "parts.plans", { plans: {} }],
  ["startServer on Deno", loose(startOnDeno), "settings.databaseUrl", {
    ...settings,
    databaseUrl: SECRET,
  }],
  ["listenerOf", loose(listenerOf), "app", () => new Response()],
  ["openWebhookNotifier", notifier, "options.url", { url: `reviewers.example/${SECRET}` }],
  ["openWebhookNotifier", notifier, "options.timeoutMs", {
    url: "https://a.example",
    timeoutMs: 0,
  }],
  ["openTestClock", loose(openTestClock), "start", "2026-01-31"],
];

describe("what opens something", () => {
  for (const [name, call, path, ...values] of WRONG) {
    test(`is refused by ${name}() with the path ${path}`, async () => {
      await assert.rejects(async () => await call(...values), (error) => {
        assert.ok(error instanceof InvalidArgument, inspect(error));
        assert.equal(error.path, path);
        assert.match(error.message.slice(path.length), /^ (?:must .|is required$|is not known$)/);
        assert.ok(!inspect(error, { showHidden: true, depth: 5 }).includes(SECRET));
        return true;
      });
      assert.ok(!existsSync(FOLDER));
    });
  }
});
