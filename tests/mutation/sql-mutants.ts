/** Makes mutants of the SQL in string and template literals, in the form of StrykerJS's. */
import { parseSync } from "oxc-parser";
import { type Instrumented, type Mutant, onOneLine, type Texts } from "./mutants.ts";
import { type Edit, editsOf, hole, isSql } from "./sql-text.ts";

type Node = { readonly type: string; readonly start: number; readonly end: number };

/**
 * What the instrumented text calls. `stryIs`, the switch, is StrykerJS's. Most SQL is made when a
 * module is loaded, long before it is sent: where texts are marked, each bears a comment with the
 * ids of its mutants, and `strySent` counts those of the texts that a test sends.
 */
const HEADER = `
const stryNS = () => (globalThis.__stryker__ ??= { mutantCoverage: { static: {}, perTest: {} } });
const stryCount = (ids) => {
  const { currentTestId: test, mutantCoverage: { static: outside, perTest } } = stryNS();
  const hits = test === undefined ? outside : (perTest[test] ??= {});
  for (const id of ids) hits[id] = (hits[id] ?? 0) + 1;
};
const stryIs = (id) => {
  const { activeMutant, isMarking } = stryNS();
  if (activeMutant === undefined && !isMarking) stryCount([id]);
  return activeMutant === id;
};
const stryMark = (ids) => stryNS().isMarking ? "/*~" + ids + "~*/" : "";
const strySent = (text) => {
  if (!stryNS().isMarking) return text;
  for (const mark of [text].flat()[0].split("/*~").slice(1)) {
    stryCount(mark.slice(0, mark.indexOf("~")).split(" "));
  }
  return text;
};
`.replaceAll("\n", " ");

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && "start" in value;

/** Places where a literal is not an expression. */
const isFixed = (parent: Node, key: string): boolean =>
  /^(?:Import|Export)\w*Declaration$/.test(parent.type) && key === "source" ||
  parent.type === "TSLiteralType" || parent.type === "TaggedTemplateExpression" ||
  parent.type === "Property" && key === "key";

type Template = Node & { readonly quasis: readonly Node[]; readonly expressions: readonly Node[] };

const isTemplate = (node: Node): node is Template => node.type === "TemplateLiteral";
const isText = (node: Node): boolean =>
  node.type === "Literal" && "value" in node && typeof node.value === "string";

/** The outermost SQL literals in a node, in their order. */
const literalsIn = (node: Node, source: string): readonly Node[] =>
  Object.entries(node).flatMap(([key, value]) => {
    const members: readonly unknown[] = Array.isArray(value) ? value : [value];
    return members.filter(isNode).flatMap((member) => {
      const isLiteral = (isTemplate(member) || isText(member)) && !isFixed(node, key) &&
        isSql(source.slice(member.start, member.end).slice(1, -1));
      return isLiteral ? [member] : literalsIn(member, source);
    });
  });

/** A literal as a text with holes, and where each part of the text is in the source. */
const textOf = (literal: Node, source: string) => {
  const parts: { readonly at: number; readonly from: number; readonly text: string }[] = [];
  let at = 0;
  const add = (from: number, text: string): void => {
    parts.push({ at, from, text });
    at += text.length;
  };
  const inner = (node: Node, cutStart: number, cutEnd: number) =>
    source.slice(node.start + cutStart, node.end - cutEnd);
  const holes = isTemplate(literal) ? literal.expressions : [];
  if (!isTemplate(literal)) add(literal.start + 1, inner(literal, 1, 1));
  else {
    let from = literal.start + 1;
    for (const [index, expression] of holes.entries()) {
      const open = source.lastIndexOf("${", expression.start);
      add(from, source.slice(from, open));
      add(open, hole(index));
      from = source.indexOf("}", expression.end) + 1;
    }
    add(from, source.slice(from, literal.end - 1));
  }
  return {
    text: parts.map(({ text }) => text).join(""),
    holes,
    sourceOf: (place: number): number => {
      const part = parts.findLast((each) => each.at <= place) ?? { at: 0, from: literal.start };
      return part.from + place - part.at;
    },
  };
};

