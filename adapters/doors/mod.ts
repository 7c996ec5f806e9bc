/**
 * Ledgerline as a library: a ledger that keeps the phone numbers of many organizations, and the
 * pure domain behind it. Logs and carriers have doors of their own (`ledgerline/pglite`,
 * `ledgerline/carriers/sandbox`, …).
 *
 * @module
 */
export * from "../../core/mod.ts";
export { InvalidArgument } from "../../core/values/argument.ts";
export { systemClock } from "../clock/system.ts";
export { openTestClock, type TestClock } from "../clock/test.ts";
export { openTrustedClock, type TrustedClock, type TrustedClockOptions } from "../clock/trusted.ts";
export type { ClockDoubt, ClockMark, DoubtReason } from "../../core/values/clock-trust.ts";
export type * from "../ledger/api.ts";
export { Busy, Closed } from "../ledger/errors.ts";
export { ForkedLog } from "../ledger/cursor.ts";
export type * from "../ledger/feed-api.ts";
export { rebuildAll, rebuildOrganization, type RebuildProgress } from "../ledger/rebuild.ts";
export { type LedgerOptions, openLedger } from "../library/mod.ts";
export { openWebhookNotifier } from "../notifier/webhook.ts";
export { includedPayments } from "../payments/included.ts";
