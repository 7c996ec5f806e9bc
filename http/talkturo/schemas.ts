/** What Talkturo's clients may send (http/README.md, Talkturo). A message completes "`field` …". */
import * as v from "valibot";
import { FEATURES } from "../../core/ports/carrier.ts";
import { CHARACTERS, filledOf, MAX_IDS } from "../../adapters/validation/bounds.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { objectOf } from "../object.ts";
import { PatternSchema } from "../pattern.ts";
import { NumberTypeSchema } from "../requirements.ts";
import { IdSchema, NumberCountrySchema } from "../../adapters/validation/values.ts";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

const LIMIT = `must be a whole number from 1 to ${MAX_LIMIT}`;

/** Valibot gives a missing key its path before it writes the message, another type only after. */
const shape = (issue: v.BaseIssue<unknown>): string =>
  issue.path === undefined ? "must be an object" : "is required";

const FEATURES_RULE = `must be a list of ${FEATURES.join(", ")}`;
const FEATURE_RULE = `must be one of ${FEATURES.join(", ")}`;

const Features = v.pipe(
  v.array(v.picklist(FEATURES, FEATURE_RULE), FEATURES_RULE),
  v.maxLength(FEATURES.length, `must name at most ${FEATURES.length} features`),
);

const FiltersSchema = v.pipe(
  objectOf({
    countryCode: NumberCountrySchema,
    areaCode: v.exactOptional(
      v.pipe(v.string("must be a string"), v.regex(/^\d{3}$/, "must be three digits")),
    ),
    numberType: v.optional(NumberTypeSchema, "local"),
    locality: v.exactOptional(filledOf(CHARACTERS.name)),
    features: v.exactOptional(Features),
    contains: v.exactOptional(PatternSchema),
    startsWith: v.exactOptional(PatternSchema),
    endsWith: v.exactOptional(PatternSchema),
    nearby: v.optional(v.boolean("must be true or false"), false),
    limit: v.optional(
      v.pipe(
        v.number(LIMIT),
        v.integer(LIMIT),
        v.minValue(1, LIMIT),
        v.maxValue(MAX_LIMIT, LIMIT),
      ),
      DEFAULT_LIMIT,
    ),
  }, shape),
  v.forward(
    v.partialCheck(
      [["countryCode"], ["areaCode"]],
      ({ countryCode, areaCode }) =>
        areaCode === undefined || countryCode === "US" || countryCode === "CA",
      "applies to US and CA only",
    ),
    ["areaCode"],
  ),
  v.forward(
    v.partialCheck(
      [["areaCode"], ["nearby"]],
      ({ areaCode, nearby }) => !nearby || areaCode !== undefined,
      "needs an areaCode",
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
