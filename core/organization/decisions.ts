import { type Context, type Decision, type Handler, NOTHING } from "../log/decision.ts";
import type { DomainEvent } from "../log/events.ts";
import type { State } from "../log/state.ts";
import { charges, nextChargeOf } from "../number/charges.ts";
import { restOrResume } from "../number/decisions/compliance.ts";
import { needsAssistant, unfitAssistant } from "../number/decisions/assistants.ts";
import { ALL_NUMBERS } from "../number/decisions/needs.ts";
import { isFree, isRented, renewed } from "../number/decisions/renewal.ts";
import { isUnpaid } from "../number/stage.ts";
import type { Stage } from "../number/stage.ts";
import { type Holding, numbers } from "../number/state.ts";
import type { RowKey } from "../ports.ts";
import { RECONCILIATIONS } from "../reconciliation/state.ts";
import { isNewId, NEW_ID_RULE } from "../values/identity.ts";
import { formatMoney, minus, type Money, money, plus } from "../values/money.ts";
import { failed, ok } from "../values/result.ts";
import { type IdUnfit, unfitNewId } from "./ids.ts";
import { findPlan, type Plan, planOf } from "./plans.ts";
import { MAX_TOKENS } from "./quotas.ts";
import {
  type OrganizationRefusal,
  self,
  SELF_ROW,
  unknownOrganization,
  unknownToken,
} from "./refusals.ts";
import { assistants, type Organization, sipConnections, tokens } from "./state.ts";

type Refusal<Code extends OrganizationRefusal["code"]> = Extract<
  OrganizationRefusal,
  { code: Code }
>;

const row = (subject: { readonly kind: string }, key: string): RowKey => ({
  kind: subject.kind,
  key,
});

/** Opens an organization, or gives one that is open this name and plan. */
export type OpenOrganization = {
  readonly type: "OpenOrganization";
  readonly name: string;
  readonly plan: string;
};

const isTrial = (stage: Stage): boolean =>
  (stage.status === "active" || stage.status === "suspended") && stage.term.kind === "trial";

