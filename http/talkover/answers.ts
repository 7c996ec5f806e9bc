/** What Talkover's calls answer. */
import * as v from "valibot";
import { DIRECTIONS } from "../../core/events/number.ts";
import { REQUEST_STATUSES } from "../../core/number/release-requests.ts";
import { FEATURES } from "../../core/ports/carrier.ts";
import { Id, Number164, orNull, Time } from "../answer.ts";

const Status = v.picklist(["active", "inactive", "pending", "suspended"]);

/** A number; prices are US dollars, `renewal_date` is a date in UTC. */
export const PhoneNumber = v.strictObject({
  id: Id,
  number: Number164,
  country_code: orNull(v.string()),
  formatted_number: v.string(),
  international_number: v.string(),
  type: orNull(v.picklist(FEATURES)),
  has_voice: v.boolean(),
  has_sms: v.boolean(),
  has_mms: v.boolean(),
  has_fax: v.boolean(),
  has_whatsapp: v.boolean(),
  current_status: Status,
  is_sandbox: v.boolean(),
  current_price: v.number(),
  currency: v.string(),
  renewal_date: orNull(v.pipe(v.string(), v.isoDate())),
  auto_renewal: v.boolean(),
  created_at: Time,
  updated_at: Time,
  monthly_renewal_cost: v.number(),
  days_until_monthly_renewal: orNull(v.number()),
  is_due_for_monthly_renewal: v.boolean(),
  environment: orNull(v.strictObject({ id: Id, name: v.string() })),
  agents: orNull(v.array(v.strictObject({ id: Id, name: orNull(v.string()) }))),
});

/** What a page is within its list. */
export const PageMeta = v.strictObject({
  current_page: v.number(),
  per_page: v.number(),
  total: v.number(),
  last_page: v.number(),
});

/** Numbers, with `meta` where a page of them was asked for. */
export const PhoneNumbers = v.strictObject({
  success: v.literal(true),
  data: v.array(PhoneNumber),
  meta: v.optional(PageMeta),
});

const short = {
  id: Id,
  number: Number164,
  country_code: orNull(v.string()),
  formatted_number: v.string(),
};

/** A number that comes in over a SIP trunk. */
export const Did = v.strictObject(short);

/** A trunk's numbers. */
export const Dids = v.strictObject({ success: v.literal(true), data: v.array(Did) });

/** A new number of a trunk. */
export const DidCreated = v.strictObject({
  success: v.literal(true),
  data: v.strictObject({ ...short, trunk_id: Id }),
});

/** Which calls an agent takes part in, and over which numbers. */
export const Calling = v.strictObject({
  id: Id,
  name: orNull(v.string()),
  direction: v.picklist(DIRECTIONS),
  current_status: v.picklist(["active", "inactive"]),
  phone_numbers: v.array(v.strictObject({ ...short, current_status: Status })),
  updated_at: Time,
});

/** An agent's calling as it was set. */
export const CallingUpdated = v.strictObject({
  success: v.literal(true),
  message: v.string(),
  data: Calling,
});

/** A request to release a number. */
export const ReleaseRequestRecord = v.strictObject({
  id: Id,
  phone_number_id: Id,
  phone_number: Number164,
  reason: v.string(),
  status: v.picklist(REQUEST_STATUSES),
  requested_at: Time,
  resolved_at: v.optional(Time),
  rejection_reason: v.optional(v.string()),
});

/** A new release request. */
export const ReleaseRequested = v.strictObject({
  success: v.literal(true),
  data: ReleaseRequestRecord,
});

/** Release requests, the newest first, with `meta` where a page of them was asked for. */
export const ReleaseRequests = v.strictObject({
  success: v.literal(true),
  data: v.array(ReleaseRequestRecord),
  meta: v.optional(PageMeta),
});

/** The remaining prepaid credits. */
export const Balance = v.strictObject({
  success: v.literal(true),
  data: v.strictObject({
    balance: v.number(),
    currency: v.string(),
    auto_topup_enabled: v.boolean(),
    as_of: Time,
  }),
});

/** What was done, in a sentence. */
export const Said = v.strictObject({ success: v.literal(true), message: v.string() });

/** A refusal. */
export const Failure = v.looseObject({
  success: v.literal(false),
  message: v.string(),
  code: v.optional(v.string()),
  errors: v.optional(v.record(v.string(), v.array(v.string()))),
});
