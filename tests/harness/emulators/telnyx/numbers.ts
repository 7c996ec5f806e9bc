/** `/phone_numbers`: the numbers of the account. */
import * as v from "valibot";
import { type Answer, badParameter, done, inUse, NOT_FOUND, refusal } from "./answer.ts";
import { parseJson } from "./orders.ts";
import { filtersOf, isAnswer, page } from "./query.ts";
import { deletedNumber, messagingSettings, phoneNumber } from "./shapes.ts";
import type { Account } from "./account.ts";

const KNOWN = [
  "phone_number",
  "status",
  "customer_reference",
  "connection_id",
  "country_iso_alpha2",
];

const ConnectionId = v.pipe(v.string(), v.regex(/^\d+$/));

/**
 * Telnyx's documentation says how a messaging profile is taken off, by `""`, and that `null`
 * changes nothing; of a connection it says neither. So an account takes the one or the other.
 */
const CHANGES = {
  empty: v.object({
    connection_id: v.nullish(v.union([ConnectionId, v.literal("")])),
    customer_reference: v.optional(v.string()),
  }),
  null: v.object({
    connection_id: v.nullish(ConnectionId),
    customer_reference: v.optional(v.string()),
  }),
};

const MessagingChanges = v.object({
  messaging_profile_id: v.nullish(v.union([v.literal(""), v.pipe(v.string(), v.uuid())])),
});

const missingAssociation = (pointer: string): Answer => {
  const detail = "One of the associated fields does not exist.";
  return refusal(422, "10013", "Missing association", detail, { pointer });
};

/**
 * `GET /phone_numbers`: the latest first unless sorted. `filter[phone_number]` finds numbers that
 * contain these digits, and nothing when it has anything but digits, as documented: a `+` too.
 */
export const listNumbers = (query: URLSearchParams, account: Account): Answer => {
  const filters = filtersOf(query, KNOWN);
  if (isAnswer(filters)) return filters;
  const digits = filters.get("phone_number") ?? "";
  if (filters.has("phone_number") && digits.length < 3) {
    return badParameter("filter[phone_number]", "The filter needs at least three digits.");
  }
  const shown = account.numbers().filter(({ order }) => account.isListed(order))
    .map((number) => phoneNumber(account, number))
    .filter((number) =>
      number.phone_number.slice(1).includes(digits) &&
      [...filters].every(([name, value]) =>
        name === "phone_number" || number[name as keyof typeof number] === value
      )
    );
  const sort = query.get("sort");
  if (sort === null) return page(query, shown.toReversed());
  if (sort !== "phone_number" && sort !== "purchased_at") {
    return badParameter("sort", "The sort must be phone_number or purchased_at.");
  }
  return page(query, shown.toSorted((a, b) => a[sort] < b[sort] ? -1 : a[sort] > b[sort] ? 1 : 0));
};

/** `GET /phone_numbers/{id}`. */
export const retrieveNumber = (id: string, account: Account): Answer => {
  const number = account.number(id);
  return number === undefined ? NOT_FOUND : done({ data: phoneNumber(account, number) });
};

/** `PATCH /phone_numbers/{id}`. */
export const updateNumber = (id: string, text: string, account: Account): Answer => {
  const number = account.number(id);
  if (number === undefined) return NOT_FOUND;
  const changes = v.safeParse(CHANGES[account.noConnection], parseJson(text));
  if (!changes.success) return missingAssociation("/connection_id");
  const { connection_id: asked, customer_reference } = changes.output;
  const connection_id = asked === null && account.noConnection === "empty" ? undefined : asked;
  const changed = account.change(number, {
    ...(connection_id !== undefined && { connectionId: connection_id || null }),
    ...(customer_reference !== undefined && { customerReference: customer_reference }),
  });
  return done({ data: phoneNumber(account, changed) });
};

/** `PATCH /phone_numbers/{id}/messaging`. */
export const updateMessaging = (id: string, text: string, account: Account): Answer => {
  const number = account.number(id);
  if (number === undefined) return NOT_FOUND;
  const changes = v.safeParse(MessagingChanges, parseJson(text));
  if (!changes.success) return missingAssociation("/messaging_profile_id");
  const profile = changes.output.messaging_profile_id ?? undefined;
  const changed = account.change(number, {
    ...(profile !== undefined && { messagingProfileId: profile || null }),
  });
  return done({ data: messagingSettings(changed) });
};

/** `DELETE /phone_numbers/{id}`: a number that is still on its way cannot be deleted. */
export const deleteNumber = (id: string, account: Account): Answer => {
  const number = account.number(id);
  if (number === undefined) return NOT_FOUND;
  if (account.statusOf(number.order) === "pending") {
    return inUse("The resource can not be removed as it is still in use.", "/status");
  }
  account.remove(number);
  return done({ data: deletedNumber(account, number) });
};
