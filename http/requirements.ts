/** How requirements of a carrier are named on the wire, in every dialect the same. */
import * as v from "valibot";
import type { NumberType } from "../core/carrier.ts";
import type { RequirementsMissing } from "../core/number/requirements.ts";

const TYPE_NAMES = { local: "local", tollFree: "toll-free" } as const satisfies Record<
  NumberType,
  string
>;

/** A number type as the wire names it. */
export const typeName = (type: NumberType): string => TYPE_NAMES[type];

/** A schema for a number type as the wire names it. */
export const NumberTypeSchema = v.pipe(
  v.picklist(["local", "toll-free"], "must be local or toll-free"),
  v.transform((name): NumberType => name === "local" ? "local" : "tollFree"),
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
