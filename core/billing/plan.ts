/** Opens organizations, and applies a plan to their numbers. */
import { type Context, type Decision, type Handler, sameJson } from "../log/decision.ts";
import type { DomainEvent } from "../events/vocabulary.ts";
import type { State } from "../log/state.ts";
import { restOrResume } from "../number/decisions/compliance.ts";
import { ALL_NUMBERS } from "../number/decisions/needs.ts";
import { repriced } from "../number/prices.ts";
import { isOnTrial } from "../number/decisions/renewal.ts";
import { type Holding, numbers } from "../number/state.ts";
import { isLeaving } from "../number/status.ts";
import { paymentOf } from "../organization/payment.ts";
import { findPlan, termsOf, wholeTerms } from "../organization/plans.ts";
import { type OrganizationRefusal, self } from "../organization/refusals.ts";
import type { Organization } from "../organization/state.ts";
import { RECONCILIATIONS } from "../reconciliation/state.ts";
import { isNewId, NEW_ID_RULE } from "../values/identity.ts";
import type { Plan } from "../values/plan.ts";
import { failed, ok } from "../values/result.ts";

type Refusal<Code extends OrganizationRefusal["code"]> = Extract<
  OrganizationRefusal,
  { code: Code }
>;

/**
 * Opens an organization, or gives one that is open this name and plan, by what the plan says now.
 */
export type OpenOrganization = {
  readonly type: "OpenOrganization";
  readonly name: string;
  readonly plan: string;
};

const agreed = (plan: Plan) => ({ plan: plan.name, terms: termsOf(plan) });

const changePlan = (
  organization: Organization,
  plan: Plan,
  holdings: readonly Holding[],
): readonly DomainEvent[] => {
  const events: DomainEvent[] = [{ type: "PlanChanged", data: agreed(plan) }];
  // Where nothing is paid a month costs what it did: what the carrier asks is not shown.
  if (paymentOf(plan) !== null) {
    for (const number of holdings) {
      if (number.source !== "managed" || isLeaving(number)) continue;
      const { id: holding, stage } = number;
      if (stage.status !== "failed") events.push(...repriced(number, plan));
      if (isOnTrial(stage)) events.push({ type: "TrialConverted", data: { holding } });
    }
  }
  return [...events, ...restOrResume(organization, plan, holdings)];
};

type OpeningRefusal =
  | Refusal<"PLAN_UNKNOWN">
  | Refusal<"ORGANIZATION_RESERVED">
  | Refusal<"ORGANIZATION_ID_UNFIT">;

const reserved = failed<Refusal<"ORGANIZATION_RESERVED">>({
  code: "ORGANIZATION_RESERVED",
  message: `The id ${RECONCILIATIONS} is reserved; open the organization with another id.`,
});

const unfit = failed<Refusal<"ORGANIZATION_ID_UNFIT">>({
  code: "ORGANIZATION_ID_UNFIT",
  message: `The organization's id ${NEW_ID_RULE}.`,
});

const decideOpening = (
  state: State,
  { name, plan: wanted }: OpenOrganization,
  { plans, organization: id }: Context,
): Decision<OpeningRefusal> => {
  if (id === RECONCILIATIONS) return reserved;
  const plan = findPlan(plans, wanted);
  if (plan === undefined) {
    const known = Object.keys(plans).join(", ");
    return failed({ code: "PLAN_UNKNOWN", message: `plan must be one of ${known}.` });
  }
  const organization = self(state);
  if (organization === undefined) {
    // Two organizations must not look the same; one that was opened before this rule stays open.
    if (!isNewId(id)) return unfit;
    return ok([{ type: "OrganizationOpened", data: { name, ...agreed(plan) } }]);
  }
  const renaming: readonly DomainEvent[] = organization.name === name
    ? []
    : [{ type: "OrganizationRenamed", data: { name } }];
  const { terms } = organization;
  const same = terms !== undefined && sameJson(wholeTerms(terms), termsOf(plan));
  const changing = organization.plan === wanted && same
    ? []
    : changePlan(organization, plan, state.all(numbers));
  return ok([...renaming, ...changing]);
};

/**
 * The same again changes nothing, unless the catalogue now says something else of the plan, or an
 * old event gave it: that is how an organization gets other terms. A trial on a plan that is paid
 * becomes a paid number.
 */
export const openOrganization: Handler<OpenOrganization, OpeningRefusal> = {
  needs: () => ALL_NUMBERS,
  decide: decideOpening,
};
