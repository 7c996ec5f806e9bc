/** What a search can be narrowed by, as the dialects take it whose searches are a body of JSON. */
import * as v from "valibot";
import { FEATURES } from "../core/ports/carrier.ts";
import { CHARACTERS, filledOf } from "../adapters/validation/bounds.ts";
import { PatternSchema } from "./pattern.ts";
import { NumberTypeSchema } from "./requirements.ts";

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

const LIMIT = `must be a whole number from 1 to ${MAX_LIMIT}`;

const FEATURES_RULE = `must be a list of ${FEATURES.join(", ")}`;
const FEATURE_RULE = `must be one of ${FEATURES.join(", ")}`;

const Features = v.pipe(
  v.array(v.picklist(FEATURES, FEATURE_RULE), FEATURES_RULE),
  v.maxLength(FEATURES.length, `must name at most ${FEATURES.length} features`),
);

/** The members of a search besides the country and the type, whose names are the dialect's own. */
export const FILTERS = {
  areaCode: v.exactOptional(
    v.pipe(v.string("must be a string"), v.regex(/^\d{3}$/, "must be three digits")),
  ),
  locality: v.exactOptional(filledOf(CHARACTERS.name)),
  features: v.exactOptional(Features),
  contains: v.exactOptional(PatternSchema),
  startsWith: v.exactOptional(PatternSchema),
  endsWith: v.exactOptional(PatternSchema),
  nearby: v.optional(v.boolean("must be true or false"), false),
  limit: v.optional(
    v.pipe(
      v.number(LIMIT),
      v.safeInteger(LIMIT),
      v.minValue(1, LIMIT),
      v.maxValue(MAX_LIMIT, LIMIT),
    ),
    DEFAULT_LIMIT,
  ),
};

/** The type of the numbers: local ones where it is left out. */
export const TypeFilter = v.optional(NumberTypeSchema, "local");

/** Whether a country has area codes that can be searched for. */
export const hasAreaCodes = (country: string): boolean => country === "US" || country === "CA";

/** What is said of an area code elsewhere. */
export const NO_AREA_CODES = "applies to US and CA only";

/** What is said where the numbers nearby are asked for, and no area code is. */
export const NEARBY_WHAT = "needs an areaCode";
