import assert from "node:assert/strict";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openTestClock, type TestClock } from "../../adapters/clock/test.ts";
import type { Caller, Ledger, LedgerOptions } from "../../adapters/ledger/mod.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import type { Carrier, EventLog } from "../../core/ports/mod.ts";
import { messageOf } from "../../core/values/error-message.ts";
import { openTestApp, type TestApp } from "./app.ts";

/** A number that the sandbox sells. */
export const E164 = "+14155550101";

export type SandboxLedger = {
  readonly app: TestApp;
  readonly ledger: Ledger;
  readonly clock: TestClock;
  readonly log: EventLog;
  /** A user of the organization acme. */
  readonly caller: Caller;
  /** What was reported so far. */
  readonly reports: string[];
  /** Asks for `E164`, which may not be bought yet when this gives the number's id. */
  readonly buy: () => Promise<string>;
};

/**
 * A ledger over the sandbox, of which a test replaces some calls, with the organization acme. It
 * does no background work, so only what is called happens.
 */
export const openSandboxLedger = async (
  play: Partial<Carrier> | ((sandbox: Carrier) => Partial<Carrier>) = {},
  options: Partial<LedgerOptions> = {},
): Promise<SandboxLedger> => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const sandbox = openSandboxCarrier({ orders: openMemoryOrderBook(), clock });
  const log = options.log ?? openMemoryLog();
  const reports: string[] = [];
  const app = openTestApp({
    clock,
    setClock: clock.set,
    runsAutomations: false,
    carrier: { ...sandbox, ...typeof play === "function" ? play(sandbox) : play },
    report: (what, error) => reports.push(`${what}: ${messageOf(error)}`),
    ...options,
    log,
  });
  const { ledger } = app;
  const caller = await ledger.authenticate(await app.organization("acme")) ?? assert.fail();
  const buy = async (): Promise<string> => {
    const bought = await ledger.purchase(caller, { e164: E164 });
    return bought.ok ? bought.value.number.holding.id : assert.fail(bought.error.message);
  };
  return { app, ledger, clock, log, caller, reports, buy };
};
