/**
 * Ledgerline as a library: a ledger that keeps the phone numbers of many organizations, and the
 * pure domain behind it. Logs and carriers have their own entry points (`ledgerline/pglite`,
 * `ledgerline/carriers/sandbox`, …).
 *
 * @module
 */
export * from "../../core/mod.ts";
export { InvalidArgument } from "../validation/argument.ts";
export { systemClock } from "../clock/system.ts";
export { openTestClock, type TestClock } from "../clock/test.ts";
export { openTrustedClock, type TrustedClock, type TrustedClockOptions } from "../clock/trusted.ts";
export type { ClockDoubt, ClockMark, DoubtReason } from "../../core/values/clock-trust.ts";
export type * from "../ledger/api/mod.ts";
export { Busy, Closed } from "../ledger/engine/errors.ts";
export { ForkedLog } from "../ledger/feed/cursor.ts";
export type * from "../ledger/api/feed.ts";
export { rebuildAll, rebuildOrganization, type RebuildProgress } from "../ledger/rebuild/mod.ts";
export { type LedgerOptions, openLedger } from "../runtimes/library/mod.ts";
export { openWebhookNotifier } from "../notifier/webhook.ts";
export { includedPayments } from "../payments/included.ts";
