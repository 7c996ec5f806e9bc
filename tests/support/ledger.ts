import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openMemoryOrderBook } from "../../adapters/carrier/sandbox/memory.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { systemClock } from "../../adapters/clock/system.ts";
import { type Ledger, type LedgerOptions, openLedger } from "../../adapters/ledger/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import type { EventLog } from "../../core/ports/mod.ts";

/**
 * The ledger on a log, with the sandbox carrier and the machine's clock by default. It does no
 * background work, so only what is called happens.
 */
export const openIdleLedger = (
  log: EventLog,
  { clock = systemClock, ...options }: Partial<Pick<LedgerOptions, "clock" | "plans" | "report">> =
    {},
): Ledger =>
  openLedger({
    log,
    carrier: openSandboxCarrier({ orders: openMemoryOrderBook(), clock }),
    payments: includedPayments,
    clock,
    ids: openIds(clock),
    runsAutomations: false,
    ...options,
  });
