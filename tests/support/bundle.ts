/** Programs that are built, and then start several times as fast as their sources. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * A folder that is removed when this process ends. It is below `dist`: PGlite, which is not
 * bundled, is found from there.
 */
const newDist = (): string => {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "dist", "test-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const execute = (program: string, given: readonly string[]): void => {
  execFileSync(program, given, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
};

let server: string | null = process.env["TESTS_SERVER"] ?? null;

/**
 * The path of the server's program: what `tests/run.ts` built for its whole run and names in
 * `TESTS_SERVER`, or else what is built now, once for this process.
 */
export const serverProgram = (): string => {
  if (server !== null) return server;
  const folder = newDist();
  execute("npm", ["run", "-s", "build", "--", `--outdir=${folder}`]);
  return server = join(folder, "server.js");
};

const made = new Map<string, string>();

const bundle = (path: string): string => {
  const file = join(newDist(), "program.js");
  execute(join(ROOT, "node_modules/.bin/esbuild"), [
    path,
    "--bundle",
    "--platform=node",
    "--target=node20",
    "--format=esm",
    "--external:@electric-sql/pglite",
    "--log-level=warning",
    `--outfile=${file}`,
  ]);
  return file;
};

/** The program at a path, or at one below the root, bundled once for this process. */
export const bundleOf = (path: string): string => {
  const file = made.get(path) ?? bundle(path);
  made.set(path, file);
  return file;
};
