/** Schemas of Telnyx's answers, as far as we read them (its API v2 and official client). */
import * as v from "valibot";
import type { CarrierNumber, Feature, NumberType, OrderWait } from "../../../core/ports/mod.ts";
import { type Instant, parseTime } from "../../../core/values/calendar.ts";
import { E164Schema } from "../../../core/values/e164.ts";
import { MAX_PRICE, type Money, parseMoney } from "../../../core/values/money.ts";

const MAX_TEXT = 200;

/**
 * Makes a text of Telnyx's fit for our rows: no control characters, no lone surrogates, not long.
 */
export const fitText = (text: string): string =>
  // deno-lint-ignore no-control-regex
  text.toWellFormed().replaceAll(/[\u0000-\u001f\u007f]/g, " ").slice(0, MAX_TEXT).toWellFormed();

const Text = v.pipe(v.string(), v.transform(fitText));

/** An optional text; an empty one counts as missing. */
const MaybeText = v.pipe(
  v.nullish(Text, null),
  v.transform((text) => text === "" ? null : text),
);

const ID = /^[\w-]{1,64}$/;

/** Whether a text can be an id of Telnyx's; such an id needs no encoding in a path. */
export const isTelnyxId = (text: string): boolean => ID.test(text);

const Id = v.pipe(v.string(), v.check(isTelnyxId));

/** An exact decimal string; more decimals than a micro-dollar has, or too much, are malformed. */
const Amount = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Money => {
    const amount = parseMoney(dataset.value);
    if (amount !== undefined && amount.micros <= MAX_PRICE) return amount;
    addIssue({ message: "must be an amount" });
    return NEVER;
  }),
);

const FEATURES: Readonly<Record<string, Feature>> = {
  voice: "voice",
  sms: "sms",
  mms: "mms",
  fax: "fax",
};

const Features = v.pipe(
  v.nullish(v.array(v.object({ name: v.string() })), []),
  v.transform((features) => features.map(({ name }) => name)),
  v.transform((names) =>
    Object.entries(FEATURES).filter(([name]) => names.includes(name)).map(([, feature]) => feature)
  ),
);

const Regions = v.pipe(
  v.nullish(v.array(v.object({ region_type: v.string(), region_name: MaybeText })), []),
  v.transform((regions) => (type: string): string | null =>
    regions.find(({ region_type }) => region_type === type)?.region_name ?? null
  ),
);

const OfferRow = v.object({
  phone_number: E164Schema,
  best_effort: v.nullish(v.boolean()),
  cost_information: v.object({
    upfront_cost: Amount,
    monthly_cost: Amount,
    currency: v.literal("USD"),
  }),
  features: Features,
  region_information: Regions,
});

/** A number for sale as Telnyx describes it. */
export type OfferRow = v.InferOutput<typeof OfferRow>;

/** `GET /available_phone_numbers`; null in place of a number that cannot be parsed. */
export const OffersAnswer = v.object({
  data: v.array(v.fallback(v.nullable(OfferRow), null)),
});

/** A time; null where it is missing or cannot be parsed: it is only used to measure ages. */
const MaybeTime = v.pipe(
  MaybeText,
  // Without a zone a time is off by up to a day.
  v.transform((text): Instant | null =>
    text !== null && text.includes("T") ? parseTime(text) : null
  ),
);

/** An order that was cancelled or whose numbers were deleted failed. */
const OrderStatus = v.pipe(
  v.picklist(["pending", "success", "failure", "cancelled", "deleted"]),
  v.transform((status) => status === "pending" || status === "success" ? status : "failure"),
);

const Met = v.nullish(v.boolean(), null);

const OrderRow = v.object({
  id: MaybeText,
  customer_reference: MaybeText,
  status: OrderStatus,
  /**
   * Whether the regulatory requirements of all its numbers are met; null where the answer does not
   * say.
   */
  requirements_met: Met,
  phone_numbers: v.array(
    v.object({
      id: MaybeText,
      phone_number: E164Schema,
      status: v.optional(OrderStatus),
      requirements_met: Met,
      requirements_status: MaybeText,
    }),
  ),
  /** The order's parts, by which it can be cancelled. */
  sub_number_orders_ids: v.pipe(
    v.nullish(v.array(v.string()), []),
    v.transform((ids): readonly string[] => ids),
  ),
  created_at: MaybeTime,
  updated_at: MaybeTime,
});

/** An order as Telnyx describes it. */
export type OrderRow = v.InferOutput<typeof OrderRow>;

/** `POST /number_orders` */
export const OrderAnswer = v.object({ data: OrderRow });
/** `GET /number_orders` */
export const OrdersAnswer = v.object({ data: v.array(OrderRow) });

