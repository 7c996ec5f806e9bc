import type { OrganizationView, ReconciliationReport } from "../../adapters/ledger/api/mod.ts";
import type { Market } from "../../core/ports/carrier.ts";
import { isoTime } from "../../core/values/calendar.ts";
import { wholeTerms } from "../../core/organization/plans.ts";
import { type Holding, worldOf } from "../../core/number/state.ts";
import { formatMoney } from "../../core/values/money.ts";
import type { PlanTerms } from "../../core/values/plan.ts";
import type { Answer } from "../answer.ts";
import { typeName } from "../requirements.ts";
import type { OrganizationRecord, ReconciliationRecord, RequirementGroup } from "./answers.ts";

/** What a plan says, with its name where it has one; prices are dollars as decimal strings. */
export const encodeTerms = <Terms extends PlanTerms>(terms: Terms) => {
  const { limits, price, markup = 0, ...others } = wholeTerms(terms);
  return {
    ...others,
    price: price === undefined ? null : formatMoney(price),
    markup,
    limits: {
      ...limits,
      highestSetup: formatMoney(limits.highestSetup),
      highestMonthly: formatMoney(limits.highestMonthly),
    },
  };
};

/**
 * An organization as the operator's API shows it; `credits` are dollars as a decimal string, and
 * `terms` what was agreed with its plan, null where an old event gave only the plan's name.
 */
export const encodeOrganization = (
  { id, name, plan, terms, credits, verification }: OrganizationView,
): Answer<typeof OrganizationRecord> => ({
  id,
  name,
  plan,
  terms: terms === undefined ? null : encodeTerms(terms),
  credits: formatMoney(credits),
  verification: verification.status,
});

/**
 * The same in a list, with how many numbers it has bought and holds, how many it has imported, and
 * how many of its tokens are in use; not counting the sandbox's beside a live carrier.
 */
export const encodeListedOrganization = (organization: OrganizationView) => ({
  ...encodeOrganization(organization),
  numbers: organization.held,
  imports: organization.imported,
  tokens: organization.tokens,
  openedAt: isoTime(organization.openedAt),
});

/** Whether a number is of the sandbox, be it bought or imported there. */
export const isSandbox = (holding: Holding): boolean => worldOf(holding) === "sandbox";

/** A reconciliation as the operator's API shows it. */
export const encodeReconciliation = (
  { id, carrier, startedAt, finishedAt, seen, drifted, drifts, broken }: ReconciliationReport,
): Answer<typeof ReconciliationRecord> => ({
  id,
  carrier,
  startedAt: isoTime(startedAt),
  finishedAt: isoTime(finishedAt),
  status: broken === null ? "complete" : "broken",
  broken,
  seen,
  drifted,
  drifts,
});

/** A requirement group as the operator's API shows it; null where none is set. */
export const encodeRequirementGroup = (
  { country, type, group }: Market & { readonly group: string | null },
): Answer<typeof RequirementGroup> => ({
  country,
  type: typeName(type),
  requirementGroupId: group,
});
