/** The project as the tidy rules see it: its files, its root, its package.json. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Module, parseModule } from "./module.ts";

/** A text file; `path` counts from the project's root, with forward slashes. */
export type TextFile = { readonly path: string; readonly text: string };

/** What the rules examine. */
export type Tree = {
  /** Names in the project's root, folders with a slash at the end; ignored ones are left out. */
  readonly root: readonly string[];
  readonly files: readonly TextFile[];
  /** The TypeScript files among them, parsed. */
  readonly modules: readonly Module[];
};

/** The same names as in .gitignore: these folders hold no source of ours. */
const IGNORED = new Set(["node_modules", "dist", ".ledgerline", ".git"]);
const IGNORED_FILES = /\.tsbuildinfo$|^npm-debug\.log/;

const isModule = (path: string): boolean => path.endsWith(".ts") && !path.endsWith(".d.ts");

/**
 * Builds a tree out of files that are in memory, parsing the TypeScript ones.
 * Throws when one of them cannot be parsed.
 */
export const makeTree = (files: readonly TextFile[]): Tree => ({
  root: [
    ...new Set(files.map(({ path }) => path.includes("/") ? path.replace(/\/.*$/, "/") : path)),
  ],
  files,
  modules: files.filter(({ path }) => isModule(path)).map(({ path, text }) =>
    parseModule(path, text)
  ),
});

/**
 * Reads the project whose root folder is given: every text file, tracked or not, that .gitignore
 * does not leave out. It does not use git, so that it also works in an unpacked archive.
 */
export const readTree = (root: string): Tree => {
  const files: TextFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (IGNORED.has(entry.name) || IGNORED_FILES.test(entry.name)) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      if (!entry.isFile()) continue;
      const text = readFileSync(join(root, path), "utf8");
      if (!text.includes("\u0000")) files.push({ path, text });
    }
  };
  visit("");
  return makeTree(files);
};
