/** Bundles test files with instrumented sources, so that a thread loads both in an instant. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { ROOT } from "../tidy/command.ts";
import type { Texts } from "./mutants.ts";

/** Test files that can be loaded, with the worker that runs them. */
export type Bundle = {
  readonly worker: URL;
  /** Where the test file of this path is. */
  readonly urlOf: (path: string) => string;
  readonly remove: () => void;
};

const HERE = "tests/mutation/";

/** Puts the instrumented texts in place; each module keeps its own `import.meta.url`. */
const sources = (texts: Texts): Plugin => ({
  name: "instrumented",
  setup: ({ onLoad, onResolve }) => {
    onResolve(
      { filter: /^node:test$/ },
      ({ importer }) =>
        importer.endsWith("node-test.ts")
          ? { external: true }
          : { path: `${ROOT}${HERE}node-test.ts` },
    );
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes("/node_modules/")) return null;
      const text = texts.get(relative(ROOT, path)) ?? readFileSync(path, "utf8");
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: text.replaceAll("import.meta.url", url), loader: "ts" };
    });
  },
});

/** Bundles these test files; packages stay where they are, beside which the bundle is put. */
export const bundle = async (files: readonly string[], texts: Texts): Promise<Bundle> => {
  const cache = join(ROOT, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "ledgerline-mutation-"));
  await build({
    absWorkingDir: ROOT,
    entryPoints: [`${HERE}worker.ts`, ...files],
    outdir: folder,
    outbase: ROOT,
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "warning",
    plugins: [sources(texts)],
  });
  const urlOf = (path: string): string =>
    pathToFileURL(join(folder, path.replace(/\.ts$/, ".js"))).href;
  return {
    worker: new URL(urlOf(`${HERE}worker.ts`)),
    urlOf,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
