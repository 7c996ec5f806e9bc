import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./command.ts";
import { readTree } from "./tree.ts";

const OUTSIDE = new Set(["node_modules", "dist", ".git"]);

/** Every Markdown file below a folder. */
const documentsIn = (folder: string): readonly string[] =>
  readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return OUTSIDE.has(entry.name) ? [] : documentsIn(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });

/** The anchors of a document's headings, as GitHub makes them. */
const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title.trim().toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-")
    ),
  );

/** The broken links of a document within the project. */
const brokenIn = (path: string): readonly string[] => {
  const text = readFileSync(`${ROOT}${path}`, "utf8");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link)).filter((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : join(dirname(path), file);
    if (!existsSync(`${ROOT}${target}`)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(`${ROOT}${target}`, "utf8")).has(anchor);
  }).map((link) => `${path}: ${link}`);
};

test("every link between documents leads to an existing file and heading", () => {
  const documents = documentsIn(".");
  assert.ok(documents.length >= 5);
  assert.deepEqual(documents.flatMap(brokenIn), []);
});

const { files } = readTree(ROOT);
const paths = files.map(({ path }) => path);

/** A file or a folder, as documents write them in code. */
const FILE = /`([\w./-]+\.(?:ts|mts|mjs|json|jsonc|js))`/g;
const FOLDER = /`((?:core|adapters|http|tests)(?:\/[\w.-]+)+)`/g;

/** Whether a document below `from` may mean this file: from the root, from its folder, or by name. */
const isFile = (from: string, name: string): boolean =>
  paths.includes(name) || paths.includes(join(from, name)) ||
  paths.some((path) => path.endsWith(`/${name}`));

const isFolder = (name: string): boolean =>
  paths.some((path) => path === name || path.startsWith(`${name}/`));

test("every file and folder that a document names exists", () => {
  const missing = files.filter(({ path }) => path.endsWith(".md") && path !== "CHANGELOG.md")
    .flatMap(({ path, text }) =>
      [
        ...[...text.matchAll(FILE)].map(([, name = ""]) => name)
          .filter((name) => !isFile(dirname(path), name)),
        ...[...text.matchAll(FOLDER)].map(([, name = ""]) => name)
          .filter((name) => !isFolder(name) && !isFile("", name)),
      ].map((name) => `${path}: ${name}`)
    );
  assert.deepEqual(missing, []);
});

test("ARCHITECTURE.md says of every library why it is there", () => {
  const text = readFileSync(`${ROOT}ARCHITECTURE.md`, "utf8");
  const [, table = ""] = text.split("## Why these libraries");
  const named = new Set(
    [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, names = ""]) =>
      names.match(/[@\w/-]+/g) ?? []
    ),
  );
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(`${ROOT}package.json`, "utf8"),
  );
  const installed = Object.keys({ ...dependencies, ...devDependencies });
  assert.deepEqual(installed.filter((name) => !named.has(name)), []);
});
