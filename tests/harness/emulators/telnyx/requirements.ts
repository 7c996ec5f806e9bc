/**
 * `/requirements`: what must be given before numbers are activated, and the groups that hold it.
 */
import type { Telnyx } from "telnyx";
import type { Clock, Market, NumberType, Offer } from "../../../../core/ports/mod.ts";
import type { Instant } from "../../../../core/values/calendar.ts";
import { type Answer, badParameter, refusal } from "./answer.ts";
import { filtersOf, isAnswer, page } from "./query.ts";

/** Countries whose numbers are ordered with a group, or not at all (Telnyx, requirement groups). */
const MANDATORY = ["CH", "IT", "PT", "SE"];
/** Countries whose numbers wait until everything is given. */
const ELSEWHERE = ["ES"];

const TYPES: Readonly<Record<NumberType, "local" | "toll_free">> = {
  local: "local",
  tollFree: "toll_free",
};

/** The status of the requirements of an order. */
export type ReviewStatus =
  | "requirement-info-pending"
  | "requirement-info-under-review"
  | "requirement-info-exception"
  | "approved"
  | "cancelled";

/** The status of an order's requirements, and since when. */
export type Review = { readonly status: ReviewStatus; readonly at: Instant };

/** What is reviewed of an order, and how that begins. */
type Reviewed = {
  readonly id: string;
  readonly review: ReviewStatus | null;
  readonly createdAt: Instant;
};

/** A requirement group of the account, whose values are all given. */
export type Group = Market & {
  readonly id: string;
  readonly status: "approved" | "unapproved" | "no-longer-eligible";
};

/** Whether a number of this country needs anything. */
export const isRegulated = ({ country }: Pick<Market, "country">): boolean =>
  [...MANDATORY, ...ELSEWHERE].includes(country);

const requirement = (country: string, type: NumberType) =>
  ({
    id: `4fe0c3ba-0000-4000-8000-${country.charCodeAt(0)}${country.charCodeAt(1)}00000000`,
    record_type: "requirement",
    action: "ordering",
    country_code: country,
    phone_number_type: TYPES[type],
    locality: "",
    requirement_types: [
      {
        id: "53970723-fbff-4f46-a975-f62be6c1a585",
        record_type: "requirement_type",
        type: "address",
        name: "Address Matching DID Area Code",
        description: "An address in the area of the number.",
      },
      {
        id: "2708e569-696a-4fc7-9305-5fdb3eb9c7dd",
        record_type: "requirement_type",
        type: "document",
        name: "Proof of Address",
        description: "Document that shows the address.",
      },
    ],
  }) satisfies Telnyx.DocReqsRequirement;

const FILTERS = ["country_code", "phone_number_type", "action"];

/** `GET /requirements`. */
export const listRequirements = (query: URLSearchParams): Answer => {
  const filters = filtersOf(query, FILTERS);
  if (isAnswer(filters)) return filters;
  const country = filters.get("country_code");
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) {
    return badParameter("filter[country_code]", "The country code is unknown.");
  }
  const type = filters.get("phone_number_type");
  const action = filters.get("action") ?? "ordering";
  const all = [...MANDATORY, ...ELSEWHERE].flatMap((one) => [
    requirement(one, "local"),
    requirement(one, "tollFree"),
  ]);
  return page(
    query,
    all.filter((row) =>
      row.action === action && (country === undefined || row.country_code === country) &&
      (type === undefined || row.phone_number_type === type)
    ),
  );
};

/**
 * Where an order for this number begins: null where nothing is required, an answer where it is
 * refused.
 */
export const beginReview = (
  offer: Offer,
  group: Group | undefined,
  { place, id }: { readonly place: number; readonly id: string | undefined },
): ReviewStatus | null | Answer => {
  const pointer = `/phone_numbers/${place}/requirement_group_id`;
  if (id !== undefined && group === undefined) {
    return refusal(422, "10015", "Bad Request", "The requirement group does not exist.", {
      pointer,
    });
  }
  if (group !== undefined && (group.country !== offer.country || group.type !== offer.type)) {
    const detail = "The requirement group is for numbers of another country or type.";
    return refusal(422, "10015", "Bad Request", detail, { pointer });
  }
  if (group?.status === "no-longer-eligible") {
    const detail = "The requirement group is no longer eligible.";
    return refusal(422, "10015", "Bad Request", detail, { pointer });
  }
  if (!isRegulated(offer)) return null;
  if (group !== undefined) {
    return group.status === "approved" ? "approved" : "requirement-info-under-review";
  }
  if (!MANDATORY.includes(offer.country)) return "requirement-info-pending";
  const detail = `A requirement group is required to order numbers of ${offer.country}.`;
  return refusal(422, "10015", "Bad Request", detail, { pointer });
};

/** The recorded statuses of orders' requirements, and the groups of the account. */
export const openReviews = (clock: Clock) => {
  const reviews = new Map<string, Review>();
  const groups = new Map<string, Group>();
  return {
    reviewOf: ({ id, review, createdAt }: Reviewed): Review | null =>
      reviews.get(id) ?? (review === null ? null : { status: review, at: createdAt }),
    note: ({ id }: Pick<Reviewed, "id">, status: ReviewStatus): void =>
      void reviews.set(id, { status, at: clock.now() }),
    group: (id: string): Group | undefined => groups.get(id),
    addGroup: (group: Omit<Group, "id">): Group => {
      const id = `9a000000-0000-4000-8000-${String(groups.size + 1).padStart(12, "0")}`;
      const added = { ...group, id };
      groups.set(id, added);
      return added;
    },
  };
};
