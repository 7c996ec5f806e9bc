/** What is said of a value that does not fit its schema: the schema's own words, or those below. */
import * as v from "valibot";

/**
 * What the schemas accept that have no words of their own, by their type. All others must have
 * their own (`tests/http/sentences.test.ts`).
 */
export const NOUNS: ReadonlyMap<string, string> = new Map([
  ["string", "a string"],
  ["number", "a number"],
  ["boolean", "true or false"],
  ["object", "an object"],
  ["loose_object", "an object"],
  ["record", "an object"],
  ["array", "a list"],
]);

const sentenceOf = ({ input, type }: v.BaseIssue<unknown>): string => {
  if (input === undefined) return "is required";
  const noun = NOUNS.get(type);
  return noun === undefined ? "is invalid" : `must be ${noun}`;
};

// No program sets messages of valibot for this language, so none of those takes precedence.
const EVERY_ISSUE = { lang: "x-ledgerline", message: sentenceOf, abortEarly: false };
const FIRST_ISSUE = { ...EVERY_ISSUE, abortEarly: true };

/**
 * Checks a value. The messages of its issues are ours whatever messages the program, which may
 * share valibot with us, has set there; `first` ends at the first issue.
 */
export const check = <Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  { first = false }: { readonly first?: boolean } = {},
): v.SafeParseResult<Schema> => v.safeParse(schema, value, first ? FIRST_ISSUE : EVERY_ISSUE);
