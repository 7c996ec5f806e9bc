/**
 * Ledgerline as a library: a ledger that keeps the phone numbers of many organizations, with what
 * an application gives it and receives. Logs and carriers have their own entry points
 * (`ledgerline/pglite`, `ledgerline/carriers/sandbox`, …), and so has the pure domain behind it:
 * commands, decisions and folds are in `ledgerline/core`.
 *
 * @module
 */
export type * from "../../core/ports/mod.ts";
export {
  type Actor,
  type Address,
  type Automation,
  AUTOMATIONS,
  type BusinessProfile,
  type ClaimKey,
  type Connection,
  type CreditEntry,
  type CreditReason,
  DEFAULT_PLANS,
  type Direction,
  type DraftOf,
  type E164,
  type Eligibility,
  failed,
  formatMoney,
  type Holding,
  type IdPrefix,
  type Imported,
  type Instant,
  isE164,
  isoTime,
  type Issue,
  type Managed,
  type Milliseconds,
  type Money,
  money,
  NO_LIMITS,
  type Notice,
  type NumberStatus,
  type NumberView,
  ok,
  OPERATOR,
  type OrganizationUnknown,
  type OrphanPolicy,
  type PaidFrom,
  type PaidMonthFrom,
  parseMoney,
  type Plan,
  type PlanCatalogue,
  type PlanLimits,
  type PlanTerms,
  type Readiness,
  type Refused,
  type ReleaseReason,
  type ReleaseRequest,
  type Representative,
  type RequirementGroup,
  type Result,
  type Scope,
  type SipConnection,
  type SmsCampaign,
  type Stage,
  type Term,
  type Token,
  type TokenTerms,
  Unavailable,
  type UnavailableReason,
  type Verification,
  type VerificationContent,
  type VerificationDraft,
  type VerificationIncomplete,
  type VerificationStatus,
  type VerificationTooLarge,
  type VerificationView,
  type World,
} from "../../core/mod.ts";
export { InvalidArgument } from "../validation/argument.ts";
export { systemClock } from "../clock/system.ts";
export { openTestClock, type TestClock } from "../clock/test.ts";
export { openTrustedClock, type TrustedClock, type TrustedClockOptions } from "../clock/trusted.ts";
export type { ClockDoubt, ClockMark, DoubtReason } from "../../core/values/clock-trust.ts";
export type * from "../ledger/api/mod.ts";
export type {
  PublishedData,
  PublishedEvent,
  PublishedName,
  PublishedOf,
} from "../../core/published/types.ts";
export type { NumberPublished } from "../../core/published/number-types.ts";
export type { WebhookUnknown } from "../../core/webhooks/decisions.ts";
export type { OfNumber } from "../../core/published/definition.ts";
export { Busy, Closed } from "../ledger/engine/errors.ts";
export { ForkedLog } from "../ledger/feed/cursor.ts";
export type * from "../ledger/api/feed.ts";
export { rebuildAll, rebuildOrganization, type RebuildProgress } from "../ledger/rebuild/mod.ts";
export { type LedgerOptions, openLedger } from "../runtimes/library/mod.ts";
export { openWebhookNotifier } from "../notifier/webhook.ts";
export { includedPayments } from "../payments/included.ts";
