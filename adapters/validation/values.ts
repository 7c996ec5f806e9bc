/** Schemas of the values of `core/values` that callers give. */
import * as v from "valibot";
import { kindOf, only } from "../../core/values/choice.ts";
import { isCountry, isNumberCountry } from "../../core/values/country.ts";
import { type Actor, isId, MAX_ID_LENGTH } from "../../core/values/identity.ts";
import { hasAtMost, isFit, UNFIT } from "../../core/values/text.ts";

const MAX_LENGTH = 10_000;

/** A valibot schema for a text of people's: fit for the log, at most 10,000 characters. */
export const TextSchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.check((text) => hasAtMost(text, MAX_LENGTH), `must have at most ${MAX_LENGTH} characters`),
  v.check(isFit, UNFIT),
);

/**
 * A valibot schema for an id that something may have (an assistant, an organization), also since
 * before there were rules for new ones (`isNewId`).
 */
export const IdSchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.check(isId, `must be an id of 1 to ${MAX_ID_LENGTH} printable characters`),
);

/** A valibot schema for a stored actor. */
export const ActorSchema: v.GenericSchema<Actor> = kindOf("kind", [
  v.object({
    kind: only("user"),
    tokenId: v.string(),
    email: v.string(),
    name: v.string(),
  }),
  v.object({ kind: only("operator") }),
  v.object({ kind: only("ledger"), automation: v.string() }),
]);

const RULE = "must be an ISO 3166-1 alpha-2 country code, such as US";

const Letters = v.pipe(
  v.string("must be a string"),
  // Other letters become these when they are made capitals, such as \u00df.
  v.regex(/^[a-z]{2}$/i, RULE),
  v.toUpperCase(),
);

/**
 * A schema for a country of an address, for callers of every API: in capitals or not, read as
 * capitals.
 */
export const CountrySchema = v.pipe(Letters, v.check(isCountry, RULE));

/** The same for the country of a number, which need not have any. */
export const NumberCountrySchema = v.pipe(Letters, v.check(isNumberCountry, RULE));
