/** The entry points of the package are the same for npm and for JSR. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { ROOT } from "../tidy/command.ts";
import { builtOf, denoJson, lockedJson, packageJson } from "./entry-points.ts";

test("package.json exports what is built of each entry point that deno.json exports", () => {
  const entryPoints = Object.entries(denoJson().exports);
  const built = Object.fromEntries(entryPoints.map(([name, source]) => [name, builtOf(source)]));
  assert.deepEqual(packageJson().exports, built);
  assert.equal(packageJson().version, denoJson().version);
});

test("every module in adapters/package is an entry point", () => {
  const files = readdirSync(`${ROOT}adapters/package`).filter((name) => name.endsWith(".ts"))
    .map((name) => `./adapters/package/${name}`);
  const entryPoints = Object.values(denoJson().exports).filter((path) =>
    path.startsWith("./adapters/")
  );
  assert.deepEqual(files.toSorted(), entryPoints.toSorted());
});

test("package-lock.json is what npm install leaves as it is", () => {
  const needsOf = (manifest: ReturnType<typeof packageJson>) => {
    const { dependencies, devDependencies, peerDependencies, peerDependenciesMeta } = manifest;
    return { dependencies, devDependencies, peerDependencies, peerDependenciesMeta };
  };
  assert.deepEqual(needsOf(lockedJson()), needsOf(packageJson()));
});
