/** The doors of the package are the same for npm and for JSR. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { ROOT } from "../tidy/command.ts";
import { builtOf, denoJson, lockedJson, packageJson } from "./doors.ts";

test("package.json leads to what is built of each door that deno.json leads to", () => {
  const doors = Object.entries(denoJson().exports);
  const built = Object.fromEntries(doors.map(([name, source]) => [name, builtOf(source)]));
  assert.deepEqual(packageJson().exports, built);
  assert.equal(packageJson().version, denoJson().version);
});

test("every file among the doors is one", () => {
  const files = readdirSync(`${ROOT}adapters/package`).map((name) => `./adapters/package/${name}`);
  const doors = Object.values(denoJson().exports).filter((path) => path.startsWith("./adapters/"));
  assert.deepEqual(files.toSorted(), doors.toSorted());
});

test("package-lock.json is what npm install leaves as it is", () => {
  const needsOf = (manifest: ReturnType<typeof packageJson>) => {
    const { dependencies, devDependencies, peerDependencies, peerDependenciesMeta } = manifest;
    return { dependencies, devDependencies, peerDependencies, peerDependenciesMeta };
  };
  assert.deepEqual(needsOf(lockedJson()), needsOf(packageJson()));
});
