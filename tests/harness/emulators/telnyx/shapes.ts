/** The account's things in Telnyx's words; each is checked against the types of its own client. */
import type { Telnyx } from "telnyx";
import type { Offer } from "../../../../core/ports/mod.ts";
import { formatMoney } from "../../../../core/values/money.ts";
import type { Account, NumberOrder, OrderItem, OwnedNumber } from "./account.ts";

const time = (at: number): string => new Date(at).toISOString();

const numberType = ({ type }: Offer) => type === "tollFree" ? "toll_free" : "local";

/** A town as the numbering of North America spells it: without accents. */
export const placeName = (town: string | null): string | null =>
  town?.normalize("NFD").replace(/\p{Mark}/gu, "") ?? null;

/** A number that can be ordered. */
export const availableNumber = (offer: Offer) => {
  const { country, region: { state, locality, rateCenter } } = offer;
  const regions = [
    { region_type: "country_code", region_name: country },
    { region_type: "state", region_name: state },
    { region_type: "location", region_name: placeName(locality) },
    { region_type: "rate_center", region_name: rateCenter },
  ] as const;
  return {
    record_type: "available_phone_number",
    phone_number: offer.e164,
    vanity_format: "",
    best_effort: false,
    quickship: true,
    reservable: true,
    region_information: regions.flatMap(({ region_type, region_name }) =>
      region_name === null ? [] : [{ region_type, region_name }]
    ),
    cost_information: {
      upfront_cost: formatMoney(offer.setup),
      monthly_cost: formatMoney(offer.monthly),
      currency: "USD",
    },
    features: offer.features.map((name) => ({ name })),
  } satisfies Telnyx.AvailablePhoneNumberListResponse.Data;
};

const isMet = (account: Account, order: NumberOrder): boolean =>
  (account.reviewOf(order)?.status ?? "approved") === "approved";

const orderHead = (account: Account, order: NumberOrder) => ({
  id: order.id,
  record_type: "number_order",
  status: account.statusOf(order),
  phone_numbers_count: order.items.length,
  requirements_met: isMet(account, order),
  sub_number_orders_ids: [order.partId],
  created_at: time(order.createdAt),
  updated_at: time(Math.min(account.settlesAt(order), account.clock.now())),
  ...(order.connectionId !== null && { connection_id: order.connectionId }),
  ...(order.customerReference !== null && { customer_reference: order.customerReference }),
});

const orderedNumber = (account: Account, order: NumberOrder, { id, offer }: OrderItem) =>
  ({
    id,
    record_type: "number_order_phone_number",
    phone_number: offer.e164,
    phone_number_type: numberType(offer),
    country_code: offer.country,
    country_iso_alpha2: offer.country,
    regulatory_requirements: [],
    requirements_met: isMet(account, order),
    requirements_status: account.reviewOf(order)?.status ?? "approved",
    status: account.statusOf(order),
  }) satisfies NonNullable<Telnyx.NumberOrderWithPhoneNumbers["phone_numbers"]>[number];

/** An order as it is created, retrieved, and sent by a webhook. */
export const numberOrder = (account: Account, order: NumberOrder) =>
  ({
    ...orderHead(account, order),
    phone_numbers: order.items.map((item) => orderedNumber(account, order, item)),
  }) satisfies Telnyx.NumberOrderWithPhoneNumbers;

/** An order as a list shows it: without the status of each number. */
export const listedOrder = (account: Account, order: NumberOrder) =>
  ({
    ...orderHead(account, order),
    phone_numbers: order.items.map(({ id, offer }) => ({ id, phone_number: offer.e164 })),
  }) satisfies Telnyx.NumberOrderListResponse;

/** The part of an order by which it is cancelled. */
export const subOrder = (account: Account, order: NumberOrder) => {
  const [first] = order.items;
  return {
    id: order.partId,
    order_request_id: order.id,
    record_type: "sub_number_order",
    ...(first !== undefined && {
      country_code: first.offer.country,
      phone_number_type: numberType(first.offer),
    }),
    regulatory_requirements: [],
    requirements_met: true,
    is_block_sub_number_order: false,
    phone_numbers_count: order.items.length,
    status: account.statusOf(order),
    created_at: time(order.createdAt),
    updated_at: time(account.clock.now()),
    ...(order.customerReference !== null && { customer_reference: order.customerReference }),
  } satisfies Telnyx.SubNumberOrderCancelResponse["data"];
};

/** A number of the account in full. */
export const phoneNumber = (account: Account, number: OwnedNumber) => {
  const { offer, order } = number;
  const isPending = account.statusOf(order) === "pending";
  const review = account.reviewOf(order)?.status ?? "approved";
  // Such an order has failed, and its number is not in the account.
  const awaited = review === "approved" || review === "cancelled" ? "purchase-pending" : review;
  return {
    id: number.id,
    record_type: "phone_number",
    phone_number: offer.e164,
    phone_number_type: numberType(offer),
    country_iso_alpha2: offer.country,
    status: isPending ? awaited : "active",
    connection_id: number.connectionId,
    connection_name: null,
    customer_reference: number.customerReference,
    source_type: "number_order",
    tags: [],
    external_pin: null,
    billing_group_id: null,
    messaging_profile_id: number.messagingProfileId,
    messaging_profile_name: null,
    emergency_address_id: null,
    emergency_enabled: false,
    emergency_status: "disabled",
    call_forwarding_enabled: true,
    call_recording_enabled: false,
    caller_id_name_enabled: false,
    cnam_listing_enabled: false,
    deletion_lock_enabled: false,
    hd_voice_enabled: false,
    inbound_call_screening: "disabled",
    t38_fax_gateway_enabled: false,
    created_at: time(order.createdAt),
    purchased_at: time(order.createdAt),
    activated_at: isPending ? null : time(account.settlesAt(order)),
    updated_at: time(number.updatedAt),
  } satisfies Telnyx.NumbersPhoneNumberDetailed;
};

/** Where the messages of a number go. */
export const messagingSettings = ({ id, offer, messagingProfileId }: OwnedNumber) =>
  ({
    id,
    record_type: "messaging_settings",
    phone_number: offer.e164,
    messaging_profile_id: messagingProfileId,
    country_code: offer.country,
    type: offer.type === "tollFree" ? "toll-free" : "long-code",
  }) satisfies Telnyx.PhoneNumberWithMessagingSettings;

/** A number as it was when it was deleted. */
export const deletedNumber = (account: Account, number: OwnedNumber) => {
  const { connectionId, customerReference, order } = number;
  const { id, phone_number, phone_number_type, purchased_at } = phoneNumber(account, number);
  return {
    id,
    record_type: "phone_number",
    phone_number,
    phone_number_type,
    status: "deleted",
    tags: [],
    created_at: time(order.createdAt),
    purchased_at,
    updated_at: time(account.clock.now()),
    ...(connectionId !== null && { connection_id: connectionId }),
    ...(customerReference !== null && { customer_reference: customerReference }),
  } satisfies Telnyx.PhoneNumberDeleteResponse.Data;
};

/** What a webhook says when an order is settled. */
export const orderComplete = (
  account: Account,
  order: NumberOrder,
  { attempt, to }: { readonly attempt: number; readonly to: string },
) =>
  ({
    data: {
      record_type: "event",
      event_type: "number_order.complete",
      id: order.id.replace(/^.{8}/, "e0e00000"),
      occurred_at: time(account.settlesAt(order)),
      payload: numberOrder(account, order),
    },
    meta: { attempt, delivered_to: to },
  }) satisfies Telnyx.NumberOrderStatusUpdateWebhookEvent;
