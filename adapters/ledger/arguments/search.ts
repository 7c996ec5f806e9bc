/** What a search may be given; part of `arguments.ts`. */
import * as v from "valibot";
import { FEATURES, NUMBER_TYPES } from "../../../core/ports/carrier.ts";
import { isPattern, MAX_PATTERN } from "../../../core/number/search.ts";
import { CHARACTERS, filledOf } from "../../validation/bounds.ts";
import { oneOf } from "../../../core/values/choice.ts";
import { CallableSchema, exactly, whole } from "../../validation/shapes.ts";
import { NumberCountrySchema } from "../../validation/values.ts";

const MAX_OFFERS = 100;

const Digits = v.optional(v.pipe(
  v.string(),
  v.check(isPattern, `must be 1 to ${MAX_PATTERN} digits of the national number`),
));

export const filters = v.pipe(
  exactly({
    country: NumberCountrySchema,
    type: oneOf(NUMBER_TYPES),
    areaCode: v.optional(v.pipe(v.string(), v.regex(/^\d{3}$/, "must be three digits"))),
    locality: v.optional(filledOf(CHARACTERS.name)),
    features: v.optional(v.pipe(
      v.array(oneOf(FEATURES)),
      v.maxLength(FEATURES.length, `must name at most ${FEATURES.length} features`),
    )),
    contains: Digits,
    startsWith: Digits,
    endsWith: Digits,
    nearby: v.optional(v.boolean()),
    limit: whole(1, MAX_OFFERS),
  }),
  v.forward(
    v.partialCheck(
      [["areaCode"], ["nearby"]],
      ({ areaCode, nearby }) => nearby !== true || areaCode !== undefined,
      "needs an areaCode",
    ),
    ["nearby"],
  ),
);

export const searchOptions = v.optional(exactly({
  mayGoOn: v.optional(CallableSchema as v.GenericSchema<() => Promise<boolean>>),
}));
