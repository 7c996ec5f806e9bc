/** The rooms of the house, and what a file in each may import. Arrows point one way. */
import { posix } from "node:path";

/** What a room may import. Where a list is missing, it may import anything of that sort. */
type Room = {
  readonly name: string;
  readonly holds: (path: string) => boolean;
  /** Folders, each with everything below it. */
  readonly folders?: readonly string[];
  /** Packages with their subpaths; `node:` stands for all of Node's built-ins. */
  readonly packages?: readonly string[];
};

const within = (folder: string) => (path: string): boolean => path.startsWith(`${folder}/`);

const ENTRIES = [
  "adapters/server",
  "adapters/node",
  "adapters/deno",
  "adapters/workerd",
  "adapters/cli",
  "adapters/library",
  "adapters/doors",
];
const isEntry = (path: string): boolean => ENTRIES.some((entry) => within(entry)(path));

/** What several rooms share: SQL, how a request is sent, and a digest. */
const SHARED = ["adapters/log/sql", "adapters/fetch", "adapters/hash"];

/** The adapters of one port are a family: `adapters/log/pglite` is one of `adapters/log`. */
const family = (path: string): string => path.split("/").slice(0, 2).join("/");

const ROOMS: readonly Room[] = [
  { name: "core", holds: within("core"), folders: ["core"], packages: ["valibot"] },
  {
    name: "http",
    holds: within("http"),
    folders: ["core", "adapters/ledger", "http"],
    packages: ["hono", "valibot", "libphonenumber-js"],
  },
  {
    name: "adapters/ledger",
    holds: within("adapters/ledger"),
    folders: ["core", "adapters/ledger", "adapters/hash"],
    packages: ["effect", "valibot", "node:"],
  },
  { name: "an entry", holds: isEntry, folders: ["core", "adapters", "http"] },
  { name: "tests", holds: within("tests") },
];

/** The room of a file; every adapter family that is not named above is a room of its own. */
const roomOf = (path: string): Room | null => {
  const known = ROOMS.find(({ holds }) => holds(path));
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
  const room = roomOf(from);
  if (room === null) return null;
  if (!isRelative(specifier)) {
    const { packages } = room;
    if (packages === undefined || packages.includes(packageOf(specifier))) return null;
    return `${room.name} may import only the packages ${packages.join(", ")}, not "${specifier}"`;
  }
  const target = resolveFrom(from, specifier);
  if (isEntry(target) && !isEntry(from) && !within("tests")(from)) {
    return `an entry is imported only by entries and tests: ${target}`;
  }
  if (room.folders === undefined || room.folders.some((folder) => within(folder)(target))) {
    return null;
  }
  return `${room.name} may import only from ${room.folders.join(", ")}, not ${target}`;
};
