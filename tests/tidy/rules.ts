/**
 * The rules of the code base that can be checked automatically. The list at the end gives an
 * overview.
 */
import { posix } from "node:path";
import { cycles } from "./cycles.ts";
import { type Export, type Module, WIDTH } from "./module.ts";
import { forbids, isRelative, packageOf } from "./layers.ts";
import type { TextFile, Tree } from "./tree.ts";
import { unusedExports } from "./unused.ts";
import { fixedWaits } from "./waits.ts";
import { jargonIn } from "./words.ts";

/** A place where a rule is broken. */
export type Finding = { readonly path: string; readonly line: number; readonly message: string };

/** What a rule says, and where a tree breaks it. */
export type Rule = { readonly says: string; readonly find: (tree: Tree) => readonly Finding[] };

const FILE_LINES = 300;
const FUNCTION_LINES = 70;

const inModules =
  (find: (module: Module) => readonly Omit<Finding, "path">[]): Rule["find"] => (tree) =>
    tree.modules.flatMap((module) =>
      find(module).map((finding) => ({ path: module.path, ...finding }))
    );

const inLines = (
  of: (file: TextFile) => boolean,
  find: (line: string) => string | null,
): Rule["find"] =>
(tree) =>
  tree.files.filter(of).flatMap(({ path, text }) =>
    text.split("\n").flatMap((content, index) => {
      const message = find(content);
      return message === null ? [] : [{ path, line: index + 1, message }];
    })
  );

const imports = (find: (specifier: string, from: string) => string | null): Rule["find"] =>
  inModules(({ path, imports }) =>
    imports.flatMap(({ specifier, line }) => {
      const message = find(specifier, path);
      return message === null ? [] : [{ line, message }];
    })
  );

const needsDoc = (path: string, { kind }: Export): boolean =>
  kind === "function" || kind === "class"
    ? /^(core|adapters|http)\//.test(path)
    : kind === "type" && path.startsWith("core/");

/** An error class that is exported; a subclass of one is one too. */
const ERROR_CLASS = /^export class (\w+) extends (?:\w*Error|Unavailable)\b/gm;

const untagged: Rule["find"] = (tree) =>
  tree.files.filter(({ path }) => /^(core|adapters|http)\/.*\.ts$/.test(path)).flatMap(
    ({ path, text }) =>
      [...text.matchAll(ERROR_CLASS)].filter(([, name]) => !text.includes(`tag(this, "${name}")`))
        .map(({ 1: name, index }) => ({
          path,
          line: text.slice(0, index).split("\n").length,
          message: `class ${name}`,
        })),
  );

type Dependencies = Readonly<Record<string, string>>;

const dependenciesOf = (tree: Tree, kinds: readonly string[]): Dependencies => {
  const text = tree.files.find(({ path }) => path === "package.json")?.text ?? "{}";
  const manifest: Readonly<Record<string, Dependencies | undefined>> = JSON.parse(text);
  return Object.assign({}, ...kinds.map((kind) => manifest[kind] ?? {}));
};

const SHIPPED = ["dependencies", "optionalDependencies", "peerDependencies"];
const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

const ROOT = new Set(
  `core/ adapters/ http/ tests/ .ci/ deno.json package.json package-lock.json tsconfig.json LICENSE
  README.md ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md SECURITY.md`.split(/\s+/),
);

/** Files whose words are those of their time, or of others. */
const UNSPOKEN = new Set(["CHANGELOG.md", "package-lock.json"]);

/** A path from the machine's root, and not one that ends in such a name. */
const MACHINE = new RegExp(String.raw`(?<![\w.~*}-])/(${["work", "tmp/bash_jobs"].join("|")})/`);
const BESIDE = new RegExp(["\\.\\.", "shared"].join("/"));

/**
 * A document that nobody can look up: it is cited by a name, not by its path. Each name has a
 * letter in brackets, so that this file does not break the rule.
 */