const HOLE = /\u0001(\d+)\u0001/g;

type Call = Node & {
  readonly callee: { readonly type: string; readonly property?: { readonly name?: string } };
  readonly arguments: readonly (Node & { readonly argument?: Node })[];
};

/** Methods that send a statement: a database's, and its driver's. */
const SENDING = ["query", "unsafe"];

const isQuery = (node: Node): node is Call =>
  node.type === "CallExpression" && SENDING.includes((node as Call).callee.property?.name ?? "");

/** The statements that a node sends: the first argument of each `….query(…)`, in their order. */
const sentIn = (node: Node): readonly Node[] => {
  const [first] = isQuery(node) ? node.arguments : [];
  const own = first === undefined ? [] : [first.argument ?? first];
  const parts: readonly unknown[] = Object.values(node).flat();
  const others = parts.filter(isNode).flatMap(sentIn);
  return [...own, ...others].toSorted((a, b) => a.start - b.start);
};

/** The text with each statement that is sent given to `strySent`. */
const withSent = (file: string, text: string): string => {
  let [written, at] = ["", 0];
  for (const { start, end } of sentIn(parseSync(file, text).program)) {
    written += `${text.slice(at, start)}strySent(${text.slice(start, end)})`;
    at = end;
  }
  return written + text.slice(at);
};

/** Instruments the SQL of one file; ids begin with `first`. */
const instrumentFile = (file: string, source: string, first: number) => {
  const mutants: Mutant[] = [];
  const idsFrom = (place: number) => mutants.slice(place).map(({ id }) => id);
  const write = (node: Node, from: number, to: number): string => {
    let [written, at] = ["", from];
    for (const literal of literalsIn(node, source)) {
      written += source.slice(at, literal.start) + writeLiteral(literal);
      at = literal.end;
    }
    return written + source.slice(at, to);
  };
  const writeLiteral = (literal: Node): string => {
    const { text, holes, sourceOf } = textOf(literal, source);
    const fill = (sql: string, of: (expression: Node) => string): string =>
      sql.replace(HOLE, (_, index) => {
        const expression = holes[Number(index)];
        return expression === undefined ? "" : `\${${of(expression)}}`;
      });
    const raw = ({ start, end }: Node): string => source.slice(start, end);
    const quote = isTemplate(literal) ? "`" : source.charAt(literal.start);
    const before = mutants.length;
    const choices = editsOf(text).map(({ start, end, replacement }: Edit) => {
      const id = String(first + mutants.length);
      const place = sourceOf(start);
      const line = source.slice(0, place).split("\n").length;
      mutants.push({
        id,
        file,
        line,
        kind: "Sql",
        source: onOneLine(source.split("\n")[line - 1] ?? ""),
        original: onOneLine(fill(text.slice(start, end), raw)),
        replacement: onOneLine(fill(replacement, raw)),
      });
      const changed = text.slice(0, start) + replacement + text.slice(end);
      return `stryIs("${id}") ? ${quote}${fill(changed, raw)}${quote} : `;
    });
    // Within a literal, the expressions are instrumented in the text as it is.
    const wrapped = (expression: Node): string => {
      const outer = { type: "Hole", start: expression.start, end: expression.end, expression };
      return write(outer, expression.start, expression.end);
    };
    const mark = choices.length === 0 ? "" : ` + stryMark("${idsFrom(before).join(" ")}")`;
    return `(${choices.join("")}${quote}${fill(text, wrapped)}${quote}${mark})`;
  };
  const { program } = parseSync(file, source);
  const written = write(program, 0, source.length);
  return { text: HEADER + withSent(file, written), mutants };
};

/** The mutants of the SQL in these files. */
export const instrumentSql = (texts: Texts): Instrumented => {
  const mutants: Mutant[] = [];
  const changed = [...texts].map(([file, source]): [string, string] => {
    const { text, mutants: made } = instrumentFile(file, source, mutants.length);
    mutants.push(...made);
    return [file, text];
  });
  return { texts: new Map(changed), mutants };
};
