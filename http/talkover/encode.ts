/** How Talkover's wire shows numbers; the names and their order are those of its documentation. */
import type { AssistantView, OrganizationView } from "../../adapters/ledger/api/mod.ts";
import type { Direction } from "../../core/events/number.ts";
import type { ReleaseRequest } from "../../core/number/release-requests.ts";
import { featuresOf } from "../../core/number/state.ts";
import { isCancelling } from "../../core/number/status.ts";
import type { NumberStatus, NumberView } from "../../core/number/view.ts";
import type { Feature } from "../../core/ports/mod.ts";
import { calendarDaysBetween, type Instant, isoDate, isoTime } from "../../core/values/calendar.ts";
import { toDollars } from "../../core/values/money.ts";
import { written } from "../../adapters/numbering/written-number.ts";
import type { Answer } from "../answer.ts";
import type { Calling, Did, PhoneNumber, ReleaseRequestRecord } from "./answers.ts";

const STATUS: Readonly<Record<NumberStatus, "active" | "inactive" | "pending" | "suspended">> = {
  purchasing: "pending",
  active: "active",
  suspended: "suspended",
  releasing: "suspended",
  released: "inactive",
  failed: "inactive",
};

const BY_RANK: readonly Feature[] = ["voice", "sms", "mms", "whatsapp", "fax"];

/** The features that come before this one: a number of this type lacks all of them. */
export const featuresBefore = (type: Feature): readonly Feature[] =>
  BY_RANK.slice(0, BY_RANK.indexOf(type));

/** The number's first capability of voice, sms, mms, whatsapp, fax; null when there is none. */
const typeOf = (features: readonly Feature[]): Feature | null =>
  BY_RANK.find((feature) => features.includes(feature)) ?? null;

/**
 * What the next renewal will charge, in dollars; 0 where no renewal is due, as after a trial or
 * while the purchase is being cancelled.
 */
const renewalCostOf = (view: NumberView): number => {
  const { holding, chargesAt, status, isTrial } = view;
  const isBought = status === "purchasing" && !isTrial && !isCancelling(holding);
  const renews = chargesAt !== null || isBought;
  return holding.source === "managed" && renews ? toDollars(holding.monthly) : 0;
};

/**
 * The end of the period, also when it is past and not yet paid; null where nothing is to be paid.
 */
const renewalOf = ({ renewsAt, chargesAt }: NumberView, now: Instant) => {
  if (renewsAt === null || chargesAt === null) return { date: null, days: null, due: false };
  const days = calendarDaysBetween(now, renewsAt);
  return { date: isoDate(renewsAt), days: Math.max(0, days), due: days <= 0 };
};

/**
 * A number with every field of the documentation. `current_price` is the carrier's price for a
 * month, in dollars: also during a trial, which is not charged; 0 for an imported number.
 */
export const encodeNumber = (
  view: NumberView,
  environment: OrganizationView | null,
  now: Instant,
): Answer<typeof PhoneNumber> => {
  const { holding } = view;
  const managed = holding.source === "managed" ? holding : null;
  const features = featuresOf(holding);
  const { country, national, international } = written(holding.e164);
  const renewal = renewalOf(view, now);
  return {
    id: holding.id,
    number: holding.e164,
    country_code: managed?.country ?? country,
    formatted_number: national,
    international_number: international,
    type: typeOf(features),
    has_voice: features.includes("voice"),
    has_sms: features.includes("sms"),
    has_mms: features.includes("mms"),
    has_fax: features.includes("fax"),
    has_whatsapp: features.includes("whatsapp"),
    current_status: STATUS[view.status],
    is_sandbox: managed?.carrier === "sandbox",
    current_price: managed === null ? 0 : toDollars(managed.monthly),
    currency: managed?.monthly.currency ?? "USD",
    renewal_date: renewal.date,
    auto_renewal: view.autoRenewal,
    created_at: isoTime(holding.createdAt),
    updated_at: isoTime(holding.updatedAt),
    monthly_renewal_cost: renewalCostOf(view),
    days_until_monthly_renewal: renewal.days,
    is_due_for_monthly_renewal: renewal.due,
    environment: environment === null ? null : { id: environment.id, name: environment.name },
    agents: holding.assistant === null
      ? null
      : [{ id: holding.assistant, name: view.assistantName }],
  };
};

/** A number in short, as agents and trunks show theirs. */
const encodeShort = ({ holding }: NumberView): Answer<typeof Did> => {
  const { country, national } = written(holding.e164);
  return {
    id: holding.id,
    number: holding.e164,
    country_code: holding.source === "managed" ? holding.country : country,
    formatted_number: national,
  };
};

/** A DID, which is an imported number. */
export const encodeDid = encodeShort;

/**
 * An agent's calling. Agents are managed by another system, so `current_status` is derived from its
 * numbers: `active` where one of them is. `updated_at` is when one of them last changed; the time
 * of the answer where the agent has no numbers.
 */
export const encodeCalling = (
  { id, name, numbers }: AssistantView,
  direction: Direction,
  now: Instant,
): Answer<typeof Calling> => ({
  id,
  name,
  direction,
  current_status: numbers.some(({ status }) => status === "active") ? "active" : "inactive",
  phone_numbers: numbers.map((view) => ({
    ...encodeShort(view),
    current_status: STATUS[view.status],
  })),
  updated_at: isoTime(
    numbers.length === 0
      ? now
      : numbers.reduce((at, { holding }) => Math.max(at, holding.updatedAt), 0),
  ),
});

/** A release request; `resolved_at` and `rejection_reason` are present once known. */
export const encodeReleaseRequest = (
  request: ReleaseRequest,
): Answer<typeof ReleaseRequestRecord> => {
  const { id, holding, e164, reason, requestedAt, outcome } = request;
  return {
    id,
    phone_number_id: holding,
    phone_number: e164,
    reason,
    status: outcome.status,
    requested_at: isoTime(requestedAt),
    ...(outcome.status === "pending" ? {} : { resolved_at: isoTime(outcome.at) }),
    ...(outcome.status === "rejected" ? { rejection_reason: outcome.reason } : {}),
  };
};