const RequirementRow = v.object({
  action: MaybeText,
  country_code: MaybeText,
  phone_number_type: MaybeText,
  locality: MaybeText,
  requirement_types: v.nullish(
    v.array(v.object({ id: Id, name: MaybeText, description: MaybeText })),
    [],
  ),
});

/** `GET /requirements` */
export const RequirementsAnswer = v.object({ data: v.array(RequirementRow) });

const WAITS: Readonly<Record<string, OrderWait>> = {
  "requirement-info-pending": "requirements",
  "requirement-info-under-review": "review",
  "requirement-info-exception": "correction",
};

/** What an order with requirements in this status waits for; undefined where that is another. */
export const waitOf = (status: string | null): OrderWait | undefined =>
  status !== null && Object.hasOwn(WAITS, status) ? WAITS[status] : undefined;

/** `PATCH /sub_number_orders/{id}/cancel`: the outcome is read from the order. */
export const SubOrderAnswer = v.object({ data: v.object({ id: Id }) });

/** Statuses of a number on its way to us. */
const PENDING = [
  "purchase-pending",
  "port-pending",
  "provision-pending",
  "requirement-info-pending",
  "requirement-info-under-review",
];

/** Statuses of a number that is not ours: no longer, or never. */
const GONE = ["deleted", "ported-out", "purchase-failed", "port-failed"];

const statusOf = (status: string): CarrierNumber["status"] | "gone" => {
  if (status === "active") return "active";
  if (GONE.includes(status)) return "gone";
  return PENDING.includes(status) ? "pending" : "other";
};

const TYPES: Readonly<Record<string, NumberType>> = { local: "local", toll_free: "tollFree" };

const COUNTRY = /^[A-Z]{2}$/;

/** Why a number is not in service, where that is a requirement. */
const waitedFor = (status: string): { readonly waitsFor?: OrderWait } => {
  const waitsFor = waitOf(status);
  return waitsFor === undefined ? {} : { waitsFor };
};

/** Country and type of a number; empty where it has no country or a type that we do not sell. */
const kindOf = (
  country: string | null,
  name: string | null,
): Pick<CarrierNumber, "country" | "type"> => {
  const type = name !== null && Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  const isKnown = country !== null && COUNTRY.test(country) && type !== undefined;
  return isKnown ? { country, type } : {};
};

/** A placeholder for a messaging profile that Telnyx cannot report now. */
const UNAVAILABLE = "UNAVAILABLE";

/** What is attached to a number, as far as Telnyx reports it. */
const routeOf = (
  connectionId: string | null,
  messagingProfileId: string | null,
): Pick<CarrierNumber, "connectionId" | "messagingProfileId" | "attached"> => {
  if (messagingProfileId !== UNAVAILABLE) {
    const attached = connectionId !== null || messagingProfileId !== null;
    return { connectionId, messagingProfileId, attached };
  }
  return connectionId === null ? { connectionId } : { connectionId, attached: true };
};

const NumberRow = v.pipe(
  v.object({
    id: Id,
    phone_number: E164Schema,
    status: v.string(),
    customer_reference: MaybeText,
    connection_id: MaybeText,
    messaging_profile_id: MaybeText,
    country_iso_alpha2: MaybeText,
    phone_number_type: MaybeText,
  }),
  v.transform((row) => ({
    e164: row.phone_number,
    carrierId: row.id,
    status: statusOf(row.status),
    ...waitedFor(row.status),
    orderKey: row.customer_reference,
    ...routeOf(row.connection_id, row.messaging_profile_id),
    ...kindOf(row.country_iso_alpha2, row.phone_number_type),
  })),
);

/** A row among the numbers that is not a number: a short code. */
const ShortCodeRow = v.object({ phone_number: v.pipe(v.string(), v.regex(/^\+?\d{3,6}$/)) });

/** A number of the account; `gone` where Telnyx still lists one that is not ours. */
export type NumberRow = v.InferOutput<typeof NumberRow>;

/** `GET`, `PATCH` and `DELETE /phone_numbers/{id}` */
export const NumberAnswer = v.object({ data: NumberRow });

/** `PATCH /phone_numbers/{id}/messaging` */
export const MessagingAnswer = v.object({
  data: v.object({ phone_number: E164Schema, messaging_profile_id: MaybeText }),
});

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** `GET /phone_numbers` */
export const NumbersAnswer = v.object({
  data: v.array(v.union([
    NumberRow,
    v.pipe(ShortCodeRow, v.transform(() => null)),
  ])),
  meta: v.object({ page_number: Count, total_pages: Count }),
});

/** The body of an error; its texts are not sanitized yet. */
export const ErrorsAnswer = v.object({
  errors: v.array(v.object({
    code: v.union([MaybeText, v.pipe(v.number(), v.transform(String))]),
    title: v.nullish(v.string()),
    detail: v.nullish(v.string()),
    source: v.fallback(v.nullish(v.object({ pointer: v.nullish(v.string()) })), null),
  })),
});
