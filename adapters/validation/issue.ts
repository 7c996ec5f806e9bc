import type { BaseIssue } from "valibot";

/** Plain names for what valibot expects. */
const WORDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  Object: "an object",
  Array: "a list",
};

const plain = (expected: string): string =>
  Object.hasOwn(WORDS, expected) ? WORDS[expected] ?? expected : expected;

/** The message of a schema's issue: the schema's own, or a plain one instead of valibot's. */
export const wordsOf = ({ message, received, expected, type }: BaseIssue<unknown>): string => {
  if (!message.startsWith("Invalid ")) return message;
  if (received === "undefined") return "is required";
  if (expected === null) return "is invalid";
  if (expected === "never") return "is not known";
  // Nested alternatives are in parentheses; those of a regular expression belong to it.
  const flat = expected.startsWith("(") ? expected.replaceAll(/[()]/g, "") : expected;
  const what = flat.split(" | ").map(plain).join(" or ");
  return type.endsWith("_length") ? `must have a length ${what}` : `must be ${what}`;
};
