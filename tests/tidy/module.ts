/** What the tidy rules need to know of one TypeScript file, from its syntax tree. */
import {
  type CallExpression,
  type Comment,
  type EcmaScriptModule,
  parseSync,
  type SwitchStatement,
  Visitor,
} from "oxc-parser";
import { type Export, exportsOf } from "./exports.ts";
import { lineCounter, type LineOf, type Span } from "./lines.ts";
import { type FoundCall, hooksIn, waitsIn } from "./timing.ts";

export type { Export } from "./exports.ts";

/** An import, or a re-export, which depends on the other module just as much. */
export type Import = {
  readonly specifier: string;
  readonly line: number;
  /**
   * The names that the other module exports them by; `all` for the module as a whole, and `passed
   * on` where all of it is exported again.
   */
  readonly names: readonly string[] | "all" | "passed on";
};

/** A function of any kind, and its number of lines. */
export type FunctionSize = { readonly line: number; readonly lines: number };

export type Module = {
  readonly path: string;
  /** Lines of the file. */
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionSize[];
  readonly exports: readonly Export[];
  /** Calls that skip a test, or all others. */
  readonly skipped: readonly FoundCall[];
  readonly waits: readonly FoundCall[];
  readonly hooks: readonly FoundCall[];
  /** The lines of the switches that may end without having met a case. */
  readonly openSwitches: readonly number[];
  /** The lines on which a comment ends beyond the width of the code. */
  readonly wideComments: readonly number[];
};

type Imported = { readonly kind: string; readonly name: string | null };

const namesOf = (imported: readonly Imported[]): Import["names"] =>
  imported.every(({ kind }) => kind === "Name" || kind === "Default")
    ? imported.map(({ name }) => name ?? "default")
    : imported.some(({ kind }) => kind === "AllButDefault")
    ? "passed on"
    : "all";

const importsOf = (text: string, module: EcmaScriptModule, lineOf: LineOf): Import[] => {
  const found: Import[] = [];
  const add = ({ value, start }: { value: string; start: number }, names: Import["names"]) => {
    found.push({ specifier: value, line: lineOf(start), names });
  };
  for (const { moduleRequest, entries } of module.staticImports) {
    add(moduleRequest, namesOf(entries.map(({ importName }) => importName)));
  }
  for (const { entries } of module.staticExports) {
    const request = entries[0]?.moduleRequest;
    if (request) add(request, namesOf(entries.map(({ importName }) => importName)));
  }
  for (const { moduleRequest: { start, end } } of module.dynamicImports) {
    const literal = /^(["'`])([^$]*)\1$/.exec(text.slice(start, end));
    if (literal?.[2] !== undefined) add({ value: literal[2], start }, "all");
  }
  return found;
};

const TEST_MAKERS = new Set(["test", "it", "describe", "suite", "t", "context"]);
const LEAVING_OUT = new Set(["only", "skip", "todo"]);

/**
 * Tests that are left out by a method or an option are found; those with a condition for it are
 * not, since a test may need something that a machine lacks.
 */
const skippedIn = (call: CallExpression, lineOf: LineOf): FoundCall[] => {
  const { callee } = call;
  const line = lineOf(call.start);
  if (callee.type === "MemberExpression" && callee.object.type === "Identifier") {
    const { object, property } = callee;
    if (!TEST_MAKERS.has(object.name) || property.type !== "Identifier") return [];
    return LEAVING_OUT.has(property.name)
      ? [{ what: `${object.name}.${property.name}`, line }]
      : [];
  }
  if (callee.type !== "Identifier" || !TEST_MAKERS.has(callee.name)) return [];
  return call.arguments.flatMap((argument) =>
    argument.type !== "ObjectExpression" ? [] : argument.properties.flatMap((property) => {
      if (property.type !== "Property" || property.key.type !== "Identifier") return [];
      const { key: { name }, value } = property;
      const always = value.type === "Literal" && value.value !== false;
      return LEAVING_OUT.has(name) && always ? [{ what: `${callee.name} with ${name}`, line }] : [];
    })
  );
};

/** Whether a switch ends in `default`, which gives the value that is left to `unreachable`. */
const isExhaustive = ({ cases }: SwitchStatement): boolean => {
  const last = cases.at(-1);
  const statement = last?.consequent[0];
  if (last?.test !== null || statement === undefined) return false;
  const value = statement.type === "ReturnStatement"
    ? statement.argument
    : statement.type === "ExpressionStatement"
    ? statement.expression
    : null;
  return value?.type === "CallExpression" && value.callee.type === "Identifier" &&
    value.callee.name === "unreachable";
};

/** Columns, as the formatter has them. */
export const WIDTH = 100;

/** The lines of comments; code that is too wide is left to the formatter. */
const wideCommentsIn = (text: string, comments: readonly Comment[], lineOf: LineOf): number[] => {
  const lines = text.split("\n");
  return comments.flatMap(({ start, end }) => {
    const [first, last] = [lineOf(start), lineOf(end - 1)];
    const isWide = (line: number): boolean => {
      const until = line === last ? end - (text.lastIndexOf("\n", end - 1) + 1) : Infinity;
      return Math.min(until, lines[line - 1]?.length ?? 0) > WIDTH;
    };
    return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(isWide);
  });
};

/**
 * Reads one TypeScript file. `path` counts from the project's root. Throws when the text is not
 * TypeScript.
 */
export const parseModule = (path: string, text: string): Module => {
  const { program, module, comments, errors } = parseSync(path, text);
  if (errors[0]) throw new SyntaxError(`${path}: ${errors[0].message}`);
  const lineOf = lineCounter(text);
  const functions: FunctionSize[] = [];
  const skipped: FoundCall[] = [];
  const openSwitches: number[] = [];
  const measure = ({ start, end }: Span): void => {
    const line = lineOf(start);
    functions.push({ line, lines: lineOf(end - 1) - line + 1 });
  };
  new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
    CallExpression: (call) => {
      skipped.push(...skippedIn(call, lineOf));
    },
    SwitchStatement: (statement) => {
      if (!isExhaustive(statement)) openSwitches.push(lineOf(statement.start));
    },
  }).visit(program);
  return {
    path,
    lines: text.split("\n").length - (text.endsWith("\n") ? 1 : 0),
    imports: importsOf(text, module, lineOf),
    functions,
    exports: exportsOf({ text, program, module, comments, lineOf }),
    skipped,
    waits: waitsIn(text, program, lineOf),
    hooks: hooksIn(program, lineOf),
    wideComments: wideCommentsIn(text, comments, lineOf),
    openSwitches,
  };
};
