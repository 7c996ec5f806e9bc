/** Exports that nothing uses. */
import { isRelative, resolveFrom } from "./layers.ts";
import type { Export, Module } from "./module.ts";
import type { Tree } from "./tree.ts";

/** Which names of each module are imported elsewhere, by the module's path. */
const importedNames = (modules: readonly Module[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const imported = new Map<string, Set<string>>();
  for (const { path, imports } of modules) {
    for (const { specifier, names } of imports.filter(({ specifier }) => isRelative(specifier))) {
      const target = resolveFrom(path, specifier);
      const known = imported.get(target) ?? new Set();
      for (const name of names === "all" ? ["*"] : names) known.add(name);
      imported.set(target, known);
    }
  }
  return imported;
};

const isMentionedTwice = (text: string, name: string): boolean =>
  (text.match(/[\w$]+/g) ?? []).filter((word) => word === name).length > 1;

/**
 * What is exported outside tests and imported nowhere. A type may be exported for the functions of
 * its own module, which take or return it.
 */
export const unusedExports = ({ modules, files }: Tree) => {
  const imported = importedNames(modules);
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const isUsed = (path: string, { name, kind }: Export): boolean => {
    const names = imported.get(path);
    if (names?.has(name) === true || names?.has("*") === true) return true;
    return (kind === "type" || kind === "inferred") &&
      isMentionedTwice(texts.get(path) ?? "", name);
  };
  return modules.filter(({ path }) => !path.startsWith("tests/")).flatMap(({ path, exports }) =>
    exports.filter((exported) => !isUsed(path, exported))
      .map(({ name, kind, line }) => ({ path, line, message: `${kind} ${name}` }))
  );
};
