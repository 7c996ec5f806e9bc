/** `/number_orders`. There is no idempotency key: a reference that comes twice makes two orders. */
import * as v from "valibot";
import type { Offer } from "../../../../core/ports/mod.ts";
import { isE164 } from "../../../../core/values/e164.ts";
import { type Answer, done, inUse, INVALID_JSON, missing, NOT_FOUND, refusal } from "./answer.ts";
import { filtersOf, isAnswer, page } from "./query.ts";
import { beginReview, type ReviewStatus } from "./requirements.ts";
import { listedOrder, numberOrder, subOrder } from "./shapes.ts";
import type { Account } from "./account.ts";

const Body = v.object({
  phone_numbers: v.pipe(
    v.array(v.object({
      phone_number: v.string(),
      requirement_group_id: v.optional(v.string()),
    })),
    v.minLength(1),
  ),
  connection_id: v.optional(v.string()),
  customer_reference: v.optional(v.string()),
});

/** Parses JSON; undefined for what is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The offer behind a number of an order, or why it cannot be ordered. */
const orderable = (e164: string, place: number, account: Account): Offer | Answer => {
  const pointer = `/phone_numbers/${place}/phone_number`;
  if (!isE164(e164)) {
    const detail = "The specified phone number parameter must be in +E.164 format.";
    return refusal(422, "10016", "Phone number must be in +E.164 format", detail, { pointer });
  }
  if (account.isTaken(e164)) return inUse(`The phone number ${e164} is already in use.`, pointer);
  const offer = account.inventory.offerOf(e164);
  if (offer !== undefined && account.isOrderable(e164)) return offer;
  const detail = `The phone number ${e164} is not available; search for it before ordering.`;
  return refusal(422, "10015", "Bad Request", detail, { pointer });
};

/** `POST /number_orders`. */
export const createOrder = (text: string, account: Account): Answer => {
  const body = parseJson(text);
  if (body === undefined) return INVALID_JSON;
  const parsed = v.safeParse(Body, body);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return missing(`/${(v.getDotPath(issue) ?? "").replaceAll(".", "/")}`);
  }
  const { phone_numbers, connection_id, customer_reference } = parsed.output;
  const offers: Offer[] = [];
  let review: ReviewStatus | null = null;
  for (const [place, { phone_number, requirement_group_id: id }] of phone_numbers.entries()) {
    const offer = orderable(phone_number, place, account);
    if ("status" in offer) return offer;
    const begun = beginReview(offer, account.group(id ?? ""), { place, id });
    if (begun !== null && typeof begun === "object") return begun;
    review = begun;
    offers.push(offer);
  }
  const order = account.take(offers, {
    connectionId: connection_id ?? null,
    customerReference: customer_reference ?? null,
    review,
  });
  return done({ data: numberOrder(account, order) });
};

/** `GET /number_orders`: the latest first; a new one may be missing for a while. */
export const listOrders = (query: URLSearchParams, account: Account): Answer => {
  const filters = filtersOf(query, ["customer_reference", "status"]);
  if (isAnswer(filters)) return filters;
  const reference = filters.get("customer_reference");
  const status = filters.get("status");
  const orders = account.orders().filter((order) =>
    account.isListed(order) &&
    (reference === undefined || order.customerReference === reference) &&
    (status === undefined || account.statusOf(order) === status)
  );
  return page(query, orders.toReversed().map((order) => listedOrder(account, order)));
};

/** `GET /number_orders/{id}`. */
export const retrieveOrder = (id: string, account: Account): Answer => {
  const order = account.orders().find((each) => each.id === id);
  return order === undefined ? NOT_FOUND : done({ data: numberOrder(account, order) });
};

/** `PATCH /sub_number_orders/{id}/cancel`: only while it is pending. */
export const cancelOrder = (id: string, account: Account): Answer => {
  const order = account.orders().find(({ partId }) => partId === id);
  if (order === undefined) return NOT_FOUND;
  const status = account.statusOf(order);
  if (status !== "pending") {
    const detail = `The sub number order is in '${status}' status and cannot be cancelled.`;
    return refusal(422, "10015", "Bad Request", detail, { pointer: "/" });
  }
  account.cancel(order);
  return done({ data: subOrder(account, order) });
};
