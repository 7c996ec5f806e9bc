import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { AUTOMATIONS } from "../../core/values/identity.ts";
import { ROOT } from "./command.ts";
import { readTree, type TextFile } from "./tree.ts";

const { files } = readTree(ROOT);
const paths = files.map(({ path }) => path);
const documents = files.filter(({ path }) => path.endsWith(".md"));

/** The anchors of a document's headings, as GitHub makes them. */
const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title.trim().toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-")
    ),
  );

/** The broken links of a document within the project. */
const brokenIn = ({ path, text }: TextFile): readonly string[] => {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link)).filter((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : join(dirname(path), file);
    if (!existsSync(`${ROOT}${target}`)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(`${ROOT}${target}`, "utf8")).has(anchor);
  }).map((link) => `${path}: ${link}`);
};

test("every link between documents leads to an existing file and heading", () => {
  assert.ok(documents.length >= 5);
  assert.deepEqual(documents.flatMap(brokenIn), []);
});

/** A file or a folder, as documents write them in code; `*` is any part of a name. */
const FILE = /`([\w./*-]+\.(?:ts|mts|mjs|json|jsonc|js))`/g;
const FOLDER = /`((?:core|adapters|http|tests)(?:\/[\w.*-]+)+)`/g;

/**
 * Whether a document below `from` may mean this file: from its folder, from the root, or by name.
 */
const isFile = (from: string, name: string): boolean => {
  const pattern = name.replaceAll(".", "\\.").replaceAll("*", "[^/]*");
  const atEnd = new RegExp(`(?:^|/)${pattern}$`);
  return paths.includes(join(from, name)) || paths.some((path) => atEnd.test(path));
};

const isFolder = (name: string): boolean =>
  paths.some((path) => path === name || path.startsWith(`${name}/`));

test("every file and folder that a document names exists", () => {
  const named = documents.filter(({ path }) => path !== "CHANGELOG.md")
    .flatMap(({ path, text }) => [
      ...[...text.matchAll(FILE)].map(([, name = ""]) => ({ path, name, from: dirname(path) })),
      ...[...text.matchAll(FOLDER)].map(([, name = ""]) => ({ path, name, from: "" })),
    ]);
  assert.ok(named.filter(({ path }) => path === "SECURITY.md").length > 40);
  const missing = named.filter(({ from, name }) => !isFolder(name) && !isFile(from, name));
  assert.deepEqual(missing, []);
});

/** A file that a comment names; a `*` before it makes it a kind of name. */
const IN_COMMENT =
  /(?<![\w./*-])\w[\w./-]*\.ts\b|(?<![\w./*-])(?:core|adapters|http|tests)\/[\w/.-]*\w/g;
const COMMENTS = /\/\*\*?[\s\S]*?\*\/|^ *\/\/.*$/gm;

test("every file and folder that a comment names exists", () => {
  const named = files.filter(({ path }) => path.endsWith(".ts"))
    .flatMap(({ path, text }) =>
      (text.match(COMMENTS) ?? []).flatMap((comment) => comment.match(IN_COMMENT) ?? [])
        .map((name) => ({ path, name }))
    );
  assert.ok(named.length > 40);
  const missing = named.filter(({ path, name }) => !isFolder(name) && !isFile(dirname(path), name));
  assert.deepEqual(missing, []);
});

test("ARCHITECTURE.md has every automation in its table, once", () => {
  const text = readFileSync(`${ROOT}ARCHITECTURE.md`, "utf8");
  const [, rest = ""] = text.split("## Automations");
  const [section = ""] = rest.split("\n## ");
  const [, ...named] = [...section.matchAll(/^\| (\w+) +\|/gm)].map(([, name]) => name);
  assert.deepEqual(named.toSorted(), AUTOMATIONS.toSorted());
});

test("ARCHITECTURE.md says of every library why it is there", () => {
  const text = readFileSync(`${ROOT}ARCHITECTURE.md`, "utf8");
  const [, table = ""] = text.split("## Why these libraries");
  const named = new Set(
    [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, names = ""]) =>
      names.match(/[@\w/.-]+/g) ?? []
    ),
  );
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(`${ROOT}package.json`, "utf8"),
  );
  const installed = Object.keys({ ...dependencies, ...devDependencies });
  assert.deepEqual(installed.filter((name) => !named.has(name)), []);
});
