/** Programs in one file each, which start several times as fast as their sources. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const made = new Map<string, string>();

const bundle = (path: string): string => {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "dist", "test-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "program.js");
  execFileSync(join(ROOT, "node_modules/.bin/esbuild"), [
    path,
    "--bundle",
    "--platform=node",
    "--target=node20",
    "--format=esm",
    "--external:@electric-sql/pglite",
    "--log-level=warning",
    `--outfile=${file}`,
  ], { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  return file;
};

/**
 * The program at a path, or at one below the root, bundled once for this process. It is below `dist`: PGlite,
 * which is not bundled, is found from there.
 */
export const bundleOf = (path: string): string => {
  const file = made.get(path) ?? bundle(path);
  made.set(path, file);
  return file;
};
