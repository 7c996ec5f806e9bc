/** The examples in doc comments, and the public calls that must have one. */
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import {
  type Comment,
  type Declaration,
  type ExportNamedDeclaration,
  parseSync,
  type TSInterfaceDeclaration,
  Visitor,
} from "oxc-parser";
import { ROOT } from "../tidy/command.ts";

/** Code under `@example`, with the place of its comment. */
export type Example = { readonly path: string; readonly line: number; readonly code: string };

type Parsed = {
  readonly text: string;
  readonly exports: readonly ExportNamedDeclaration[];
  readonly interfaces: readonly TSInterfaceDeclaration[];
  readonly comments: readonly Comment[];
};

const parsed = new Map<string, Parsed>();

const parse = (path: string): Parsed => {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(`${ROOT}${path}`, "utf8");
  const { program, comments } = parseSync(path, text);
  const exports: ExportNamedDeclaration[] = [];
  const interfaces: TSInterfaceDeclaration[] = [];
  new Visitor({
    ExportNamedDeclaration: (node) => void exports.push(node),
    TSInterfaceDeclaration: (node) => void interfaces.push(node),
  }).visit(program);
  const result = { text, exports, interfaces, comments };
  parsed.set(path, result);
  return result;
};

const EXAMPLE = /@example[^\n]*\n(?:[ \t]*\* ?)?```ts\n(.*?)\n[ \t]*\* ?```/gs;

/** All examples in the doc comments of a file. */
export const examplesIn = (path: string): readonly Example[] => {
  const { text, comments } = parse(path);
  return comments.filter(({ type }) => type === "Block").flatMap(({ start, end }) =>
    [...text.slice(start, end).matchAll(EXAMPLE)].map(([, code = ""]) => ({
      path,
      line: text.slice(0, start).split("\n").length,
      code: code.replaceAll(/^[ \t]*\* ?/gm, ""),
    }))
  );
};

/** Whether the doc comment right before this place has an example. */
const hasExample = ({ text, comments }: Parsed, at: number): boolean => {
  const before = comments.findLast(({ end }) => end <= at && text.slice(end, at).trim() === "");
  return before !== undefined && /@example[^\n]*\n[ \t*]*```ts\n/.test(
    text.slice(before.start, before.end),
  );
};

/** The calls of the interfaces in a file that have no example. */
export const callsWithout = (path: string): readonly string[] => {
  const file = parse(path);
  return file.interfaces.flatMap(({ id, body: { body } }) =>
    body.flatMap((member) => {
      if (member.type !== "TSMethodSignature" || member.key.type !== "Identifier") return [];
      return hasExample(file, member.start) ? [] : [`${path}: ${id.name}.${member.key.name}`];
    })
  );
};

const isFunction = (declaration: Declaration | null, name: string): boolean => {
  if (declaration?.type === "FunctionDeclaration") return declaration.id?.name === name;
  return declaration?.type === "VariableDeclaration" && declaration.declarations.some(
    ({ id, init }) =>
      id.type === "Identifier" && id.name === name &&
      (init?.type === "ArrowFunctionExpression" || init?.type === "FunctionExpression"),
  );
};

/** Where a name that a file exports is declared: in it, or in a file that it names. */
const declared = (
  path: string,
  name: string,
): { readonly path: string; readonly node: ExportNamedDeclaration } | null => {
  for (const node of parse(path).exports) {
    if (isFunction(node.declaration, name)) return { path, node };
    const isNamed = node.specifiers.some(({ local }) => "name" in local && local.name === name);
    if (isNamed && node.source !== null) {
      return declared(posix.join(posix.dirname(path), node.source.value), name);
    }
  }
  return null;
};

/** The functions that an entry point exports by name and that have no example. */
export const functionsWithout = (entryPoint: string): readonly string[] =>
  parse(entryPoint).exports.flatMap(({ source, specifiers, exportKind }) => {
    if (source === null || exportKind === "type") return [];
    return specifiers.filter(({ exportKind: kind }) => kind !== "type").flatMap(({ local }) => {
      const name = "name" in local ? local.name : local.value;
      const found = declared(entryPoint, name);
      if (found === null || hasExample(parse(found.path), found.node.start)) return [];
      return [`${found.path}: ${name}`];
    });
  });
