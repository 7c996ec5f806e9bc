/** What a module exports, from its syntax tree. */
import type {
  Comment,
  Directive,
  EcmaScriptModule,
  Expression,
  Program,
  Statement,
  StaticExportEntry,
  TSType,
} from "oxc-parser";
import type { LineOf, Span } from "./lines.ts";

type TopLevel = Statement | Directive;

/** A name that the module exports. */
export type Export = {
  /** As others import it; `*` for all that another module exports. */
  readonly name: string;
  readonly kind: "function" | "class" | "type" | "inferred" | "value" | "re-export";
  readonly line: number;
  readonly documented: boolean;
  /** Whether code of the module names it, outside its declaration. */
  readonly mentioned: boolean;
};

type Declared = { readonly name: string; readonly kind: Export["kind"] };

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

type Declaration = Omit<Export, "name" | "mentioned"> & { readonly spans: readonly Span[] };

type Source = {
  readonly text: string;
  readonly program: Program;
  readonly module: EcmaScriptModule;
  readonly comments: readonly Comment[];
  readonly lineOf: LineOf;
};

/** What is declared at the outermost level, exported or not. */
const declarationsIn = ({ text, program, comments, lineOf }: Source) => {
  const docs = comments.filter(({ type, value }) => type === "Block" && value.startsWith("*"));
  const hasDoc = ({ start }: Span): boolean =>
    docs.some(({ end }) => end <= start && text.slice(end, start).trim() === "");
  const declared = new Map<string, Declaration>();
  for (const statement of program.body) {
    const inner = statement.type === "ExportNamedDeclaration" ||
        statement.type === "ExportDefaultDeclaration"
      ? statement.declaration
      : statement;
    for (const { name, kind } of inner === null ? [] : declaredBy(inner as TopLevel)) {
      // The first overload carries the doc comment for all of them.
      const earlier = declared.get(name);
      declared.set(name, {
        kind,
        line: earlier?.line ?? lineOf(statement.start),
        documented: hasDoc(statement) || earlier?.documented === true,
        spans: [...earlier?.spans ?? [], statement],
      });
    }
  }
  return declared;
};

/** Tells whether code names something, besides these spans, comments and lists of exports. */
const mentionsIn = ({ text, program, comments }: Source) => {
  const lists = program.body.filter((statement) =>
    statement.type === "ExportNamedDeclaration" && statement.declaration === null
  );
  const silent: readonly Span[] = [...comments, ...lists];
  const words = [...text.matchAll(/[\w$]+/g)].filter(({ index }) =>
    !silent.some(({ start, end }) => start <= index && index < end)
  );
  return (name: string, besides: readonly Span[]): boolean =>
    words.some(({ 0: word, index }) =>
      word === name && !besides.some(({ start, end }) => start <= index && index < end)
    );
};

/** The names that the module exports, each once, with what is known of its declaration. */
export const exportsOf = (source: Source): Export[] => {
  const declarations = declarationsIn(source);
  const mentions = mentionsIn(source);
  const exportOf = (entry: StaticExportEntry): Export => {
    const { moduleRequest, exportName, localName } = entry;
    const name = exportName.kind === "None" ? "*" : exportName.name ?? "default";
    const line = source.lineOf(entry.start);
    if (moduleRequest !== null) {
      return { name, kind: "re-export", line, documented: false, mentioned: false };
    }
    const local = localName.name ?? name;
    const declared = declarations.get(local);
    return {
      name,
      kind: declared?.kind ?? "value",
      line: declared?.line ?? line,
      documented: declared?.documented === true,
      mentioned: mentions(local, declared?.spans ?? []),
    };
  };
  const found = source.module.staticExports.flatMap(({ entries }) => entries.map(exportOf));
  // Overloads are one export; so are a value and a type of one name.
  return found.filter(({ name }, index) =>
    name === "*" || found.findIndex((other) => other.name === name) === index
  );
};
