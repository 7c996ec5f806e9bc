/** Bounds on input: the one place for every length that calls and dialects apply to text. */
import * as v from "valibot";
import { fitsInto, hasAtMost, seenOf, UNFIT, unfitText } from "../../core/values/text.ts";

export { fitsInto, hasAtMost } from "../../core/values/text.ts";

const KIB = 1_024;

/** In code points, so that an emoji counts as one; each takes four bytes at most. */
export const CHARACTERS = {
  label: 120,
  name: 200,
  /** The length of a display name or an operator's record. */
  title: 500,
  reason: 500,
  email: 254,
  url: 2_000,
  prose: 4_000,
  /** The length of a search text: numbers and ids are not longer. */
  search: 200,
} as const;

/** In bytes of UTF-8, as JSON is stored: `1e20` takes 21 of them, a control character 6. */
export const BYTES = { template: 8 * KIB } as const;

/** How many numbers one call may name. */
export const MAX_IDS = 1_000;

/** The deepest nesting of JSON: beyond it, writers of JSON that recurse run out of stack. */
export const MAX_DEPTH = 64;

/** A schema for text of at most this many characters, fit for the log. */
export const textOf = (characters: number) =>
  v.pipe(
    v.string("must be a string"),
    v.check(
      (text) => hasAtMost(text, characters),
      `must be text of at most ${characters} characters`,
    ),
    v.check(
      (text) => unfitText(text) === null,
      UNFIT,
    ),
  );

/** A schema for the same with at least one visible character. */
export const filledOf = (characters: number) =>
  v.pipe(textOf(characters), v.check((text) => seenOf(text) !== "", "must not be empty"));

/** A schema for text of at most this many characters, or for null where there is none. */
export const textOrNullOf = (characters: number) => v.nullable(textOf(characters));

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

const NOT_KEPT = "must not hold a number that would not be kept as it is: beyond 1.7e308, " +
  "an integer beyond 2^53, or one too near to 0";

/** JSON has neither holes in an array nor other members of one. */
const isWhole = (value: object): boolean =>
  !Array.isArray(value) || Object.keys(value).length === value.length;

/** What is wrong with a value that must be JSON: it must be written whole, within the depth. */
const jsonFault = (value: unknown, depth: number): string | null => {
  if (value === null || typeof value === "boolean") return null;
  if (typeof value === "string") {
    return unfitText(value) === null ? null : UNFIT;
  }
  if (typeof value === "number") {
    return Number.isFinite(value) ? null : NOT_KEPT;
  }
  if (typeof value !== "object" || (!Array.isArray(value) && !isPlain(value)) || !isWhole(value)) {
    return "must be a JSON object";
  }
  if (depth === MAX_DEPTH) return `must be nested at most ${MAX_DEPTH} levels deep`;
  for (const [key, inner] of Object.entries(value)) {
    // A careless merge of it would change the prototype of all objects.
    if (key === "__proto__") return "must not have a member named __proto__";
    const fault = jsonFault(key, depth) ?? jsonFault(inner, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
};

/** What is wrong with a template, a client's JSON object; null when nothing is. */
export const templateFault = (value: unknown): string | null => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return "must be a JSON object";
  }
  const fault = jsonFault(value, 0);
  if (fault !== null) return fault;
  return fitsInto(value, BYTES.template)
    ? null
    : `must take at most ${BYTES.template} bytes as JSON, with numbers such as 1e20 written out`;
};
