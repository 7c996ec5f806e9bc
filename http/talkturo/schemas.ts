/** What Talkturo's clients may send (http/README.md, Talkturo). A message completes "`field` …". */
import * as v from "valibot";
import { MAX_IDS } from "../../adapters/validation/bounds.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { objectOf } from "../object.ts";
import {
  FILTERS,
  hasAreaCodes,
  NEARBY_WHAT,
  NO_AREA_CODES,
  TypeFilter,
} from "../search-filters.ts";
import { IdSchema, NumberCountrySchema } from "../../adapters/validation/values.ts";

/** Valibot gives a missing key its path before it writes the message, another type only after. */
const shape = (issue: v.BaseIssue<unknown>): string =>
  issue.path === undefined ? "must be an object" : "is required";

const FiltersSchema = v.pipe(
  objectOf({
    countryCode: NumberCountrySchema,
    numberType: TypeFilter,
    ...FILTERS,
  }, shape),
  v.forward(
    v.partialCheck(
      [["countryCode"], ["areaCode"]],
      ({ countryCode, areaCode }) => areaCode === undefined || hasAreaCodes(countryCode),
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

export const SearchSchema = v.object({ filters: FiltersSchema }, shape);

export const PurchaseSchema = v.object({
  phoneNumber: E164Schema,
  teamId: IdSchema,
  connectionId: v.optional(IdSchema),
}, shape);

export const TeamQuerySchema = v.object({ teamId: IdSchema }, shape);

export const AssignmentSchema = v.object({
  phoneNumberIds: v.pipe(
    v.array(IdSchema, "must be a list of phone number ids"),
    v.maxLength(MAX_IDS, `must name at most ${MAX_IDS} phone numbers`),
  ),
}, shape);
