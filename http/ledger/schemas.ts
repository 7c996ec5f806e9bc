/** What the clients of the ledger's own API may send about numbers (http/README.md, Ledger). */
import * as v from "valibot";
import type { ImportInput } from "../../adapters/ledger/api/mod.ts";
import { CAMPAIGN_STATUSES, DIRECTIONS } from "../../core/events/number.ts";
import { REQUEST_STATUSES } from "../../core/number/release-requests.ts";
import type { NumberStatus } from "../../core/number/view.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { CHARACTERS, filledOf, MAX_IDS, textOf } from "../../adapters/validation/bounds.ts";
import { wholeText } from "../../adapters/validation/shapes.ts";
import { onlyThese } from "../object.ts";
import {
  FILTERS,
  hasAreaCodes,
  NEARBY_WHAT,
  NO_AREA_CODES,
  TypeFilter,
} from "../search-filters.ts";
import { TemplateSchema } from "../template.ts";
import { TimeSchema } from "../time.ts";
import { IdSchema, NumberCountrySchema } from "../../adapters/validation/values.ts";

/** As many of a history's events, or of a list's numbers, as one answer has. */
const MAX_ITEMS = 100;

const Limit = v.exactOptional(wholeText(1, MAX_ITEMS));

/** `after` is the `next` of an earlier page. */
export const HistoryQuery = v.object({
  after: v.optional(wholeText(0), "0"),
  limit: v.optional(wholeText(1, MAX_ITEMS), String(MAX_ITEMS)),
});

/** As of when one number is asked for. */
export const WhenQuery = v.object({ asOf: v.optional(TimeSchema) });

/** The statuses of numbers that lists have: a number that is released is in none. */
const STATUSES = [
  "purchasing",
  "active",
  "suspended",
  "releasing",
  "failed",
] as const satisfies readonly Exclude<NumberStatus, "released">[];

const Direction = v.picklist(DIRECTIONS, "must be inbound, outbound or both");

/** `after` is the `next` of an earlier page; `search` a part of the number, or of its id. */
export const ListQuery = v.object({
  asOf: v.optional(TimeSchema),
  after: v.exactOptional(IdSchema),
  limit: Limit,
  status: v.exactOptional(v.picklist(STATUSES, `must be one of ${STATUSES.join(", ")}`)),
  assistant: v.exactOptional(IdSchema),
  direction: v.exactOptional(Direction),
  source: v.exactOptional(v.picklist(["managed", "imported"], "must be managed or imported")),
  search: v.exactOptional(textOf(CHARACTERS.search)),
});

const Name = v.nullable(textOf(CHARACTERS.name));

const Campaign = onlyThese({
  profile: v.exactOptional(Name, null),
  campaign: v.exactOptional(Name, null),
  status: v.picklist(CAMPAIGN_STATUSES, `must be one of ${CAMPAIGN_STATUSES.join(", ")}`),
});

/** Where a number leads; what is left out stays, or is both directions, and none of the others. */
const ROUTING = {
  direction: v.exactOptional(Direction),
  label: v.exactOptional(v.nullable(textOf(CHARACTERS.label))),
  assistant: v.exactOptional(v.nullable(IdSchema)),
  template: v.exactOptional(v.nullable(TemplateSchema)),
};

/** The members of `PATCH /ledger/numbers/{id}`. */
export const CHANGE = {
  ...ROUTING,
  autoRenewal: v.exactOptional(v.boolean("must be true or false")),
  smsCampaign: v.exactOptional(Campaign),
};

/** Its body. What is left out stays; null clears label, template and assistant. */
export const ChangeBody = onlyThese(CHANGE);

/** The members of `POST /ledger/numbers`. */
export const PURCHASE = {
  e164: E164Schema,
  connection: v.exactOptional(v.nullable(IdSchema)),
  ...ROUTING,
};

export const PurchaseBody = onlyThese(PURCHASE);

/** The members of `POST /ledger/imports`. */
export const IMPORT = {
  e164: E164Schema,
  sipConnection: v.exactOptional(v.nullable(IdSchema), null),
  sipTrunk: v.exactOptional(v.nullable(IdSchema), null),
  sipProviderName: v.exactOptional(Name),
  ...ROUTING,
};

/** Over what a number comes in: a connection, or a trunk. */
type Over = { readonly sipConnection: string | null; readonly sipTrunk: string | null };

/** What is wrong where not just one of the two is given. */
const faultOf = ({ sipConnection, sipTrunk }: Over): string =>
  sipConnection === sipTrunk ? "is required, or a sipTrunk" : "must not be given beside a sipTrunk";

/** The ledger's input of an import, which comes in over one of the two. */
export const overOne = <Given extends Over>() =>
  v.rawTransform<Given, Omit<Given, keyof Over> & { readonly via: ImportInput["via"] }>(
    ({ dataset: { value }, addIssue, NEVER }) => {
      const { sipConnection, sipTrunk, ...rest } = value;
      if (sipConnection !== null && sipTrunk === null) return { ...rest, via: { sipConnection } };
      if (sipConnection === null && sipTrunk !== null) return { ...rest, via: { sipTrunk } };
      const key = "sipConnection";
      addIssue({
        message: faultOf(value),
        path: [{ type: "object", origin: "value", input: { ...value }, key, value: sipConnection }],
      });
      return NEVER;
    },
  );

/** The body of `POST /ledger/imports`. */
export const ImportBody = v.pipe(onlyThese(IMPORT), overOne());

/** The body of `POST /ledger/searches`. */
export const SearchBody = v.pipe(
  onlyThese({ country: NumberCountrySchema, type: TypeFilter, ...FILTERS }),
  v.forward(
    v.partialCheck(
      [["country"], ["areaCode"]],
      ({ country, areaCode }) => areaCode === undefined || hasAreaCodes(country),
      NO_AREA_CODES,
    ),
    ["areaCode"],
  ),
  v.forward(
    v.partialCheck(
      [["areaCode"], ["nearby"]],
      ({ areaCode, nearby }) => !nearby || areaCode !== undefined,
      NEARBY_WHAT,
    ),
    ["nearby"],
  ),
);

/** Ids of numbers. */
const Numbers = v.pipe(
  v.array(IdSchema, "must be a list of ids of numbers"),
  v.maxLength(MAX_IDS, `must name at most ${MAX_IDS} numbers`),
);

/** The members of `PUT /ledger/assistants/{id}/numbers`. */
export const ASSIGNMENT = { numbers: Numbers, direction: v.exactOptional(Direction) };

/** Its body: the numbers that the assistant then has, and in which direction they all serve. */
export const AssignmentBody = onlyThese(ASSIGNMENT);

/** The members of `PATCH /ledger/assistants/{id}/numbers`. */
export const CALLING = { direction: Direction };

export const CallingBody = onlyThese(CALLING);

/** The members of `POST /ledger/release-requests`. */
export const RELEASE_REQUEST = { number: IdSchema, reason: filledOf(CHARACTERS.reason) };

export const ReleaseRequestBody = onlyThese(RELEASE_REQUEST);

/** `after` is the `next` of an earlier page. */
export const ReleaseRequestsQuery = v.object({
  status: v.exactOptional(
    v.picklist(REQUEST_STATUSES, `must be one of ${REQUEST_STATUSES.join(", ")}`),
  ),
  after: v.exactOptional(IdSchema),
  limit: Limit,
});

/** `before` is the `next` of an earlier page. */
export const EntriesQuery = v.object({
  before: v.exactOptional(wholeText(1)),
  limit: Limit,
});
