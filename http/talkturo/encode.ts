/** How Talkturo's wire shows numbers; the names and their order are those of its documentation. */
import type { Eligibility } from "../../core/organization/eligibility.ts";
import type { NumberStatus, NumberView } from "../../core/number/view.ts";
import type { Offer, OrderWait } from "../../core/ports/mod.ts";
import { isoTime, isoTimeOrNull } from "../../core/values/calendar.ts";
import { formatMoney } from "../../core/values/money.ts";
import type { Answer } from "../answer.ts";
import type { EligibilityRecord, NumberRecord, OfferRecord, Purchased } from "./answers.ts";

/** Talkturo has four statuses: a number that was released, or is about to be, is `suspended`. */
const STATUS: Readonly<Record<NumberStatus, Answer<typeof NumberRecord>["status"]>> = {
  purchasing: "purchasing",
  active: "active",
  suspended: "suspended",
  releasing: "suspended",
  released: "suspended",
  failed: "error",
};

/** The message of a purchase's answer; later stages occur when a purchase is repeated. */
const MESSAGE: Readonly<Record<NumberStatus, string>> = {
  purchasing: "Phone number purchase in progress",
  active: "Phone number purchased successfully",
  suspended: "Phone number was purchased, and is suspended",
  releasing: "Phone number was purchased, and is being released",
  released: "Phone number was purchased, and has been released",
  failed: "Phone number could not be purchased",
};

/**
 * What a purchase in progress waits for at the carrier, where that is more than its confirmation.
 */
const WAITS: Readonly<Record<OrderWait, string>> = {
  requirements: "Phone number purchase waits for documents that the carrier requires",
  review: "Phone number purchase waits until the carrier has reviewed the documents it requires",
  correction: "Phone number purchase waits for documents that the carrier wants corrected",
};

const messageOf = ({ status, waitsFor }: NumberView): string =>
  status === "purchasing" && waitsFor !== null ? WAITS[waitsFor] : MESSAGE[status];

/** An offer of a search; prices are decimal strings in USD. */
export const encodeOffer = (
  { e164, monthly, setup, features }: Offer,
): Answer<typeof OfferRecord> => ({
  phoneNumber: e164,
  monthlyPrice: formatMoney(monthly),
  setupPrice: formatMoney(setup),
  features,
});

/** A number as lists show it. Imported numbers come from the provider `sip`. */
export const encodeNumber = (view: NumberView): Answer<typeof NumberRecord> => {
  const { holding } = view;
  return {
    id: holding.id,
    phone_number: holding.e164,
    provider: holding.source === "managed" ? holding.carrier : "sip",
    status: STATUS[view.status],
    is_trial: view.isTrial,
    trial_expires_at: isoTimeOrNull(view.trialEndsAt),
    assistant_id: holding.assistant,
    assistant_name: view.assistantName,
    created_by_email: holding.createdBy?.email ?? null,
    created_by_name: holding.createdBy?.name ?? null,
    created_at: isoTime(holding.createdAt),
  };
};

/** The place within the plan; also shown when the plan's limit refuses a purchase. */
export const encodeEligibility = (
  eligibility: Eligibility,
): Answer<typeof EligibilityRecord> => ({
  currentCount: eligibility.currentCount,
  maxAllowed: eligibility.maxAllowed,
  hasSubscription: eligibility.hasSubscription,
  planName: eligibility.planName,
});

/** The answer to a purchase; `provider_number_id` is null until the carrier has confirmed. */
export const encodePurchase = (
  view: NumberView,
  eligibility: Eligibility,
): Answer<typeof Purchased> => ({
  success: true,
  phoneNumber: {
    id: view.holding.id,
    phone_number: view.holding.e164,
    provider_number_id: view.carrierId,
    status: STATUS[view.status],
    is_trial: view.isTrial,
    trial_expires_at: isoTimeOrNull(view.trialEndsAt),
    message: messageOf(view),
  },
  eligibility: encodeEligibility(eligibility),
});
