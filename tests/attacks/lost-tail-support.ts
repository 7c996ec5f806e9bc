/**
 * Ledgers on a database that is set back to an earlier copy of itself, beside a carrier that is
 * not.
 */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTestClock, type TestClock } from "../../adapters/clock/test.ts";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTelnyxCarrier } from "../../adapters/carrier/telnyx/mod.ts";
import type { Caller, Ledger, ReconciliationReport } from "../../adapters/ledger/api/mod.ts";
import { type LedgerOptions, openLedger } from "../../adapters/ledger/mod.ts";
import { openPgliteLog } from "../../adapters/log/pglite/mod.ts";
import { openPostgresLog } from "../../adapters/log/postgres/mod.ts";
import type { DatabaseLog } from "../../adapters/log/sql/log.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { Carrier } from "../../core/ports/mod.ts";
import type { E164 } from "../../core/values/e164.ts";
import type { PostgresServer } from "../support/postgres.ts";
import { openTelnyx } from "../harness/emulators/telnyx/mod.ts";

/** A database that can be copied while it is closed. */
export type Engine = {
  /** Creates an empty database, and returns its name. */
  create(): Promise<string>;
  /** Copies a database, and returns the copy's name. */
  copy(name: string): Promise<string>;
  open(name: string): Promise<DatabaseLog>;
  end(): Promise<void>;
};

/** Databases in folders, which are copied as folders are. */
export const pgliteEngine = (): Engine => {
  const root = mkdtempSync(join(tmpdir(), "ledgerline-tail-"));
  let made = 0;
  const next = (): string => join(root, String(made++));
  return {
    create: () => Promise.resolve(next()),
    copy: (name) => {
      const copy = next();
      cpSync(name, copy, { recursive: true });
      return Promise.resolve(copy);
    },
    open: (folder) => openPgliteLog({ folder, durability: "relaxed" }),
    end: () => Promise.resolve(rmSync(root, { recursive: true, force: true })),
  };
};

/** Databases of one server, which copies them file by file. */
export const postgresEngine = (server: PostgresServer): Engine => ({
  create: server.database,
  copy: async (url) => {
    const copy = await server.database();
    const [from, to] = [url, copy].map((each) => new URL(each).pathname.slice(1));
    const admin = new URL(url);
    admin.pathname = "/postgres";
    await server.run(admin.href, `drop database ${to}`);
    await server.run(admin.href, `create database ${to} template ${from}`);
    return copy;
  },
  open: (url) => openPostgresLog({ url, connections: 3 }),
  end: () => Promise.resolve(),
});

/** The buyer in these tests. */
export const ACME: Caller = { organization: "acme", actor: { kind: "operator" } };

/** A carrier whose orders are outside of any database, by the machine's clock or a test clock. */
export type Account = {
  readonly carrier: Carrier;
  readonly clock: TestClock;
  /** The numbers that it keeps, in order. */
  numbers(): Promise<readonly E164[]>;
  close(): void;
};

const START = Date.parse("2026-01-31T10:00:00Z");

const accountOf = (carrier: Carrier, clock: TestClock, close: () => void): Account => ({
  carrier,
  clock,
  numbers: async () => {
    const page = await carrier.inventory(null);
    assert.ok(page.ok && page.value.next === null);
    return page.value.numbers.map(({ e164 }) => e164).toSorted();
  },
  close,
});

/** An account with the sandbox. */
export const sandboxAccount = (): Promise<Account> => {
  const clock = openTestClock(START);
  const carrier = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  return Promise.resolve(accountOf(carrier, clock, () => {}));
};

/** An account with the emulator of Telnyx. */
export const telnyxAccount = async (): Promise<Account> => {
  const clock = openTestClock(START);
  const telnyx = await openTelnyx({ clock, orderMs: 0 });
  const { apiKey, baseUrl, fetch } = telnyx;
  const carrier = openTelnyxCarrier({ apiKey, baseUrl, fetch, clock });
  return accountOf(carrier, clock, telnyx.close);
};

/** A ledger without background work. */
export const openOn = (
  log: DatabaseLog,
  { carrier, clock }: Account,
  options: Partial<LedgerOptions> = {},
): Ledger =>
  openLedger({
    log,
    carrier,
    clock,
    payments: includedPayments,
    ids: openIds(clock),
    runsAutomations: false,
    ...options,
  });

/** Buys a number for Acme; it must be active. */
export const buy = async (ledger: Ledger, e164: E164): Promise<void> => {
  const bought = await ledger.purchase(ACME, { e164 });
  assert.ok(bought.ok, JSON.stringify(bought));
  assert.equal(bought.value.number.status, "active");
};

/** What a reconciliation found, which must have completed. */
export const reconcile = async (ledger: Ledger): Promise<ReconciliationReport> => {
  const report = await ledger.reconciliation.run();
  return report.ok ? report.value : assert.fail(report.error.message);
};
