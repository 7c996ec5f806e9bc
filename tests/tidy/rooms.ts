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

const ENTRIES = ["adapters/runtimes", "adapters/cli", "adapters/package"];
const isEntry = (path: string): boolean => ENTRIES.some((entry) => within(entry)(path));

/**
 * What several rooms share: SQL, how a request is sent, a digest, and how arguments are checked.
 */
const SHARED = ["adapters/log/sql", "adapters/fetch", "adapters/hash", "adapters/validation"];

/** The adapters of one port are a family: `adapters/log/pglite` is one of `adapters/log`. */
const family = (path: string): string => path.split("/").slice(0, 2).join("/");

const ROOMS: readonly Room[] = [
  { name: "core", holds: within("core"), folders: ["core"], packages: ["valibot"] },
  {
    name: "http",
    holds: within("http"),
    folders: ["core", "adapters/ledger", "adapters/validation", "http"],
    packages: ["hono", "valibot", "libphonenumber-js"],
  },
  {
    name: "adapters/ledger",
    holds: within("adapters/ledger"),
    folders: ["core", "adapters/ledger", "adapters/hash", "adapters/validation"],
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
 * The floors of a room, from the ground up: a file may import from its own floor, and from those
 * below.
 */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  core: [
    "values",
    "ports",
    "events",
    "log",
    "organization",
    "number",
    "verification",
    "reconciliation",
    "billing",
    "registry",
  ],
  "adapters/ledger": ["api", "engine", "automations", "calls", "arguments", "feed", "rebuild"],
};

/**
 * Which floor of a room a file is on: the height of its folder; a file beside the floors is above
 * them.
 */
const floorOf = (room: string, path: string): number => {
  const floors = FLOORS[room] ?? [];
  const at = floors.indexOf(path.slice(room.length + 1).split("/")[0] ?? "");
  return at === -1 ? floors.length : at;
};

/** Why an import between the floors of one room goes up; null when it does not. */
const goesUp = (from: string, target: string): string | null => {
  const room = Object.keys(FLOORS).find((name) => within(name)(from) && within(name)(target));
  if (room === undefined || floorOf(room, from) >= floorOf(room, target)) return null;
  return `${from} is on a floor of ${room} below that of ${target}`;
};

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
    return goesUp(from, target);
  }
  return `${room.name} may import only from ${room.folders.join(", ")}, not ${target}`;
};
