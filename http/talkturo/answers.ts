/** What Talkturo's calls answer. */
import * as v from "valibot";
import { FEATURES } from "../../core/ports/carrier.ts";
import { Dollars, Id, Number164, orNull, Time } from "../answer.ts";

/** A number for sale. */
export const OfferRecord = v.strictObject({
  phoneNumber: Number164,
  monthlyPrice: Dollars,
  setupPrice: Dollars,
  features: v.array(v.picklist(FEATURES)),
});

/** What a search found. */
export const Found = v.strictObject({
  success: v.literal(true),
  numbers: v.array(OfferRecord),
  provider: v.string(),
  count: v.number(),
  nearbyAreaCodes: v.optional(v.array(v.string())),
});

const Status = v.picklist(["purchasing", "active", "suspended", "error"]);

/** A number as lists show it. */
export const NumberRecord = v.strictObject({
  id: Id,
  phone_number: Number164,
  provider: v.string(),
  status: Status,
  is_trial: v.boolean(),
  trial_expires_at: orNull(Time),
  assistant_id: orNull(Id),
  assistant_name: orNull(v.string()),
  created_by_email: orNull(v.string()),
  created_by_name: orNull(v.string()),
  created_at: Time,
});

/** The team's place within its plan. */
export const EligibilityRecord = v.strictObject({
  currentCount: v.number(),
  maxAllowed: v.number(),
  hasSubscription: v.boolean(),
  planName: v.string(),
});

/** A purchase. */
export const Purchased = v.strictObject({
  success: v.literal(true),
  phoneNumber: v.strictObject({
    id: Id,
    phone_number: Number164,
    provider_number_id: orNull(Id),
    status: Status,
    is_trial: v.boolean(),
    trial_expires_at: orNull(Time),
    message: v.string(),
  }),
  eligibility: EligibilityRecord,
});

/** The team's numbers, and how many of them take a place. */
export const Counted = v.strictObject({
  success: v.literal(true),
  numbers: v.array(NumberRecord),
  count: v.number(),
});

/** One number. */
export const One = v.strictObject({ success: v.literal(true), phoneNumber: NumberRecord });

/** What was done, in a sentence. */
export const Said = v.strictObject({ success: v.literal(true), message: v.string() });

/** An assistant's numbers. */
export const Assigned = v.strictObject({
  success: v.literal(true),
  numbers: v.array(NumberRecord),
});

/** A refusal. */
export const Failure = v.looseObject({
  success: v.literal(false),
  error: v.string(),
  code: v.string(),
});
