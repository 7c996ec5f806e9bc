/** Exports that nothing uses. */
import { isRelative, resolveFrom } from "./layers.ts";
import type { Export, Import, Module } from "./module.ts";
import type { Tree } from "./tree.ts";

/** The modules of the package's entry points: what these export is used outside. */
const entryPoints = ({ files }: Tree): ReadonlySet<string> => {
  const text = files.find(({ path }) => path === "package.json")?.text ?? "{}";
  const { exports = {} }: { exports?: Readonly<Record<string, string>> } = JSON.parse(text);
  return new Set(
    Object.values(exports).map((built) =>
      built.replace(/^\.\/dist\/lib\//, "").replace(/\.js$/, ".ts")
    ),
  );
};

/** Which names of each module are used elsewhere, by the module's path; `*` is all of them. */
const usedNames = (modules: readonly Module[], isJudged: (module: Module) => boolean) => {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const used = new Map<string, Set<string>>();
  const targetsOf = ({ path, imports }: Module, of: (imported: Import) => boolean) =>
    imports.filter((imported) => isRelative(imported.specifier) && of(imported))
      .map(({ specifier, names }) => ({ target: resolveFrom(path, specifier), names }));
  const use = (path: string, name: string): void => {
    const names = used.get(path) ?? new Set();
    if (names.has(name)) return;
    used.set(path, names.add(name));
    const module = byPath.get(path);
    const isOwn = name !== "*" && module?.exports.some((exported) => exported.name === name);
    if (module === undefined || isOwn === true) return;
    for (const { target } of targetsOf(module, ({ names }) => names === "passed on")) {
      use(target, name);
    }
  };
  for (const module of modules) {
    for (const { target, names } of targetsOf(module, () => true)) {
      if (names === "passed on" && isJudged(module)) continue;
      for (const name of typeof names === "string" ? ["*"] : names) use(target, name);
    }
  }
  return used;
};

/**
 * What is exported outside tests and the entry points, and imported nowhere. A type may be exported
 * for the functions of its own module, which take or return it. What is exported again has to be
 * imported from there.
 */
export const unusedExports = (tree: Tree) => {
  const entries = entryPoints(tree);
  const isJudged = ({ path }: Module): boolean => !path.startsWith("tests/") && !entries.has(path);
  const used = usedNames(tree.modules, isJudged);
  const isUsed = ({ path, exports }: Module, { name, kind, mentioned }: Export): boolean => {
    const names = [...used.get(path) ?? []];
    if (names.includes("*") || names.includes(name)) return true;
    // Everything of another module is passed on for the names that are not found here.
    if (name === "*") return names.some((used) => exports.every(({ name }) => name !== used));
    return (kind === "type" || kind === "inferred") && mentioned;
  };
  return tree.modules.filter(isJudged).flatMap((module) =>
    module.exports.filter((exported) => !isUsed(module, exported))
      .map(({ name, kind, line }) => ({ path: module.path, line, message: `${kind} ${name}` }))
  );
};
