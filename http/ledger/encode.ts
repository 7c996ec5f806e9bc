import { type EventType, toFact } from "../../core/events/vocabulary.ts";
import type { FailureReason } from "../../core/events/number.ts";
import { featuresOf, type Holding } from "../../core/number/state.ts";
import type { NumberView } from "../../core/number/view.ts";
import type { Offer, RecordedEvent } from "../../core/ports/mod.ts";
import { isoTime, isoTimeOrNull } from "../../core/values/calendar.ts";
import { OPERATOR } from "../../core/values/identity.ts";
import { formatMoney } from "../../core/values/money.ts";
import { typeName } from "../requirements.ts";
import type { Answer } from "../answer.ts";
import type { EventRecord, NumberRecord, WholeNumber } from "./answers.ts";

/** Why a purchase failed, in our words. */
const WHY: Readonly<Record<FailureReason, string>> = {
  notAvailable: "The carrier does not offer the phone number.",
  refused: "The carrier could not carry out the order.",
  unreachable: "The carrier could not be reached.",
  paymentDeclined: "The payment was declined.",
  requirementsMissing:
    "Documents that the carrier requires are missing, or it did not accept them.",
  cancelled: "The purchase was cancelled.",
  paymentUnknown: "It did not become known in time whether the payment was made.",
};

/** Why a number could not be bought; null for one that was, or is yet to be. */
const failureOf = (holding: Holding) => {
  const stage = holding.source === "managed" ? holding.stage : null;
  return stage?.status === "failed" ? { reason: stage.reason, message: WHY[stage.reason] } : null;
};

/**
 * A number in the ledger's own words. `id` names the holding, `status` is purchasing, active,
 * suspended, releasing, failed or released; `monthlyUsd` is a decimal string, null for an imported
 * number; `waitsFor` is what a number that is being bought waits for at the carrier, or null:
 * `requirements` that are missing there, their `review`, or their `correction`; `failure` says why
 * a purchase failed, and is null for every other number; `trialEndsAt`, `renewsAt` and
 * `suspendedAt` are null where they do not apply; `issues` as in the Speko dialect.
 */
export const encodeNumber = (view: NumberView): Answer<typeof NumberRecord> => {
  const { holding } = view;
  return {
    id: holding.id,
    e164: holding.e164,
    source: holding.source,
    carrier: holding.source === "managed" ? holding.carrier : null,
    status: view.status,
    issues: view.readiness.issues,
    waitsFor: view.waitsFor,
    direction: holding.routing.direction,
    label: holding.routing.label,
    assistant: holding.assistant === null
      ? null
      : { id: holding.assistant, name: view.assistantName },
    monthlyUsd: holding.source === "managed" ? formatMoney(holding.monthly) : null,
    autoRenewal: view.autoRenewal,
    trialEndsAt: isoTimeOrNull(view.trialEndsAt),
    renewsAt: isoTimeOrNull(view.renewsAt),
    suspendedAt: isoTimeOrNull(view.suspendedAt),
    failure: failureOf(holding),
    createdAt: isoTime(holding.createdAt),
    updatedAt: isoTime(holding.updatedAt),
  };
};

/** Where an imported number comes in; null for one that was bought. */
const sipOf = ({ holding, sipProviderName }: NumberView) =>
  holding.source === "managed" ? null : {
    connection: holding.sipConnection,
    trunk: holding.sipTrunk,
    providerName: sipProviderName,
  };

/**
 * One number with what a list leaves out: its `features`; `sip`, over which
 * connection or trunk an imported one comes in, else null; `template`, which may be large; and the
 * status of its registration for an SMS campaign, null where nothing is known of one.
 */
export const encodeWhole = (view: NumberView): Answer<typeof WholeNumber> => {
  const { routing, sms } = view.holding;
  return {
    ...encodeNumber(view),
    features: featuresOf(view.holding),
    sip: sipOf(view),
    template: routing.template,
    smsCampaign: sms === null ? null : {
      profile: sms.profile,
      campaign: sms.campaign,
      status: sms.status,
      updatedAt: isoTime(sms.updatedAt),
    },
  };
};

/** A number for sale: prices are decimal strings of US dollars, for the setup and for a month. */
export const encodeOffer = ({ e164, type, country, setup, monthly, features, region }: Offer) => ({
  e164,
  type: typeName(type),
  country,
  setupUsd: formatMoney(setup),
  monthlyUsd: formatMoney(monthly),
  features,
  region: { state: region.state, locality: region.locality, rateCenter: region.rateCenter },
});

/** An event as it is stored, or would be. */
type Stored = Pick<RecordedEvent, "type" | "version" | "data">;

type Hiding = (data: object, event: Stored) => unknown;

/** The place of an event does not matter to what its data says. */
const ANYWHERE = { organization: "", position: 0, at: 0, actor: OPERATOR, command: null, hash: "" };

/**
 * What a tenant is shown of an event of which not all is shown: what a carrier said of an order,
 * what that asks for a number, and what the operator attached or filed there, is hidden.
 */
const HIDING: { readonly [Type in EventType]?: Hiding } = {
  PurchaseFailed: (data, event) => {
    const fact = toFact({ ...ANYWHERE, ...event });
    return fact.type === "PurchaseFailed" ? { ...data, message: WHY[fact.data.reason] } : data;
  },
  RouteNoted: (data) => ({ ...data, connection: null, messagingProfile: null }),
  NumberPriced: (data) => ({ ...data, carrierMonthly: null }),
  PurchaseRequested: (data) =>
    "requirementGroup" in data ? { ...data, requirementGroup: null } : data,
};

// As it was stored, not as later versions read it: `version` and `hash` belong to the stored form.
const dataFor = (event: Stored): unknown => {
  const { salt: _, ...data } = Object(event.data);
  return HIDING[event.type as EventType]?.(data, event) ?? data;
};

/** An event that would be added, as the history would then show it. */
export const encodeDraft = (event: Stored) => ({
  type: event.type,
  version: event.version,
  data: dataFor(event),
});

/**
 * An event as the log holds it, without a carrier's own words: its place in the organization's log,
 * when it happened and who caused it, its data in the shape of its type's `version`, and the hash
 * that chains it.
 */
export const encodeEvent = (event: RecordedEvent): Answer<typeof EventRecord> => ({
  position: event.position,
  type: event.type,
  version: event.version,
  at: isoTime(event.at),
  actor: event.actor,
  data: dataFor(event),
  hash: event.hash,
});
