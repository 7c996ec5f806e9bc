/**
 * Builds the package below `dist/lib`, or below the folder that is given: each entry point as a
 * module, what several of them need in chunks beside them, and the declarations. It is bundled,
 * because Node takes longer to find fifty small files than to run them; dependencies stay outside.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { ROOT, run } from "../tidy/command.ts";
import { BUILT, denoJson, programSources } from "./entry-points.ts";

const OUT = resolve(ROOT, process.argv[2] ?? BUILT);

const bundle = async (sources: readonly string[]): Promise<void> => {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [...sources],
    outdir: OUT,
    outbase: ".",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    logLevel: "warning",
  });
};

const SPECIFIER = /(\bfrom |\bimport\()"(\.[^"]+)\.ts"/g;

/** A name in a declaration that compilers know only with an additional library. */
const DISPOSABLE = "Symbol.asyncDispose";

/**
 * Declarations lead to each other as JavaScript does, for compilers that know no `.ts` in them, and
 * say what they need of a library that not every project names.
 */
const rewrite = (text: string): string => {
  const led = text.replace(SPECIFIER, '$1"$2.js"');
  return led.includes(DISPOSABLE) ? `/// <reference lib="esnext.disposable" />\n${led}` : led;
};

/**
 * The declarations that an entry point's lead to, with their text; the compiler also writes others.
 */
const reached = (entryPoints: readonly string[]): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    const text = readFileSync(join(OUT, path), "utf8");
    found.set(path, rewrite(text));
    for (const [, , target = ""] of text.matchAll(SPECIFIER)) {
      visit(posix.join(posix.dirname(path), `${target}.d.ts`));
    }
  };
  entryPoints.forEach(visit);
  return found;
};

const declare = async (sources: readonly string[]): Promise<void> => {
  const { ok, output } = await run("tsc", ["-p", "tests/package", "--outDir", OUT], {
    echo: false,
    limit_ms: 300_000,
  });
  if (!ok) throw new Error(output);
  const kept = reached(sources.map((source) => source.replace(/\.ts$/, ".d.ts")));
  for (const path of readdirSync(OUT, { recursive: true, encoding: "utf8" })) {
    if (path.endsWith(".d.ts")) rmSync(join(OUT, path));
  }
  for (const [path, text] of kept) {
    mkdirSync(dirname(join(OUT, path)), { recursive: true });
    writeFileSync(join(OUT, path), text);
  }
};

rmSync(OUT, { recursive: true, force: true });
const sources = Object.values(denoJson().exports).map((path) => posix.normalize(path));
try {
  await declare(sources);
  await bundle([...sources, ...programSources()]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
