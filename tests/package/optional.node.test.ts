/**
 * What a caller gives may be undefined wherever it may be left out. The compiler itself is asked,
 * under `exactOptionalPropertyTypes`, for every type that an entry point takes: the parameters of
 * what it exports, what is returned by functions that a caller gives, and so on.
 */
import assert from "node:assert/strict";
import { relative } from "node:path";
import { after, test } from "node:test";
import { API, SignatureKind, type Symbol, SymbolFlags, type Type } from "typescript/unstable/sync";
import { ROOT } from "../tidy/command.ts";
import { denoJson } from "./entry-points.ts";

const api = new API({ cwd: ROOT });
after(() => api.close());

const isOurs = ({ declarations }: Symbol): boolean =>
  declarations.some(({ path }) => path.startsWith(ROOT) && !path.includes("/node_modules/"));

/** Optional members that may not be undefined, by the file that declares each, and how many may. */
const look = (configuration: string, modules: readonly string[]) => {
  const project = api.updateSnapshot({ openProjects: [configuration] }).getProject(configuration);
  assert.ok(project);
  const { checker, program } = project;
  const exact = new Map<string, string>();
  const seen = new Set<string>();
  const undefinedId = checker.getUndefinedType().id;
  const mayBeUndefined = (type: Type): boolean =>
    (type.isUnionType() ? type.getTypes() : [type]).some(({ id }) =>
      id === undefinedId || id === checker.getUnknownType().id
    );
  let optional = 0;

  /** `isGiven`: it comes from the caller; otherwise the caller receives it. */
  const walk = (type: Type | undefined, isGiven: boolean, way: string): void => {
    if (type === undefined || seen.has(`${type.id} ${isGiven}`)) return;
    seen.add(`${type.id} ${isGiven}`);
    if (type.isUnionType()) return type.getTypes().forEach((one) => walk(one, isGiven, way));
    if (type.isTypeParameter()) {
      return walk(checker.getConstraintOfTypeParameter(type), isGiven, way);
    }
    if (!type.isObjectType() && !type.isIntersectionType()) return;
    if (type.isTypeReference()) {
      for (const one of checker.getTypeArguments(type)) walk(one, isGiven, way);
    }
    for (const property of checker.getPropertiesOfType(type).filter(isOurs)) {
      const of = checker.getTypeOfSymbol(property);
      if (of !== undefined && isGiven && (property.flags & SymbolFlags.Optional) !== 0) {
        optional += 1;
        const [declaration] = property.declarations;
        const place = `${relative(ROOT, declaration?.path ?? "")}: ${property.name}`;
        if (!mayBeUndefined(of)) exact.set(place, `${way}.${property.name}`);
      }
      walk(of, isGiven, `${way}.${property.name}`);
    }
    for (const { valueType } of checker.getIndexInfosOfType(type)) walk(valueType, isGiven, way);
    for (const kind of [SignatureKind.Call, SignatureKind.Construct]) {
      for (const signature of checker.getSignaturesOfType(type, kind)) {
        for (const parameter of signature.getParameters()) {
          walk(checker.getTypeOfSymbol(parameter), !isGiven, `${way}(${parameter.name})`);
        }
        walk(checker.getReturnTypeOfSignature(signature), isGiven, `${way}()`);
      }
    }
  };

  for (const path of modules) {
    const file = program.getSourceFile(`${ROOT}${path}`);
    const module = file && checker.getSymbolAtLocation(file);
    assert.ok(module, path);
    for (const exported of checker.getExportsOfModule(module)) {
      const isAlias = (exported.flags & SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
      if ((symbol.flags & SymbolFlags.Value) === 0) continue;
      walk(checker.getTypeOfSymbol(symbol), false, `${path} ${exported.name}`);
    }
  }
  return { exact, optional };
};

test("what a caller may leave out may be undefined, at every entry point", () => {
  const entryPoints = Object.values(denoJson().exports).map((path) => path.slice(2));
  const { exact, optional } = look(`${ROOT}tests/package/tsconfig.json`, entryPoints);
  assert.deepEqual([...exact], []);
  assert.ok(optional > 200, `${optional} optional members`);
});

test("it is found where it may not be undefined, however it is declared", () => {
  const path = "tests/package/exact-options.ts";
  const { exact, optional } = look(`${ROOT}tsconfig.json`, [path]);
  const names = ["answered", "behind", "exact", "listed", "mapped"];
  assert.deepEqual([...exact.keys()].toSorted(), names.map((name) => `${path}: ${name}`));
  assert.ok(optional > names.length);
});
