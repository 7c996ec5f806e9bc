/**
 * The domain, pure: what organizations, numbers and verifications are, what can be asked of them,
 * and what follows. Give `decide` a state and a command, `fold` what it answers.
 *
 * @module
 */
export {
  type Command,
  decide,
  isHeadless,
  moreOf,
  needsOf,
  type Refusal,
  type RefusalOf,
} from "./registry/commands.ts";
export { chain, type Digest, EMPTY_HEAD, link, verifyChain } from "./log/chain.ts";
export { claimsHeld, claimsOf } from "./registry/claims.ts";
export { type Context, type Decision, ONE_WORLD, type Refused } from "./log/decision.ts";
export {
  type DomainEvent,
  eventDefinitions,
  type EventType,
  type Fact,
  type FactOf,
  type NumberEvent,
  toDraft,
  toFact,
} from "./events/vocabulary.ts";
export { eventsOf } from "./log/pages.ts";
export { fold, replay, rowsOf } from "./registry/replay.ts";
export { type AnySubject, type AutomationWork, State, type Subject } from "./log/state.ts";
export { SUBJECTS } from "./registry/subjects.ts";
export { Unavailable, type UnavailableReason } from "./log/unavailable.ts";
export type {
  Direction,
  PaidFrom,
  PaidMonthFrom,
  ReleaseReason,
  SmsCampaign,
} from "./events/number.ts";
export type { ReleaseRequest } from "./number/release-requests.ts";
export type { KnownRequirements } from "./number/requirements.ts";
export type { Stage, Term } from "./number/stage.ts";
export { type Holding, type Imported, type Managed, numbers } from "./number/state.ts";
export {
  type Issue,
  type NumberStatus,
  type NumberView,
  type Readiness,
  viewOf,
  viewsOf,
} from "./number/view.ts";
export type { Connection } from "./organization/connections.ts";
export type { CreditEntry, CreditReason } from "./organization/credits.ts";
export type { RequirementGroup } from "./organization/requirement-groups.ts";
export type { Eligibility } from "./organization/eligibility.ts";
export type { OrganizationEvent } from "./events/organization.ts";
export {
  NO_LIMITS,
  type Plan,
  type PlanCatalogue,
  type PlanLimits,
  type PlanTerms,
} from "./values/plan.ts";
export { DEFAULT_PLANS } from "./organization/plans.ts";
export type { TokenTerms } from "./events/organization.ts";
export type { OrganizationUnknown } from "./organization/refusals.ts";
export {
  type Counts,
  type Organization,
  organizations,
  SELF,
  type SipConnection,
  type Token,
  type VerificationStatus,
} from "./organization/state.ts";
export type * from "./ports/mod.ts";
export type { OrphanPolicy } from "./events/drift.ts";
export type { ReconciliationEvent } from "./events/reconciliation.ts";
export { type Instant, isoTime, type Milliseconds, monthsAfter } from "./values/calendar.ts";
export { type ClaimKey, type Scope, type World } from "./values/claim-key.ts";
export { type E164, isE164 } from "./values/e164.ts";
export {
  type Actor,
  type Automation,
  AUTOMATIONS,
  type IdPrefix,
  OPERATOR,
} from "./values/identity.ts";
export { formatMoney, type Money, money, parseMoney } from "./values/money.ts";
export { failed, ok, type Result } from "./values/result.ts";
export type { DraftOf, VerificationDraft } from "./verification/draft.ts";
export type {
  Address,
  BusinessProfile,
  Representative,
  VerificationContent,
  VerificationEvent,
} from "./events/verification.ts";
export type { VerificationTooLarge } from "./verification/size.ts";
export { type Notice, type Verification, verifications } from "./verification/state.ts";
export type { DisabledWhy, SignatureScheme, WebhookEvent, WebhookTerms } from "./events/webhook.ts";
export type { WebhookEndpoint } from "./webhooks/state.ts";
export { type VerificationView, verificationView } from "./verification/view.ts";
export type { VerificationIncomplete } from "./verification/completeness.ts";
