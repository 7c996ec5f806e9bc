import * as v from "valibot";

/** A schema for where random things begin. */
export const SeedSchema = v.pipe(v.number(), v.safeInteger("must be a whole number"));
