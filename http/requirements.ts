/** How requirements of a carrier are named on the wire, in every dialect the same. */
import * as v from "valibot";
import type { NumberType } from "../core/ports/carrier.ts";
import { type RequirementsMissing, TYPE_NAMES } from "../core/number/requirements.ts";

/** A number type as the wire names it. */
export const typeName = (type: NumberType): string => TYPE_NAMES[type];

/** A schema for a number type as the wire names it. */
export const NumberTypeSchema = v.pipe(
  v.picklist(Object.values(TYPE_NAMES), `must be ${Object.values(TYPE_NAMES).join(" or ")}`),
  v.transform((name): NumberType => name === TYPE_NAMES.local ? "local" : "tollFree"),
);

/** What is missing, as members beside the sentence that names it. */
export const encodeMissing = (
  { country, type, missing }: Pick<RequirementsMissing, "country" | "type" | "missing">,
) => ({
  requirements: {
    country,
    type: typeName(type),
    missing: missing.map(({ id, name, description }) => ({ id, name, description })),
  },
});