const NAMED = /\((?:the )?c[o]ntract[,:)]|\(d[o]main: [A-Z]|\bs[e]ed \d{3}\b/;

/** A document by its path; what comes before may not make it a part of a URL. */
const DOCUMENT = /(?<![\w/.:-])(?:\.{0,2}\/)?(?:[\w-]+\/|\.\.\/)*[\w-]+\.md\b/g;

/** Cited by a name, or by a path that leads nowhere, from the root or from the file's folder. */
const unknownDocuments: Rule["find"] = (tree) => {
  const paths = new Set(tree.files.map(({ path }) => path));
  const isThere = (from: string, cited: string): boolean =>
    paths.has(cited) || paths.has(posix.join(posix.dirname(from), cited));
  return tree.files.filter(({ path }) => path !== "CHANGELOG.md").flatMap(({ path, text }) =>
    text.split("\n").flatMap((content, index) => {
      const missing = (content.match(DOCUMENT) ?? []).filter((cited) => !isThere(path, cited));
      return [...content.match(NAMED) ?? [], ...missing]
        .map((message) => ({ path, line: index + 1, message }));
    })
  );
};

const undeclared: Rule["find"] = (tree) => {
  const shipped = dependenciesOf(tree, SHIPPED);
  const all = dependenciesOf(tree, [...SHIPPED, "devDependencies"]);
  return imports((specifier, from) => {
    const name = packageOf(specifier);
    if (isRelative(specifier) || name === "node:") return null;
    // Examples and third-party projects import the package itself, as their readers will.
    if (name === "ledgerline" && from.startsWith("tests/")) return null;
    if (!(name in all)) return `package.json does not name ${name}`;
    return from.startsWith("tests/") || name in shipped
      ? null
      : `${name} is installed for development only`;
  })(tree);
};

/** Every rule. Each is proved in tidy.test.ts by a fault that it must find. */
export const RULES: readonly Rule[] = [
  {
    says: `a file has at most ${FILE_LINES} lines`,
    find: inModules(({ lines }) =>
      lines <= FILE_LINES ? [] : [{ line: FILE_LINES + 1, message: `${lines} lines` }]
    ),
  },
  {
    says: `a function has at most ${FUNCTION_LINES} lines`,
    find: inModules(({ functions }) =>
      functions.filter(({ lines }) => lines > FUNCTION_LINES)
        .map(({ line, lines }) => ({ line, message: `a function of ${lines} lines` }))
    ),
  },
  {
    says: "imports make no cycle",
    find: ({ modules }) =>
      cycles(modules).map((cycle) => ({
        path: cycle[0] ?? "",
        line: 1,
        message: cycle.join(" → "),
      })),
  },
  {
    says: "imports go one way: http → adapters/ledger → core, other adapters → core",
    find: imports((specifier, from) => forbids(from, specifier)),
  },
  {
    says: "what a module outside tests exports is used elsewhere, a type at least within it",
    find: unusedExports,
  },
  {
    says: "a relative import ends in .ts (or .json)",
    find: imports((specifier) =>
      isRelative(specifier) && !/\.(ts|json)$/.test(specifier) ? `"${specifier}"` : null
    ),
  },
  {
    says: "effect is imported by subpath, since all of it costs 300 ms at the start",
    find: imports((specifier) => specifier === "effect" ? `"${specifier}"` : null),
  },
  {
    says: "a package that is imported is declared, outside tests as a dependency",
    find: undeclared,
  },
  {
    says: "the root holds only the named files and folders, and dot files of tools",
    find: ({ root }) =>
      root.filter((name) => !ROOT.has(name) && (!name.startsWith(".") || name.endsWith("/")))
        .map((name) => ({ path: name, line: 1, message: "does not belong in the root" })),
  },
  {
    says:
      "an exported function or class, and in core a type that is written out, has a doc comment",
    find: inModules(({ path, exports }) =>
      exports.filter((exported) => needsDoc(path, exported) && !exported.documented)
        .map(({ name, kind, line }) => ({ line, message: `${kind} ${name}` }))
    ),
  },
  {
    says: "an exported error class has a tag, by which copies of the package know its objects",
    find: untagged,
  },
  {
    says: "outside tests a switch ends in `unreachable`, so that a missing case does not compile",
    find: inModules(({ path, openSwitches }) =>
      path.startsWith("tests/")
        ? []
        : openSwitches.map((line) => ({ line, message: "a switch that may meet no case" }))
    ),
  },
  {
    says: "only a test file has hooks around all of its tests: its modules serve other files too",
    find: inModules(({ path, hooks }) =>
      path.startsWith("tests/") && !path.endsWith(".test.ts")
        ? hooks.map(({ what, line }) => ({ line, message: what }))
        : []
    ),
  },
  {
    says: "versions in package.json are exact",
    find: (tree) =>
      Object.entries(dependenciesOf(tree, [...SHIPPED, "devDependencies"]))
        .filter(([, version]) => !EXACT.test(version))
        .map(([name, version]) => ({
          path: "package.json",
          line: 1,
          message: `${name}: ${version}`,
        })),
  },
  {
    says: "no test is left out for good, and none runs alone",
    find: inModules(({ skipped }) => skipped.map(({ what, line }) => ({ line, message: what }))),
  },
  {
    says: "a test waits for a condition by `until`, or by `pause` for a time that has a reason",
    find: fixedWaits,
  },
  {
    says: "a decoder of text says how it treats a byte order mark",
    find: inLines(
      ({ path }) => /^(core|adapters|http)\/.*\.ts$/.test(path),
      (line) =>
        /new TextDecoder(Stream)?\(/.test(line) && !line.includes("ignoreBOM") ? line.trim() : null,
    ),
  },
  {
    says: `a comment is at most ${WIDTH} columns wide`,
    find: inModules(({ path, wideComments }) =>
      path.includes("/generated/") ? [] : wideComments.map((line) => ({ line, message: "wider" }))
    ),
  },
  {
    says: "no file names a folder of a developer's machine",
    find: inLines(() => true, (line) => MACHINE.exec(line)?.[0] ?? null),
  },
  {
    says: "comments and documents say it in the field's words",
    find: inLines(({ path }) => !UNSPOKEN.has(path) && !path.includes("/generated/"), jargonIn),
  },
  {
    says: "what is cited is a document of the repository, by its path",
    find: unknownDocuments,
  },
  {
    says: "only guarded tests look beside the project",
    find: inLines(
      ({ path }) => !path.startsWith("tests/"),
      (line) => BESIDE.exec(line)?.[0] ?? null,
    ),
  },
];

/** Every place where the tree breaks a rule, one line of text each: `path:line  rule: what`. */
export const report = (tree: Tree): readonly string[] =>
  RULES.flatMap(({ says, find }) =>
    find(tree).map(({ path, line, message }) => `${path}:${line}  ${says}: ${message}`)
  );
