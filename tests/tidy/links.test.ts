import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./command.ts";

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
