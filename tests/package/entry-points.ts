/** The entry points of the package: what `exports` of package.json and deno.json lead to. */
import { readFileSync } from "node:fs";
import { ROOT } from "../tidy/command.ts";

const read = (path: string): unknown => JSON.parse(readFileSync(`${ROOT}${path}`, "utf8"));

/** What both manifests of the package have. */
export type Manifest = {
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
};

/** What only npm reads. */
type NpmManifest = Manifest & {
  readonly files: readonly string[];
  readonly engines: { readonly node: string };
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
};

/** What npm read when it wrote package-lock.json. */
export const lockedJson = (): NpmManifest => {
  const { packages: { "": locked } } = read("package-lock.json") as {
    readonly packages: { readonly "": NpmManifest };
  };
  return locked;
};

export const packageJson = (): NpmManifest => read("package.json") as NpmManifest;

export const denoJson = (): Manifest => read("deno.json") as Manifest;

/** The sources of the programs of the package. */
export const programSources = (): readonly string[] =>
  Object.values(packageJson().bin).map((path) =>
    path.replace(`${BUILT}/`, "").replace(/\.js$/, ".ts")
  );

/** Where the package is built, and what `npm pack` takes. */
export const BUILT = "dist/lib";

/** The documents that npm packs. */
export const packedDocuments = (): readonly string[] => [
  "README.md",
  ...packageJson().files.filter((path) => path.endsWith(".md")),
];

/** The source of an entry point that Deno reads, and what is built of it. */
export const builtOf = (source: string): string =>
  source.replace(/^\.\//, `./${BUILT}/`).replace(/\.ts$/, ".js");
