/** Which published event a fact of the log is, and what of it is published. */
import type { EventType, Fact, FactOf } from "../events/vocabulary.ts";
import { isBeginning } from "../number/facts.ts";
import { exactTime, type Instant } from "../values/calendar.ts";
import { worldOfCarrier } from "../values/claim-key.ts";
import { formatMoney as dollars } from "../values/money.ts";
import { CLOSED_PLAN } from "../values/plan.ts";
import type { NumberOrigin } from "./definition.ts";
import type { PublishedData, PublishedEvent, PublishedName } from "./types.ts";

/** What is said of a fact: the type, the path of its subject, and the data. */
type Said = {
  [Name in PublishedName]: {
    readonly type: Name;
    readonly subject: string;
    readonly data: PublishedData[Name];
  };
}[PublishedName];

const say = <Name extends PublishedName>(
  type: Name,
  subject: string,
  data: PublishedData[Name],
): Said => ({ type, subject, data }) as Said;

type NumberName = Extract<PublishedName, `number.${string}`>;

/** Beside which number it is. */
type Further<Name extends NumberName> = Omit<PublishedData[Name], "number" | "e164">;

type OfHolding = Fact & { readonly data: { readonly holding: string } };

const ofNumber = <Name extends NumberName>(
  type: Name,
  { data: { holding } }: OfHolding,
  { e164 }: NumberOrigin,
  further: Further<Name>,
): Said =>
  ({
    type,
    subject: `/ledger/numbers/${holding}`,
    data: { number: holding, e164, ...further },
  }) as unknown as Said;

type RequestName = Extract<PublishedName, `release.${string}`>;

const ofRequest = <Name extends RequestName>(
  type: Name,
  { data: { request, holding } }: FactOf<
    | "ReleaseRequested"
    | "ReleaseRequestCancelled"
    | "ReleaseRequestRejected"
    | "ReleaseRequestApproved"
  >,
  { e164 }: NumberOrigin,
): Said =>
  say(type, `/ledger/release-requests/${request}`, { request, number: holding, e164 } as never);

const webhookPath = (webhook: string): string => `/ledger/webhooks/${webhook}`;

const ofWebhook = (
  type: Exclude<Extract<PublishedName, `webhook.${string}`>, "webhook.disabled">,
  { data: { webhook } }: { readonly data: { readonly webhook: string } },
): Said => say(type, webhookPath(webhook), { webhook });

const ORGANIZATION = "/ledger/organization";
const VERIFICATION = "/ledger/verification";

/** The years with four digits: ISO 8601 has no others. */
const [FIRST, LAST] = [Date.parse("0000-01-01T00:00:00Z"), Date.parse("9999-12-31T23:59:59Z")];

/** What is in the log is published, whatever time it has: nothing may keep what follows back. */
const time = (at: Instant): string => exactTime(Math.max(FIRST, Math.min(at, LAST)));

const ofPlan = (type: "organization.opened" | "organization.plan_changed", plan: string): Said =>
  plan === CLOSED_PLAN
    ? say("organization.closed", ORGANIZATION, {})
    : say(type, ORGANIZATION, { plan });

/** What is published of each type of event; null for what stays within. */
type Rules = {
  readonly [Type in EventType]: ((fact: FactOf<Type>, number: NumberOrigin) => Said) | null;
};

const organizationRules = {
  OrganizationOpened: ({ data }) => ofPlan("organization.opened", data.plan),
  OrganizationRenamed: () => say("organization.renamed", ORGANIZATION, {}),
  PlanChanged: ({ data }) => ofPlan("organization.plan_changed", data.plan),
  CreditsAdded: ({ data }) =>
    say("credits.added", "/ledger/credits", { amount: dollars(data.amount) }),
  AssistantNamed: ({ data: { assistant } }) =>
    say(
      "assistant.named",
      `/ledger/assistants/${encodeURIComponent(assistant.toWellFormed())}/numbers`,
      {
        assistant,
      },
    ),
  SipConnectionInstalled: ({ data: { installation, ready } }) =>
    say("sip_connection.installed", ORGANIZATION, { installation, ready }),
  ConnectionRegistered: ({ data: { connection } }) =>
    say("connection.registered", ORGANIZATION, { connection }),
  ConnectionRemoved: ({ data: { connection } }) =>
    say("connection.removed", ORGANIZATION, { connection }),
  RequirementGroupSet: ({ data: { country, type, group } }) =>
    say("requirements.changed", ORGANIZATION, { country, type, fulfilled: group !== null }),
  TokenIssued: ({ data: { token, scope, expiresAt } }) =>
    say("token.issued", ORGANIZATION, {
      token,
      scope: scope ?? "write",
      expiresAt: expiresAt === undefined ? null : time(expiresAt),
    }),
  TokenRevoked: ({ data: { token } }) => say("token.revoked", ORGANIZATION, { token }),
} satisfies Partial<Rules>;

