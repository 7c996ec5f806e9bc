/** Whole numbers in a query, where every value is a text. */
import * as v from "valibot";

/** A schema for a whole number of at most 15 digits, which a number of JavaScript keeps exactly. */
export const WholeSchema = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}$/, "must be a whole number"),
  v.transform(Number),
);

/** A schema for a whole number from 1. */
export const PositiveSchema = v.pipe(WholeSchema, v.minValue(1, "must be at least 1"));

/** A schema for how many of something an answer may have. */
export const upTo = (most: number) =>
  v.pipe(PositiveSchema, v.maxValue(most, `must be at most ${most}`));
