/**
 * The documentation pages that Talkturo's and Talkover's dialects come from: their JSON examples
 * and their curl calls, as they are checked in (`seeds.json`), and as the pages themselves have
 * them where they are beside the project.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../../shared/seeds/", import.meta.url);

export type Json =
  | null
  | string
  | number
  | boolean
  | readonly Json[]
  | { readonly [name: string]: Json };

/** A call as a page shows it; `path` has the query, `body` is what `-d` sends. */
export type SeedCall = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Where it begins on the page. */
  readonly at: number;
};

export type Seed = {
  readonly name: string;
  readonly calls: readonly SeedCall[];
  readonly examples: readonly { readonly at: number; readonly json: Json }[];
};

/** The words of a shell command from `start` to the end of its line, quotes and `\` undone. */
const wordsFrom = (page: string, start: number): readonly string[] => {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let at = start; at < page.length; at++) {
    const letter = page.charAt(at);
    if (quote !== "") {
      if (letter === quote) quote = "";
      else word += letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= "";
    } else if (letter === "\\" && page.charAt(at + 1) === "\n") {
      at++;
    } else if (/\s/.test(letter)) {
      if (word !== null) words.push(word);
      word = null;
      if (letter === "\n") return words;
    } else {
      word = (word ?? "") + letter;
    }
  }
  return word === null ? words : [...words, word];
};

const callAt = (page: string, at: number): SeedCall => {
  const words = wordsFrom(page, at);
  const after = (flag: string): readonly string[] =>
    words.filter((_, index) => words[index - 1] === flag);
  const url = words.find((word) => word.startsWith("https://")) ?? "";
  const [body] = after("-d");
  return {
    method: after("-X")[0] ?? (body === undefined ? "GET" : "POST"),
    path: url.replace(/^https:\/\/[^/]+/, ""),
    headers: Object.fromEntries(
      after("-H").map((line) => line.split(": ", 2)).map(([name = "", value = ""]) => [
        name.toLowerCase(),
        value,
      ]),
    ),
    body,
    at,
  };
};

/** Some examples have a comma behind their last field. */
const parseLoosely = (text: string): Json => JSON.parse(text.replace(/,(\s*[}\]])/g, "$1"));

const read = (name: string): Seed => {
  const page = readFileSync(new URL(name, FOLDER), "utf8");
  return {
    name,
    calls: [...page.matchAll(/^curl /gm)].map(({ index }) => callAt(page, index)),
    examples: [...page.matchAll(/^\{$.*?^\}/gms)].map(({ index, 0: text }) => ({
      at: index,
      json: parseLoosely(text),
    })),
  };
};

const PAGES = ["000", "001", "002", "003"];

/** What the pages beside the project have; null where they are not there. */
export const readPages = (): readonly Seed[] | null =>
  existsSync(FOLDER)
    ? readdirSync(FOLDER).filter((name) => PAGES.includes(name.slice(0, 3))).sort().map(read)
    : null;

/** What is checked in of all pages. */
export const KEPT_PAGES: readonly Seed[] = JSON.parse(
  readFileSync(new URL("./seeds.json", import.meta.url), "utf8"),
);

/** What is checked in of the pages whose names begin with one of these numbers. */
export const readSeeds = (...numbers: readonly string[]): readonly Seed[] =>
  KEPT_PAGES.filter(({ name }) => numbers.includes(name.slice(0, 3)));

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "list" : value === null ? "null" : typeof value;

/**
 * Where an answer is not as an example shows it, one line each: a field that is missing, that comes
 * in another order, or has a value of another type. Null matches any type on either side, and every
 * member of a list is compared with the example's first.
 */
export const differences = (value: unknown, example: Json, path = "answer"): readonly string[] => {
  if (value === null || example === null) return [];
  if (kindOf(value) !== kindOf(example)) return [`${path} is not a ${kindOf(example)}`];
  if (Array.isArray(example)) {
    const [first = null] = example;
    const members: readonly unknown[] = Array.isArray(value) ? value : [];
    return members.flatMap((member, index) => differences(member, first, `${path}.${index}`));
  }
  if (typeof example !== "object") return [];
  const fields = new Map<string, unknown>(Object.entries(value ?? {}));
  const names = Object.keys(example);
  const shown = [...fields.keys()].filter((name) => names.includes(name));
  if (shown.join() !== names.join()) return [`${path} has ${shown.join()} and not ${names.join()}`];
  return Object.entries(example).flatMap(([name, inner]) =>
    differences(fields.get(name), inner, `${path}.${name}`)
  );
};
