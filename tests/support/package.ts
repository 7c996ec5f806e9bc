/** The package as npm packs it, and projects that it is installed in, without any registry. */
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { readTar, type TarEntry } from "../../adapters/log/pglite/tar.ts";
import { BUILT, packageJson, packedDocuments } from "../package/entry-points.ts";
import { ROOT } from "../tidy/command.ts";

const LIMIT_MS = 300_000;

/** What npm packs besides what is built. */
const BESIDE = ["package.json", "LICENSE", ...packedDocuments()];

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerline-package-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Where a program is: Node itself, npm, or one that is installed here for development. */
const locate = (program: string): string => {
  if (program === "node") return process.execPath;
  return program === "npm" ? program : join(ROOT, "node_modules", ".bin", program);
};

/** Runs a program in a folder and returns what it printed; throws with all of it when it fails. */
export const runIn = (
  folder: string,
  program: string,
  parameters: readonly string[],
): Promise<string> =>
  new Promise((resolve, reject) => {
    // Set by Node's test runner, it would make a program's tests report to it.
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    const options = {
      cwd: folder,
      env: { ...environment, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      timeout: LIMIT_MS,
      maxBuffer: 64 * 1024 * 1024,
    };
    execFile(locate(program), parameters, options, (error, out, err) => {
      if (error === null) resolve(out);
      else reject(new Error(`${program} ${parameters.join(" ")}: ${error.message}\n${out}${err}`));
    });
  });

/** Builds and packs the package in its own folder; returns the path of the tarball. */
export const packPackage = async (): Promise<string> => {
  const folder = newFolder();
  for (const name of BESIDE) cpSync(join(ROOT, name), join(folder, name));
  const build = ["--import", "tsx", "tests/package/build.ts", join(folder, BUILT)];
  await runIn(ROOT, "node", build);
  await runIn(folder, "npm", ["pack", "--ignore-scripts"]);
  const [name] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  if (name === undefined) throw new Error("npm packed nothing");
  return join(folder, name);
};

/** The files in a tarball, by their paths in the package. */
export const filesIn = (tarball: string): ReadonlyMap<string, Uint8Array> => {
  const isFile = (entry: TarEntry): entry is TarEntry & { readonly content: Uint8Array } =>
    entry.content !== null;
  return new Map(
    readTar(gunzipSync(readFileSync(tarball))).filter(isFile)
      .map(({ name, content }) => [name.replace(/^package\//, ""), content]),
  );
};

const link = (folder: string, name: string): void => {
  const path = join(folder, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules", name), path, "dir");
};

/**
 * An empty project in which the package is installed from its tarball, with the dependencies that
 * it declares and no others (they are linked to those that are installed here), and packages
 * `besides`, which the project has for itself.
 */
export const installPackage = (tarball: string, besides: readonly string[] = []): string => {
  const folder = newFolder();
  // As `npm init -y` makes it: only what their names say makes its files modules.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "commonjs" }));
  for (const [path, content] of filesIn(tarball)) {
    const target = join(folder, "node_modules", "ledgerline", path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  for (const name of [...Object.keys(packageJson().dependencies), ...besides]) link(folder, name);
  return folder;
};
