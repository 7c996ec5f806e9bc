/** The calls about the caller's organization: its plan, its place within it, its credits. */
import { unknownOrganization } from "../../core/organization/refusals.ts";
import { ok } from "../../core/values/result.ts";
import type { Call, Outcome, Route } from "../dialect.ts";
import {
  encodeCredits,
  encodeEligibility,
  encodeEntry,
  encodeOrganization,
} from "./encode-organization.ts";
import { refused } from "./refusals.ts";
import { EntriesQuery } from "./schemas.ts";

const unknown = refused(unknownOrganization.error);

/** 200 with the organization, and what its plan allows. */
const readOrganization = async ({ ledger, caller }: Call): Promise<Outcome> => {
  const [organization, limits] = await Promise.all([
    ledger.organization(caller),
    ledger.limits(caller),
  ]);
  if (organization === null) return unknown;
  return ok({ status: 200, body: encodeOrganization(organization, limits) });
};

/** 200 with the organization's place within its plan. */
const readEligibility = async ({ ledger, caller }: Call): Promise<Outcome> => {
  const eligibility = await ledger.eligibility(caller);
  return eligibility === null ? unknown : ok({ status: 200, body: encodeEligibility(eligibility) });
};

/** 200 with the balance of the prepaid credits. */
const readCredits = async ({ ledger, caller }: Call): Promise<Outcome> => {
  const organization = await ledger.organization(caller);
  return organization === null ? unknown : ok({ status: 200, body: encodeCredits(organization) });
};

/**
 * 200 `{"entries": […], "next"}`: what moved the balance, the latest first; `next` is what to ask
 * for `before`, null on the last page.
 */
const listEntries = async ({ ledger, caller, checkedQuery }: Call): Promise<Outcome> => {
  const query = checkedQuery(EntriesQuery);
  if (!query.ok) return query;
  const { entries, next } = await ledger.credits.entries(caller, query.value);
  return ok({ status: 200, body: { entries: entries.map(encodeEntry), next } });
};

export const organizationRoutes: readonly Route[] = [
  { method: "GET", path: "/ledger/organization", handle: readOrganization },
  { method: "GET", path: "/ledger/eligibility", handle: readEligibility },
  { method: "GET", path: "/ledger/credits", handle: readCredits },
  { method: "GET", path: "/ledger/credits/entries", readsAll: true, handle: listEntries },
];
