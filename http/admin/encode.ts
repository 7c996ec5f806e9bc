import type { OrganizationView, ReconciliationReport } from "../../adapters/ledger/api/mod.ts";
import type { Market } from "../../core/ports/carrier.ts";
import { isoTime } from "../../core/values/calendar.ts";
import { formatMoney } from "../../core/values/money.ts";
import type { Answer } from "../answer.ts";
import { typeName } from "../requirements.ts";
import type { OrganizationRecord, ReconciliationRecord, RequirementGroup } from "./answers.ts";

/** An organization as the operator's API shows it; `credits` are dollars as a decimal string. */
export const encodeOrganization = (
  { id, name, plan, credits, verification }: OrganizationView,
): Answer<typeof OrganizationRecord> => ({
  id,
  name,
  plan,
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