const purchaseRules = {
  NumberSearched: null,
  PurchaseRequested: (fact, number) => {
    const { country, type } = fact.data;
    return ofNumber("number.purchase_requested", fact, number, { country, type });
  },
  NumberPurchased: (fact, number) => {
    const { term } = fact.data;
    return ofNumber("number.purchased", fact, number, {
      term: term.kind,
      endsAt: time(term.kind === "trial" ? term.endsAt : term.to),
      amount: term.kind === "trial" ? null : dollars(term.amount),
    });
  },
  PurchaseFailed: (fact, number) => {
    // What a carrier said of it is the operator's alone.
    const { reason, refunded } = fact.data;
    return ofNumber("number.purchase_failed", fact, number, {
      reason,
      refunded: dollars(refunded),
    });
  },
  OrderRepeated: null,
  OrderTaken: null,
  OrderWaits: (fact, number) =>
    ofNumber("number.purchase_waiting", fact, number, { waitsFor: fact.data.waitsFor }),
  CancellationRequested: (fact, number) => ofNumber("number.purchase_cancelled", fact, number, {}),
  PurchaseDismissed: null,
} satisfies Partial<Rules>;

const holdingRules = {
  NumberImported: (fact, number) => ofNumber("number.imported", fact, number, {}),
  NumberAdopted: (fact, number) =>
    ofNumber("number.adopted", fact, number, { endsAt: time(fact.data.to) }),
  NumberPriced: (fact, number) =>
    ofNumber("number.repriced", fact, number, { monthly: dollars(fact.data.monthly) }),
  RoutingChanged: (fact, number) =>
    ofNumber("number.routing_changed", fact, number, { direction: fact.data.direction }),
  NumberAssigned: (fact, number) =>
    ofNumber("number.assigned", fact, number, { assistant: fact.data.assistant }),
  NumberUnassigned: (fact, number) =>
    ofNumber("number.unassigned", fact, number, { assistant: fact.data.assistant }),
  SmsCampaignAssigned: (fact, number) =>
    ofNumber("number.sms_campaign_changed", fact, number, { status: fact.data.status }),
  RouteNoted: null,
  RouteDetached: null,
  RouteAttached: null,
  RouteLeft: null,
  RouteDrifted: null,
  ReleaseRequested: (fact, number) => ofRequest("release.requested", fact, number),
  ReleaseRequestCancelled: (fact, number) => ofRequest("release.cancelled", fact, number),
  ReleaseRequestRejected: (fact, number) => ofRequest("release.rejected", fact, number),
  ReleaseRequestApproved: (fact, number) => ofRequest("release.approved", fact, number),
  ReleaseStarted: (fact, number) =>
    ofNumber("number.release_started", fact, number, { why: fact.data.why }),
  Released: (fact, number) => ofNumber("number.released", fact, number, { why: fact.data.why }),
} satisfies Partial<Rules>;

const NOTICES = {
  trial: "number.trial_ending",
  renewal: "number.renewal_due",
  ending: "number.ending",
  grace: "number.grace_ending",
} as const;

