/**
 * No regular expression of the sources takes more than linear time, whatever its text. Each is
 * found in the syntax tree, so that a new one is checked too; `recheck` determines how its time
 * grows.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { parseSync, Visitor } from "oxc-parser";
import * as valibot from "valibot";
import { ROOT } from "../tidy/command.ts";

// Makes it work in this process, without a JVM or a binary.
process.env["RECHECK_BACKEND"] = "pure";
const { checkSync } = await import("recheck");
after(() => void delete process.env["RECHECK_BACKEND"]);

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

type Pattern = { readonly where: string; readonly source: string; readonly flags: string };

/** Why the pattern may take more than linear time; null when it cannot. */
const faultOf = ({ source, flags }: Pick<Pattern, "source" | "flags">): string | null => {
  const verdict = checkSync(source, flags, BY_STEPS);
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
const read = (path: string, text: string) => {
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

const sources = files.map((path) => read(path, readFileSync(`${ROOT}${path}`, "utf8")));

describe("the regular expressions of the sources", () => {
  test("take linear time, each of them", { timeout: 600_000 }, () => {
    const patterns = new Map(
      sources.flatMap(({ patterns }) => patterns)
        .map((pattern) => [`/${pattern.source}/${pattern.flags}`, pattern] as const),
    );
    assert.ok(patterns.size > 40, `only ${patterns.size} were found`);
    const faults = [...patterns].flatMap(([text, pattern]) => {
      const fault = faultOf(pattern);
      return fault === null ? [] : [`${pattern.where}: ${text}: ${fault}`];
    });
    assert.deepEqual(faults, []);
  });

  test("are literals, except the sandbox's, which are built from its plans", () => {
    // `^\+<digits and \d>$`: has one way to match.
    assert.deepEqual(sources.flatMap(({ made }) => made), [
      "adapters/carrier/sandbox/international.ts",
    ]);
  });
});

describe("the check", () => {
  // The first is what read Accept-Language: 16 KiB of spaces took most of a second.
  const SLOW = [
    String.raw`/^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*(0|1))?\s*$/i`,
    String.raw`/\s+$/`,
    String.raw`/=+$/`,
    String.raw`/^\/+|\/+$/g`,
    String.raw`/^(\w+\s?)*$/`,
    String.raw`/(a|aa)+b/`,
  ];

  for (const text of SLOW) {
    test(`finds ${text}`, () => {
      const { patterns: [found] } = read("planted.ts", `export const planted = ${text};`);
      assert.ok(found !== undefined && faultOf(found) !== null);
    });
  }

  test("finds what is built at run time, and valibot's own", () => {
    const made = read("planted.ts", 'new RegExp(text); RegExp("a"); v.rfcEmail(); v.ipv6();');
    assert.equal(made.made.length, 2);
    assert.equal(made.patterns.length, 2);
  });
});
