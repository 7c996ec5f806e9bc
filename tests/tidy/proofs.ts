/** Faults that the tidy rules must find; `test-proofs.ts` has those of tests. */

/** The texts of a tree's files, by path. */
export type Files = Readonly<Record<string, string>>;

const lines = (count: number): string => "// a line\n".repeat(count);
const calls = (count: number): string => "  tick();\n".repeat(count);
const manifest = (dependencies: Files): string => JSON.stringify({ dependencies });
// Concatenated, so that this file does not break the rule that it tests.
const outside = ["", "work", "main", "notes"].join("/");
const beside = ["..", "shared", "seeds"].join("/");
const missing = ["NOTES", "md"].join(".");
const jargon = ["Who", "ever"].join("");

/** For each rule, by what it says: trees that break it once, and trees that only come close. */
export type Proofs = Readonly<
  Record<string, { readonly faults: readonly Files[]; readonly clean: readonly Files[] }>
>;

/** The rules that are not about tests alone. */
export const PROOFS: Proofs = {
  "a file has at most 300 lines": {
    faults: [{ "tests/a.ts": lines(301) }, { "http/a.ts": lines(400) }],
    clean: [{ "tests/a.ts": lines(300) }, { "README.md": lines(301) }],
  },
  "a function has at most 70 lines": {
    faults: [
      { "tests/a.ts": `function a() {\n${calls(69)}}\n` },
      { "tests/a.ts": `const a = () => {\n${calls(69)}};\n` },
      { "tests/a.ts": `class A {\n  a() {\n${calls(69)}  }\n}\n` },
    ],
    clean: [{ "tests/a.ts": `function a() {\n${calls(68)}}\n` }],
  },
  "imports make no cycle": {
    faults: [
      { "core/a.ts": `import "./b.ts";`, "core/b.ts": `import type { A } from "./a.ts";` },
      {
        "core/a.ts": `import "./b/b.ts";`,
        "core/b/b.ts": `export * from "./c.ts";`,
        "core/b/c.ts": `const a = () => import("../a.ts");`,
      },
      { "core/a.ts": `import "./a.ts";` },
    ],
    clean: [{
      "core/a.ts": `import "./b.ts"; import "./c.ts";`,
      "core/b.ts": `import "./c.ts";`,
      "core/c.ts": "",
    }],
  },
  "imports go one way: http → adapters/ledger → core, other adapters → core": {
    faults: [
      { "core/a.ts": `import "node:fs";` },
      { "core/a.ts": `import type { Log } from "../adapters/log/memory/mod.ts";` },
    ],
    clean: [{ "core/a.ts": `import "./values/money.ts";` }],
  },
  "what a module outside tests exports is used elsewhere, a type at least within it": {
    faults: [
      {
        "http/a.ts": "/** A. */\nexport const a = () => 1;\nexport const b = a;",
        "tests/b.ts": `import { b } from "../http/a.ts";`,
      },
      { "adapters/log/a.ts": `export type A = 1;` },
      { "adapters/log/a.ts": `export const a = 1;`, "core/a.ts": `import { a } from "./b.ts";` },
      { "http/a.ts": "export const [a] = [1];" },
      { "http/a.ts": "export const { b: [a] } = { b: [1] };" },
      { "http/a.ts": "export enum A {}" },
      { "http/a.ts": "export default 1;" },
      { "http/a.ts": "const a = 1;\nexport default a;" },
      { "http/a.ts": "/** A, not B. */\nexport type A = 1; // or A" },
      { "http/a.ts": "type A = 1;\nexport { type A };" },
      { "http/a.ts": "export type A = { readonly a: A };" },
      {
        "http/a.ts": "const a = 1;\nexport { a as b };",
        "http/b.ts": `import { a } from "./a.ts";`,
      },
      { "http/a.ts": `export { a } from "./b.ts";`, "http/b.ts": "export const a = 1;" },
      { "http/a.ts": `export * as a from "./b.ts";`, "http/b.ts": "export const a = 1;" },
      {
        "http/a.ts": `import { a } from "./b.ts";\nexport { a };`,
        "http/b.ts": "export const a = 1;",
      },
      {
        "http/a.ts": `export * from "./b.ts";`,
        "http/b.ts": "export const a = 1;\nexport const b = 1;",
        "http/c.ts": `import { a } from "./a.ts";`,
      },
      {
        "http/a.ts": `export const a = 1;\nexport * from "./b.ts";`,
        "http/b.ts": "",
        "http/c.ts": `import { a } from "./a.ts";`,
      },
    ],
    clean: [
      {
        "http/a.ts": "export type A = 1;\nexport type B = A;",
        "tests/b.ts": `export { type B } from "./a.ts";\nexport { type B } from "../http/a.ts";`,
      },
      {
        "http/a.ts": "const a = 1;\nexport { a as b };",
        "http/b.ts": `import { b } from "./a.ts";`,
      },
      { "http/a.ts": "export default 1;", "http/b.ts": `import a from "./a.ts";` },
      { "http/a.ts": "export const [a] = [1];", "http/b.ts": `import { a } from "./a.ts";` },
      {
        "package.json": `{"exports":{".":"./dist/lib/adapters/package/mod.js"}}`,
        "adapters/package/mod.ts": `export * from "../../http/a.ts";\nexport const b = 1;`,
        "http/a.ts": `export * from "./b.ts";`,
        "http/b.ts": `export { a } from "./c.ts";`,
        "http/c.ts": "export const a = 1;",
      },
      { "http/a.ts": "export const a = 1;", "http/b.ts": `import { a as b } from "./a.ts";` },
      { "http/a.ts": "export const a = 1;", "http/b.ts": `const b = () => import("./a.ts");` },
      { "http/a.ts": "export const a = 1;", "tests/b.ts": `export * from "../http/a.ts";` },
      {
        "http/a.ts": `export * from "./b.ts";`,
        "http/b.ts": `export * from "./c.ts";`,
        "http/c.ts": "export const a = 1;",
        "http/d.ts": `import { a } from "./a.ts";`,
      },
      { "tests/a.ts": "export const a = 1;" },
    ],
  },
  "a relative import ends in .ts (or .json)": {
    faults: [{ "core/a.ts": `import "./b";` }, { "core/a.ts": `export * from "./b.js";` }],
    clean: [{ "core/a.ts": `import "./b.ts"; import c from "./c.json" with { type: "json" };` }],
  },
  "effect is imported by subpath, since all of it costs 300 ms at the start": {
    faults: [{
      "adapters/ledger/a.ts": `import { Effect } from "effect";`,
      "package.json": manifest({ effect: "4.1.0" }),
    }],
    clean: [{
      "adapters/ledger/a.ts": `import * as Effect from "effect/Effect";`,
      "package.json": manifest({ effect: "4.1.0" }),
    }],
  },
  "a package that is imported is declared, outside tests as a dependency": {
    faults: [
      { "adapters/log/a.ts": `import "pg";` },
      { "adapters/log/a.ts": `import "@scope/one/sub";`, "package.json": manifest({}) },
      { "adapters/log/a.ts": `import "pg";`, "package.json": `{"devDependencies":{"pg":"1.0.0"}}` },
    ],
    clean: [
      { "adapters/log/a.ts": `import "pg/lib";`, "package.json": manifest({ pg: "1.0.0" }) },
      { "tests/a.ts": `import "pg";`, "package.json": `{"devDependencies":{"pg":"1.0.0"}}` },
    ],
  },
  "the root holds only the named files and folders, and dot files of tools": {
    faults: [{ "src/a.ts": "" }, { "notes.txt": "" }, { ".cache/a.txt": "" }],
    clean: [{ "core/a.ts": "", "README.md": "", ".editorconfig": "", ".ci/run": "" }],
  },
  "an exported function or class, and in core a type that is written out, has a doc comment": {
    faults: [
      { "http/a.ts": "// Not a doc comment.\nexport function a() {}" },
      { "http/a.ts": "/** Of the file. */\nimport './b.ts';\nexport const a = () => 1;" },
      { "http/a.ts": "class A {}\nexport { A };" },
      { "http/a.ts": "export default function () {}" },
      { "adapters/ledger/a.ts": "export const a = Effect.fn('a')(function* () {});" },
      { "core/a.ts": "export type A = { a: 1 };" },
      { "core/a.ts": "export interface A {}" },
    ],
    clean: [
      { "http/a.ts": "/** Adds. */\nexport function a(x: 1): 1;\nexport function a(x: 2) {}" },
      { "http/a.ts": "export type A = 1;\nfunction a() {}\nexport const b = 1;" },
      { "core/a.ts": "export type A = v.InferOutput<typeof A>;" },
      { "tests/a.ts": "export function a() {}" },
    ],
  },
  "an exported error class has a tag, by which copies of the package know its objects": {
    faults: [
      { "core/a.ts": "/** A. */\nexport class A extends Error {}\n" },
      { "adapters/b/b.ts": `/** B. */\nexport class B extends Unavailable {\n  tag = "B";\n}\n` },
      {
        "http/c.ts":
          `/** C. */\nexport class C extends RangeError {\n  static { tag(this, "D"); }\n}\n`,
      },
    ],
    clean: [
      {
        "core/a.ts": `/** A. */\nexport class A extends Error {\n  static { tag(this, "A"); }\n}\n`,
      },
      { "core/b.ts": "class B extends Error {}\n" },
      { "core/c.ts": "/** C. */\nexport class C extends State {}\n" },
      { "tests/d.ts": "export class D extends Error {}\n" },
    ],
  },
  "outside tests a switch ends in `unreachable`, so that a missing case does not compile": {
    faults: [
      { "core/a.ts": "switch (a) { case 1: b(); }" },
      { "adapters/log/a.ts": "switch (a) { case 1: b(); break; default: c(); }" },
      { "http/a.ts": "switch (a) { default: unreachable(a); break; case 1: b(); }" },
    ],
    clean: [
      { "core/a.ts": "switch (a) { case 1: b(); break; default: unreachable(a); }" },
      { "http/a.ts": "const c = () => { switch (a) { default: return unreachable(a); } };" },
      { "tests/a.ts": "switch (a) { case 1: b(); }" },
    ],
  },
  "versions in package.json are exact": {
    faults: [
      { "package.json": manifest({ hono: "^4.0.0" }) },
      { "package.json": manifest({ hono: "latest" }) },
      { "package.json": `{"devDependencies":{"tsx":"4.x"}}` },
    ],
    clean: [{ "package.json": manifest({ hono: "4.0.0", pg: "1.0.0-beta.2" }) }],
  },
  "a decoder of text says how it treats a byte order mark": {
    faults: [
      { "http/a.ts": "const decoder = new TextDecoder();" },
      { "core/a.ts": `const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);` },
    ],
    clean: [
      { "adapters/log/a.ts": `const decoder = new TextDecoder("utf-8", { ignoreBOM: true });` },
      { "tests/a.ts": "const decoder = new TextDecoder();" },
    ],
  },
  "a comment is at most 100 columns wide": {
    faults: [
      { "core/a.ts": `// ${"a".repeat(98)}` },
      { "core/a.ts": `/**\n * ${"a ".repeat(50)}\n */` },
      { "tests/a.ts": `const a = 1; /* ${"a ".repeat(50)}\n */` },
      { "tests/a.ts": `const a = ${"1 + ".repeat(20)}1; // with the reason` },
    ],
    clean: [
      { "core/a.ts": `// ${"a".repeat(97)}` },
      { "core/a.ts": `/* a */ const a = "${"a".repeat(100)}";` },
      { "http/generated/a.ts": `// ${"a".repeat(98)}` },
      { "README.md": "a ".repeat(100) },
    ],
  },
  "no file names a folder of a developer's machine": {
    faults: [{ "README.md": `See ${outside}.` }, { "core/a.ts": `const at = "${outside}";` }],
    clean: [{ "README.md": "See core/work/lists.ts, ./work/a and http://localhost/workers/." }],
  },
  "comments and documents say it in the field's words": {
    faults: [{ "README.md": `${jargon} reads this.` }, {
      "core/a.ts": `// ${jargon} asks.`,
    }, {
      "core/a.ts": `const works${["By", "Itself"].join("")} = true;`,
    }, {
      "tests/a.test.ts": `test("a number that is ${["go", "ne"].join("")}", () => {});`,
    }, {
      "core/a.ts": `const OPEN_${["DO", "ORS"].join("")} = 1;`,
    }, {
      "core/a.ts": `// The text is ${["n", "o"].join("")} number.`,
    }],
    clean: [
      { "README.md": "The caller is notified; a whole livedata stream, indoors." },
      { "core/a.ts": "// There is no such row, and it is no longer needed. It stands for one." },
      { "core/a.ts": "const callsAtOnce = isNoAddress(a);" },
    ],
  },
  "what is cited is a document of the repository, by its path": {
    faults: [
      { "core/a.ts": `// See core/${missing}.` },
      { "README.md": `[It](${missing})` },
      { "core/a/b.ts": `// As c${"on"}tract, Speko has it (c${"on"}tract, Speko).` },
    ],
    clean: [{
      "core/README.md": "See ../README.md.",
      "README.md": "See core/README.md, [it](core/README.md#a) and https://example.com/a.md.",
      "core/a.ts": "// Each port has a contract suite; see README.md and core/README.md.",
    }],
  },
  "only guarded tests look beside the project": {
    faults: [{ "README.md": `See ${beside}.` }, { ".ci/run": `cat ${beside}` }],
    clean: [{ "tests/http/seeds.test.ts": `const folder = "${beside}";` }],
  },
};