const changePlan = (
  organization: Organization,
  plan: Plan,
  holdings: readonly Holding[],
): readonly DomainEvent[] => {
  const events: DomainEvent[] = [{ type: "PlanChanged", data: { plan: plan.name } }];
  if (plan.billing !== "trial") {
    for (const number of holdings) {
      if (number.source !== "managed" || !isTrial(number.stage)) continue;
      events.push({ type: "TrialConverted", data: { holding: number.id } });
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
  message: `The id ${RECONCILIATIONS} is reserved and can be no organization's.`,
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
    return ok([{ type: "OrganizationOpened", data: { name, plan: wanted } }]);
  }
  const events: DomainEvent[] = [];
  if (organization.name !== name) events.push({ type: "OrganizationRenamed", data: { name } });
  if (organization.plan !== wanted) {
    events.push(...changePlan(organization, plan, state.all(numbers)));
  }
  return ok(events);
};

/** The same again changes nothing. A trial on a plan that is paid becomes a paid number. */
export const openOrganization: Handler<OpenOrganization, OpeningRefusal> = {
  needs: () => ALL_NUMBERS,
  decide: decideOpening,
};

/** Adds prepaid credits. */
export type AddCredits = { readonly type: "AddCredits"; readonly amount: Money };

/** Credits beyond this many micros could not be counted exactly. */
const MAX_CREDITS_MICROS = Number.MAX_SAFE_INTEGER / 2;

const decideCredits = (
  state: State,
  { amount }: AddCredits,
  context: Context,
): Decision<Refusal<"ORGANIZATION_UNKNOWN" | "CREDITS_EXCEEDED">> => {
  const organization = self(state);
  if (organization === undefined) return unknownOrganization;
  let credits = plus(organization.credits, amount);
  if (credits.micros > MAX_CREDITS_MICROS) {
    const most = formatMoney(money(Math.floor(MAX_CREDITS_MICROS)));
    const message = `The credits would be more than ${most} USD.`;
    return failed({ code: "CREDITS_EXCEEDED", message });
  }
  const events: DomainEvent[] = [{ type: "CreditsAdded", data: { amount } }];
  const plan = planOf(context.plans, organization.plan);
  if (plan.billing !== "credits") return ok(events);
  const waiting = state.all(numbers)
    .filter((number) => number.source === "managed")
    .filter(isRented)
    .filter((number) => !isFree(number, context))
    .filter((number) => isUnpaid(number.stage) && number.stage.term.autoRenewal)
    // A charge that may have been taken is settled first; it pays for the same period.
    .filter((number) => nextChargeOf(state, number) === undefined)
    .sort((a, b) => a.stage.term.endsAt - b.stage.term.endsAt || (a.id < b.id ? -1 : 1));
  for (const number of waiting) {
    if (credits.micros < number.monthly.micros) continue;
    credits = minus(credits, number.monthly);
    events.push(...renewed(number, organization, plan, "credits"));
  }
  return ok(events);
};

/** Numbers that rest for want of credits are paid and back at once, the longest due first. */
export const addCredits: Handler<
  AddCredits,
  Refusal<"ORGANIZATION_UNKNOWN" | "CREDITS_EXCEEDED">
> = {
  needs: () => ({ rows: ALL_NUMBERS.rows, kinds: [...ALL_NUMBERS.kinds, charges.kind] }),
  decide: decideCredits,
};

/** Tells the name of an assistant that lives in another system. */
export type NameAssistant = {
  readonly type: "NameAssistant";
  readonly assistant: string;
  readonly name: string;
};

export const nameAssistant: Handler<NameAssistant, Refusal<"ORGANIZATION_UNKNOWN"> | IdUnfit> = {
  needs: ({ assistant }) => ({
    ...needsAssistant(assistant),
    rows: [SELF_ROW, row(assistants, assistant)],
  }),
  decide: (state, { assistant, name }) => {
    if (self(state) === undefined) return unknownOrganization;
    const unfit = unfitAssistant(state, assistant);
    if (unfit !== null) return unfit;
    const same = state.get(assistants, assistant)?.name === name;
    return ok(same ? NOTHING : [{ type: "AssistantNamed", data: { assistant, name } }]);
  },
};

/** Notes a SIP connection, and whether it is ready to carry calls. */
export type InstallSipConnection = {
  readonly type: "InstallSipConnection";
  readonly installation: string;
  readonly providerName: string;
  readonly trunk: string;
  readonly ready: boolean;
};

export const installSipConnection: Handler<
  InstallSipConnection,
  Refusal<"ORGANIZATION_UNKNOWN"> | IdUnfit
> = {
  needs: ({ installation }) => ({ rows: [SELF_ROW, row(sipConnections, installation)] }),
  decide: (state, { installation, providerName, trunk, ready }) => {
    if (self(state) === undefined) return unknownOrganization;
    const known = state.get(sipConnections, installation);
    const unfit = unfitNewId("The SIP connection's id", installation, () => known !== undefined);
    if (unfit !== null) return unfit;
    const same = known?.providerName === providerName && known.trunk === trunk &&
      known.ready === ready;
    return ok(
      same ? NOTHING : [{
        type: "SipConnectionInstalled",
        data: { installation, providerName, trunk, ready },
      }],
    );
  },
};

/** Records a new bearer token by its hash. */
export type IssueToken = {
  readonly type: "IssueToken";
  readonly token: string;
  readonly hash: string;
  readonly email: string;
  readonly name: string;
  readonly sandbox: boolean;
};

const tooManyTokens = failed<Refusal<"TOKEN_LIMIT_REACHED">>({
  code: "TOKEN_LIMIT_REACHED",
  message: `An organization has at most ${MAX_TOKENS} tokens; revoke one that is not used.`,
});

/** Refused for an unknown organization, and beyond `MAX_TOKENS` in use. */
export const issueToken: Handler<
  IssueToken,
  Refusal<"ORGANIZATION_UNKNOWN"> | Refusal<"TOKEN_LIMIT_REACHED">
> = {
  needs: ({ token }) => ({ rows: [SELF_ROW, row(tokens, token)] }),
  decide: (state, { token, hash, email, name, sandbox }) => {
    const organization = self(state);
    if (organization === undefined) return unknownOrganization;
    if (state.get(tokens, token)?.hash === hash) return ok(NOTHING);
    if (organization.tokens >= MAX_TOKENS) return tooManyTokens;
    return ok([{ type: "TokenIssued", data: { token, hash, email, name, sandbox } }]);
  },
};

/** Takes a token out of use. */
export type RevokeToken = { readonly type: "RevokeToken"; readonly token: string };

export const revokeToken: Handler<RevokeToken, Refusal<"TOKEN_UNKNOWN">> = {
  needs: ({ token }) => ({ rows: [SELF_ROW, row(tokens, token)] }),
  decide: (state, { token }) =>
    state.get(tokens, token) === undefined
      ? unknownToken
      : ok([{ type: "TokenRevoked", data: { token } }]),
};