const termRules = {
  ChargeStarted: null,
  Charged: null,
  ChargeDeclined: null,
  RefundStarted: null,
  Refunded: (fact, number) => ofNumber("number.refunded", fact, number, {}),
  TrialExpired: (fact, number) => ofNumber("number.trial_ended", fact, number, {}),
  TrialConverted: (fact, number) => ofNumber("number.trial_converted", fact, number, {}),
  Renewed: (fact, number) => {
    const { period, from, to, amount } = fact.data;
    const month = { period, from: time(from), to: time(to), amount: dollars(amount) };
    return ofNumber("number.renewed", fact, number, month);
  },
  RenewalFailed: (fact, number) => {
    const { period, amount, retryAt, graceEndsAt } = fact.data;
    return ofNumber("number.payment_failed", fact, number, {
      period,
      amount: dollars(amount),
      retryAt: time(retryAt),
      graceEndsAt: time(graceEndsAt),
    });
  },
  Suspended: (fact, number) => ofNumber("number.suspended", fact, number, { why: fact.data.why }),
  Reinstated: (fact, number) => ofNumber("number.reinstated", fact, number, {}),
  NoticeGiven: (fact, number) =>
    ofNumber(NOTICES[fact.data.of], fact, number, { deadline: time(fact.data.deadline) }),
  AutoRenewalChanged: (fact, number) =>
    ofNumber("number.auto_renewal_changed", fact, number, { on: fact.data.on }),
} satisfies Partial<Rules>;

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const otherRules = {
  VerificationDrafted: null,
  VerificationSubmitted: ({ data: { verification } }) =>
    say("verification.submitted", VERIFICATION, { verification }),
  VerificationApproved: ({ data: { verification } }) =>
    say("verification.approved", VERIFICATION, { verification }),
  // Reasons are free text about a business and its people.
  VerificationRejected: ({ data: { verification } }) =>
    say("verification.rejected", VERIFICATION, { verification }),
  VerificationRevoked: ({ data: { verification } }) =>
    say("verification.revoked", VERIFICATION, { verification }),
  ReviewerNotified: null,
  WebhookAdded: (fact) => ofWebhook("webhook.added", fact),
  WebhookChanged: (fact) => ofWebhook("webhook.changed", fact),
  WebhookRotated: (fact) => ofWebhook("webhook.rotated", fact),
  WebhookDisabled: ({ data: { webhook, why } }) =>
    say("webhook.disabled", webhookPath(webhook), { webhook, why }),
  WebhookEnabled: (fact) => ofWebhook("webhook.enabled", fact),
  WebhookRemoved: (fact) => ofWebhook("webhook.removed", fact),
  InstallationNamed: null,
  ReconciliationScheduled: null,
  OrphanReleaseStarted: null,
  InventoryReconciled: ({ data: { reconciliation, carrier, drifted, broken } }) =>
    say("inventory.reconciled", "/admin/reconciliations", {
      reconciliation,
      carrier,
      drifts: sumOf(drifted),
      completed: broken === null,
    }),
} satisfies Partial<Rules>;

const RULES: Rules = {
  ...organizationRules,
  ...purchaseRules,
  ...holdingRules,
  ...termRules,
  ...otherRules,
};

/** Whether anything of these facts is published. */
export const isPublished = (type: EventType): boolean => RULES[type] !== null;

/** What the first event of a number says of it from then on; null where a fact is none. */
export const originIn = (fact: Fact): NumberOrigin | null => {
  if (!isBeginning(fact)) return null;
  const { e164 } = fact.data;
  return {
    e164,
    world: fact.type === "NumberImported" ? fact.data.world : worldOfCarrier(fact.data.carrier),
  };
};

/** The number that a fact is about; null where it is about none. */
export const holdingIn = ({ data }: Fact): string | null => "holding" in data ? data.holding : null;

/** Where the recorded event of a fact is. */
type Recorded = { readonly organization: string; readonly hash: string };

/** So many digits of its hash name an event. */
const ID_DIGITS = 32;

/**
 * The event that leaves the ledger for a fact of the log; null where that stays within. It follows
 * from the fact, and from the first one of its number, alone: so it is the same whenever it is
 * asked for, and its id is one of the log's own. `number` is null where the fact is about none.
 */
export const published = (
  fact: Fact,
  { organization, hash }: Recorded,
  number: NumberOrigin | null,
): PublishedEvent | null => {
  // Each type has the rule of just its facts.
  const rule = RULES[fact.type] as ((fact: Fact, number: NumberOrigin | null) => Said) | null;
  if (rule === null) return null;
  const { type, subject, data } = rule(fact, number);
  const id = `ev_${hash.slice(0, ID_DIGITS)}`;
  return { id, type, at: time(fact.at), organization, subject, data } as PublishedEvent;
};
