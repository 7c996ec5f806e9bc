/**
 * The regular expressions of the sources, each found in the syntax tree, and how the time of one
 * grows, which `recheck` determines.
 */
import process from "node:process";
import { readdirSync, readFileSync } from "node:fs";
import { parseSync, Visitor } from "oxc-parser";
import * as valibot from "valibot";
import { checkSync } from "recheck";
import { ROOT } from "../tidy/command.ts";

// Makes it work in this process, without a JVM or a binary; it asks again for each pattern.
const checked: typeof checkSync = (source, flags, options) => {
  process.env["RECHECK_BACKEND"] = "pure";
  try {
    return checkSync(source, flags, options);
  } finally {
    delete process.env["RECHECK_BACKEND"];
  }
};

/**
 * Everything is bounded by steps and nothing by time, which would make a verdict depend on what
 * else the machine does: a timeout during an attack counts as one that succeeded.
 */
const BY_STEPS = {
  timeout: null,
  attackTimeout: null,
  incubationTimeout: null,
  seedingTimeout: null,
};

/** A regular expression, and where it is. */
export type Pattern = { readonly where: string; readonly source: string; readonly flags: string };

/** Why the pattern may take more than linear time; null when it cannot. */
export const faultOf = ({ source, flags }: Pick<Pattern, "source" | "flags">): string | null => {
  const verdict = checked(source, flags, BY_STEPS);
  if (verdict.status === "safe") return null;
  if (verdict.status === "unknown") return `not known: ${verdict.error.kind}`;
  return `${verdict.complexity.summary}: ${verdict.attack.pattern}`;
};

/** `rfcEmail` is checked by `RFC_EMAIL_REGEX`. */
const REGEX_BY_ACTION = new Map(
  Object.entries(valibot).flatMap(([name, value]) => {
    if (!(value instanceof RegExp)) return [];
    const action = name.replace(/_REGEX$/, "").toLowerCase()
      .replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    return [[action, value] as const];
  }),
);

/** The patterns of one file, and where it builds some at run time. */
export const patternsIn = (path: string, text: string) => {
  const patterns: Pattern[] = [];
  const made: string[] = [];
  const { program } = parseSync(path, text);
  const isRegExp = ({ callee }: { readonly callee: { readonly type: string } }): boolean =>
    "name" in callee && callee.name === "RegExp";
  new Visitor({
    Literal: (node) => {
      if (!("regex" in node)) return;
      const { pattern, flags } = node.regex;
      patterns.push({ where: path, source: pattern, flags });
    },
    NewExpression: (node) => {
      if (isRegExp(node)) made.push(path);
    },
    CallExpression: (node) => {
      if (isRegExp(node)) made.push(path);
    },
    Identifier: ({ name }) => {
      const regex = REGEX_BY_ACTION.get(name);
      if (regex === undefined) return;
      patterns.push({ where: `${path}, ${name} of valibot`, ...partsOf(regex) });
    },
  }).visit(program);
  return { patterns, made };
};

const partsOf = ({ source, flags }: RegExp) => ({ source, flags });

const files = ["core", "adapters", "http"].flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `${folder}/${path}`)
);

/** The patterns of each source file. */
export const sources = files.map((path) =>
  patternsIn(path, readFileSync(`${ROOT}${path}`, "utf8"))
);

/** A pattern as it is written. */
export const textOf = ({ source, flags }: Pick<Pattern, "source" | "flags">): string =>
  `/${source}/${flags}`;

/** All patterns of the sources, by their texts. */
export const allPatterns: ReadonlyMap<string, Pattern> = new Map(
  sources.flatMap(({ patterns }) => patterns).map((pattern) => [textOf(pattern), pattern]),
);
