/** Members that a JSON object has several times, of which parsers keep only one. */
import { MAX_DEPTH } from "../adapters/validation/bounds.ts";

const QUOTE = '"';
const ESCAPE = "\\";
const WHITE = " \t\n\r";
const ENDS = ",]}";

const isOneOf = (characters: string, character: string | undefined): boolean =>
  character !== undefined && characters.includes(character);

/** The end of the string that begins at `start`. */
const endOfString = (json: string, start: number): number => {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === ESCAPE ? 2 : 1;
  return at + 1;
};

const afterSpace = (json: string, start: number): number => {
  let at = start;
  while (isOneOf(WHITE, json[at])) at += 1;
  return at;
};

const nameOf = (literal: string): string =>
  literal.includes(ESCAPE) ? JSON.parse(literal) : literal.slice(1, -1);

/**
 * The end of a value; the path of a member in it that differs from an earlier one, if there is one.
 */
type Read = { readonly end: number; readonly repeated: string | null };

const readObject = (json: string, start: number, depth: number): Read => {
  const values = new Map<string, readonly [from: number, to: number]>();
  let at = afterSpace(json, start + 1);
  while (json[at] === QUOTE) {
    const colon = endOfString(json, at);
    const name = nameOf(json.slice(at, colon));
    const from = afterSpace(json, afterSpace(json, colon) + 1);
    const { end, repeated } = readValue(json, from, depth + 1);
    if (repeated !== null) return { end, repeated: `${name}.${repeated}` };
    const before = values.get(name);
    if (before !== undefined && json.slice(...before) !== json.slice(from, end)) {
      return { end, repeated: name };
    }
    values.set(name, [from, end]);
    at = afterSpace(json, end);
    if (json[at] === ",") at = afterSpace(json, at + 1);
  }
  return { end: at + 1, repeated: null };
};

const readList = (json: string, start: number, depth: number): Read => {
  let at = afterSpace(json, start + 1);
  for (let item = 0; at < json.length && json[at] !== "]"; item++) {
    const { end, repeated } = readValue(json, at, depth + 1);
    if (repeated !== null) return { end, repeated: `${item}.${repeated}` };
    at = afterSpace(json, end);
    if (json[at] === ",") at = afterSpace(json, at + 1);
  }
  return { end: at + 1, repeated: null };
};

const readValue = (json: string, start: number, depth: number): Read => {
  if (depth > MAX_DEPTH) return { end: json.length, repeated: "" };
  if (json[start] === "{") return readObject(json, start, depth);
  if (json[start] === "[") return readList(json, start, depth);
  if (json[start] === QUOTE) return { end: endOfString(json, start), repeated: null };
  let end = start;
  while (end < json.length && !isOneOf(ENDS, json[end]) && !isOneOf(WHITE, json[end])) end += 1;
  return { end, repeated: null };
};

/**
 * The path of the first member that an object of this JSON repeats with another value, such as
 * `template.list.0.name`; null where no object does. The JSON must be valid. What the parser kept
 * of it is at most 64 levels deep: anything deeper is in a member that is repeated.
 */
export const repeatedMember = (json: string): string | null =>
  readValue(json, afterSpace(json, 0), 0).repeated;
