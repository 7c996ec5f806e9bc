/** The folders of the code base, and what a file in each may import. Arrows point one way. */
import { posix } from "node:path";

/** What a folder may import. Where a list is missing, it may import anything of that kind. */
type Folder = {
  readonly name: string;
  readonly holds: (path: string) => boolean;
  /** Folders, each with everything below it. */
  readonly folders?: readonly string[];
  /** Packages with their subpaths; `node:` means all of Node's built-ins. */
  readonly packages?: readonly string[];
};

const within = (folder: string) => (path: string): boolean => path.startsWith(`${folder}/`);

const ENTRIES = ["adapters/runtimes", "adapters/cli", "adapters/package"];
const isEntry = (path: string): boolean => ENTRIES.some((entry) => within(entry)(path));

/** What all above core share: digests, signatures, how arguments are checked, numbers written. */
const BASE = [
  "adapters/hash",
  "adapters/validation",
  "adapters/numbering",
  "adapters/signatures",
];

/** What several folders share besides: SQL, and how a request is sent. */
const SHARED = ["adapters/log/sql", "adapters/fetch", ...BASE];

/** The adapters of one port are a family: `adapters/log/pglite` is one of `adapters/log`. */
const family = (path: string): string => path.split("/").slice(0, 2).join("/");

const FOLDERS: readonly Folder[] = [
  { name: "core", holds: within("core"), folders: ["core"], packages: ["valibot"] },
  {
    name: "http",
    holds: within("http"),
    folders: ["core", "adapters/ledger", ...BASE, "http"],
    packages: [
      "hono",
      "valibot",
      "libphonenumber-js",
      "@valibot/to-json-schema",
      "@modelcontextprotocol/server",
    ],
  },
  {
    name: "adapters/ledger",
    holds: within("adapters/ledger"),
    folders: ["core", "adapters/ledger", ...BASE],
    packages: ["effect", "valibot", "node:"],
  },
  { name: "an entry", holds: isEntry, folders: ["core", "adapters", "http"] },
  {
    name: "the testing kit",
    holds: (path) => within("tests/harness")(path) && !path.endsWith(".test.ts"),
    folders: ["core", "adapters", "http", "tests/harness"],
  },
  { name: "tests", holds: within("tests") },
];

/**
 * The layers of a folder, from the bottom up: a file may import from its own layer, and from those
 * below.
 */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [
    "values",
    "ports",
    "events",
    "log",
    "organization",
    "number",
    "verification",
    "reconciliation",
    "webhooks",
    "billing",
    "registry",
  ],
  "adapters/ledger": [
    "api",
    "arguments",
    "engine",
    "automations",
    "calls",
    "feed",
    "deliveries",
    "rebuild",
  ],
};

/** The layer of a file, by its subfolder's position; a file beside the layers is above them. */
const layerOf = (folder: string, path: string): number => {
  const layers = LAYERS[folder] ?? [];
  const at = layers.indexOf(path.slice(folder.length + 1).split("/")[0] ?? "");
  return at === -1 ? layers.length : at;
};

/** Why an import between the layers of one folder goes up; null when it does not. */
const goesUp = (from: string, target: string): string | null => {
  const folder = Object.keys(LAYERS).find((name) => within(name)(from) && within(name)(target));
  if (folder === undefined || layerOf(folder, from) >= layerOf(folder, target)) return null;
  return `${from} is in a layer of ${folder} below that of ${target}`;
};

/** The folder of a file; every adapter family that is not named above is a separate folder. */
const folderOf = (path: string): Folder | null => {
  const known = FOLDERS.find(({ holds }) => holds(path));
  if (known !== undefined || !within("adapters")(path)) return known ?? null;
  return {
    name: family(path),
    holds: within(family(path)),
    folders: ["core", family(path), ...SHARED],
  };
};

/** True for an import that is a path and not a package. */
export const isRelative = (specifier: string): boolean => specifier.startsWith(".");

/** The path, from the project's root, that a relative import in the file `from` leads to. */
export const resolveFrom = (from: string, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(from), specifier));

/** The package that a bare import belongs to; `node:` for all of Node's built-ins. */
export const packageOf = (specifier: string): string =>
  specifier.startsWith("node:")
    ? "node:"
    : specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");

/** Why the file `from` may not import this; null when it may. */
export const forbids = (from: string, specifier: string): string | null => {
  const folder = folderOf(from);
  if (folder === null) return null;
  if (!isRelative(specifier)) {
    const { packages } = folder;
    if (packages === undefined || packages.includes(packageOf(specifier))) return null;
    return `${folder.name} may import only the packages ${packages.join(", ")}, not "${specifier}"`;
  }
  const target = resolveFrom(from, specifier);
  if (isEntry(target) && !isEntry(from) && !within("tests")(from)) {
    return `an entry is imported only by entries and tests: ${target}`;
  }
  if (folder.folders === undefined || folder.folders.some((name) => within(name)(target))) {
    return goesUp(from, target);
  }
  return `${folder.name} may import only from ${folder.folders.join(", ")}, not ${target}`;
};
