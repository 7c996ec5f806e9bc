/** Schemas of whole numbers, each of one step: a reader of events checks many. */
import * as v from "valibot";

const isWhole = (input: unknown): input is number => Number.isSafeInteger(input);

/** A valibot schema for a whole number that is held exactly. */
export const WholeSchema: v.GenericSchema<number> = v.custom<number>(
  isWhole,
  "must be a whole number",
);

/** A valibot schema for a whole number from 0 on. */
export const CountSchema: v.GenericSchema<number> = v.custom<number>(
  (input) => isWhole(input) && input >= 0,
  "must be a whole number from 0 on",
);

/** A valibot schema for a whole number that may be left out. */
export const MaybeWholeSchema = v.optional(WholeSchema);
