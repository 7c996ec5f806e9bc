/** Import cycles. */
import type { Module } from "./module.ts";
import { isRelative, resolveFrom } from "./layers.ts";

/**
 * The import cycles among these modules, type-only imports included: each is the list of paths
 * along it, the first one again at the end. Each module appears in at most one of the reported
 * cycles, so that fixing one may reveal the next.
 */
export const cycles = (modules: readonly Module[]): readonly (readonly string[])[] => {
  const targets = new Map(
    modules.map(({ path, imports }) => [
      path,
      imports.map(({ specifier }) => specifier).filter(isRelative)
        .map((specifier) => resolveFrom(path, specifier)),
    ]),
  );
  const found: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    if (done.has(path)) return;
    const met = trail.indexOf(path);
    if (met >= 0) {
      const cycle = trail.slice(met);
      for (const member of cycle) done.add(member);
      found.push([...cycle, path]);
      return;
    }
    trail.push(path);
    for (const target of targets.get(path) ?? []) visit(target);
    trail.pop();
    done.add(path);
  };
  for (const path of targets.keys()) visit(path);
  return found;
};
