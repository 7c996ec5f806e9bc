/** The package's entry points as bundlers bundle them. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { build, type BuildOptions, type Metafile, type OutputFile } from "esbuild";
import { ROOT } from "../tidy/command.ts";

/** What esbuild says of a bundle, with its metafile. */
export type Bundle = { readonly files: readonly OutputFile[]; readonly metafile: Metafile };

/** Bundles from the sources; throws where there is an error. */
export const bundle = async (options: BuildOptions): Promise<Bundle> => {
  const { outputFiles = [], metafile } = await build({
    absWorkingDir: ROOT,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    logLevel: "silent",
    ...options,
    metafile: true,
  });
  return { files: outputFiles, metafile };
};

/**
 * A folder outside the project, from which its dependencies are found; deleted with this process.
 */
export const openProject = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerline-bundles-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
  return folder;
};

/** What a bundle loads that is not in it, each with the files that ask for it. */
export const externalsOf = ({ metafile }: Bundle) => {
  const askedBy = new Map<string, string[]>();
  for (const [file, { imports }] of Object.entries(metafile.inputs)) {
    for (const { path, external } of imports) {
      if (external !== true) continue;
      askedBy.set(path, [...askedBy.get(path) ?? [], file]);
    }
  }
  return askedBy;
};
