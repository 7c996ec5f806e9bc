/** The organization in the ledger's own words: its plan, its place within it, and its credits. */
import type { OrganizationView } from "../../adapters/ledger/api/mod.ts";
import type { CreditEntry } from "../../core/organization/credits.ts";
import type { Eligibility } from "../../core/organization/eligibility.ts";
import type { SipConnection } from "../../core/organization/state.ts";
import { isoTime } from "../../core/values/calendar.ts";
import { formatMoney, type Money } from "../../core/values/money.ts";
import type { PlanLimits } from "../../core/values/plan.ts";
import type { Answer } from "../answer.ts";
import type {
  CreditsRecord,
  EligibilityRecord,
  EntryRecord,
  OrganizationRecord,
} from "./organization-answers.ts";

/** A limit; null where nothing reaches it. */
const limit = (most: number): number | null => most < Number.MAX_SAFE_INTEGER ? most : null;

const limitUsd = (most: Money): string | null =>
  limit(most.micros) === null ? null : formatMoney(most);

const encodeLimits = (
  limits: PlanLimits,
): Answer<typeof OrganizationRecord>["limits"] => ({
  imports: limit(limits.imports),
  purchasesPerDay: limit(limits.purchasesPerDay),
  purchasesPer30Days: limit(limits.purchasesPer30Days),
  highestSetupUsd: limitUsd(limits.highestSetup),
  highestMonthlyUsd: limitUsd(limits.highestMonthly),
  requestsPerMinute: limit(limits.requestsPerMinute),
  searchesPerMinute: limit(limits.searchesPerMinute),
});

/**
 * The caller's organization: `creditsUsd` is a decimal string, `verification` the status of its
 * business's verification, and `limits` what its plan allows, null where it sets no limit.
 */
export const encodeOrganization = (
  { id, name, plan, credits, verification, openedAt }: OrganizationView,
  limits: PlanLimits,
): Answer<typeof OrganizationRecord> => ({
  id,
  name,
  plan,
  creditsUsd: formatMoney(credits),
  verification: verification.status,
  limits: encodeLimits(limits),
  openedAt: isoTime(openedAt),
});

/** The place within the plan: how many numbers are held that count, and how many may be. */
export const encodeEligibility = (
  { currentCount, maxAllowed, hasSubscription, planName }: Eligibility,
): Answer<typeof EligibilityRecord> => ({
  plan: planName,
  numbers: currentCount,
  maxNumbers: limit(maxAllowed),
  hasSubscription,
});

/** The balance, a decimal string of US dollars, and when it last changed. */
export const encodeCredits = (
  { credits, creditedAt }: Pick<OrganizationView, "credits" | "creditedAt">,
): Answer<typeof CreditsRecord> => ({
  balanceUsd: formatMoney(credits),
  changedAt: isoTime(creditedAt),
});

/**
 * What moved the balance: `reason` is added, purchase, renewal or refund; what was taken is
 * negative; `number` is the id of the number that it was for, or null.
 */
export const encodeEntry = (
  { id, at, reason, amount, holding }: CreditEntry,
): Answer<typeof EntryRecord> => ({
  id,
  at: isoTime(at),
  reason,
  amountUsd: formatMoney(amount),
  number: holding,
});

/** A SIP connection that is installed, over which numbers are imported. */
export const encodeSipConnection = (
  { installation, providerName, trunk, ready }: SipConnection,
) => ({ id: installation, providerName, trunk, ready });
