/** What the tidy rules need to know of one TypeScript file, from its syntax tree. */
import {
  type CallExpression,
  type Comment,
  type Directive,
  type EcmaScriptModule,
  type Expression,
  parseSync,
  type Statement,
  type SwitchStatement,
  type TSType,
  Visitor,
} from "oxc-parser";

type TopLevel = Statement | Directive;
type Span = { readonly start: number; readonly end: number };

/** An import, or a re-export, which depends on the other module just as much. */
export type Import = {
  readonly specifier: string;
  readonly line: number;
  /** The names that the other module exports them by; `all` for the module as a whole. */
  readonly names: readonly string[] | "all";
};

/** A function of any kind, and its number of lines. */
export type FunctionSize = { readonly line: number; readonly lines: number };

/** A name that the module exports and declares itself. */
export type Export = {
  readonly name: string;
  readonly kind: "function" | "class" | "type" | "inferred" | "value";
  readonly line: number;
  readonly documented: boolean;
};

/** A call that skips a test, or all others. */
export type SkippedTest = { readonly what: string; readonly line: number };

export type Module = {
  readonly path: string;
  /** Lines of the file. */
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionSize[];
  readonly exports: readonly Export[];
  readonly skipped: readonly SkippedTest[];
  /** The lines of the switches that may end without having met a case. */
  readonly openSwitches: readonly number[];
};

type LineOf = (offset: number) => number;

const lineCounter = (text: string): LineOf => {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
};

type Imported = { readonly kind: string; readonly name: string | null };

const namesOf = (imported: readonly Imported[]): Import["names"] =>
  imported.every(({ kind }) => kind === "Name" || kind === "Default")
    ? imported.map(({ name }) => name ?? "default")
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
const skippedIn = (call: CallExpression, lineOf: LineOf): SkippedTest[] => {
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

const isFunction = (init: Expression | null): boolean => {
  if (init === null) return false;
  if (init.type === "ArrowFunctionExpression" || init.type === "FunctionExpression") return true;
  if (init.type !== "CallExpression") return false;
  // Effect.fn(function* …) and Effect.fn("name")(function* …) make functions too.
  const { callee } = init;
  if (callee.type === "CallExpression") return isFunction(callee);
  return callee.type === "MemberExpression" && callee.property.type === "Identifier" &&
    callee.object.type === "Identifier" && callee.object.name === "Effect" &&
    callee.property.name === "fn";
};

/** `v.InferOutput<typeof Schema>`: documented at the schema. */
const isInferred = (type: TSType): boolean =>
  type.type === "TSTypeReference" &&
  type.typeArguments?.params.some(({ type }) => type === "TSTypeQuery") === true;

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

type Declared = { readonly name: string; readonly kind: Export["kind"] };

const declaredBy = (node: TopLevel | Expression): readonly Declared[] => {
  switch (node.type) {
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      return [{ name: node.id?.name ?? "default", kind: "function" }];
    case "ClassDeclaration":
      return [{ name: node.id?.name ?? "default", kind: "class" }];
    case "TSInterfaceDeclaration":
      return [{ name: node.id.name, kind: "type" }];
    case "TSTypeAliasDeclaration":
      return [{ name: node.id.name, kind: isInferred(node.typeAnnotation) ? "inferred" : "type" }];
    case "VariableDeclaration":
      return node.declarations.flatMap(({ id, init }) =>
        id.type === "Identifier"
          ? [{ name: id.name, kind: isFunction(init) ? "function" : "value" }]
          : []
      );
    default:
      return [];
  }
};

const exportsOf = (
  text: string,
  body: readonly TopLevel[],
  comments: readonly Comment[],
  lineOf: LineOf,
): Export[] => {
  const docs = comments.filter(({ type, value }) => type === "Block" && value.startsWith("*"));
  const hasDoc = ({ start }: Span): boolean =>
    docs.some(({ end }) => end <= start && text.slice(end, start).trim() === "");
  const declared = new Map<string, Export>();
  const exported = new Set<string>();
  for (const statement of body) {
    const outer = statement.type === "ExportNamedDeclaration" ||
        statement.type === "ExportDefaultDeclaration"
      ? statement
      : null;
    const inner = outer === null ? statement : outer.declaration;
    for (const { name, kind } of inner === null ? [] : declaredBy(inner as TopLevel)) {
      // The first overload carries the doc comment for all of them.
      const earlier = declared.get(name);
      const documented = hasDoc(statement) || earlier?.documented === true;
      const line = earlier?.line ?? lineOf(statement.start);
      declared.set(name, { name, kind, line, documented });
      if (outer !== null) exported.add(name);
    }
    if (outer?.type !== "ExportNamedDeclaration" || outer.source !== null) continue;
    for (const { local } of outer.specifiers) {
      if (local.type === "Identifier") exported.add(local.name);
    }
  }
  return [...declared.values()].filter(({ name }) => exported.has(name));
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
  const skipped: SkippedTest[] = [];
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
    exports: exportsOf(text, program.body, comments, lineOf),
    skipped,
    openSwitches,
  };
};
