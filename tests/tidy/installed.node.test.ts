/** The gate says that packages are missing before anything fails for want of them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { installedFault, missingFrom } from "./installed.ts";

const LOCKED = {
  "": {},
  "node_modules/hono": { version: "4.0.0" },
  "node_modules/fsevents": { version: "1.0.0", optional: true },
};

test("packages that are not there, or in another version, are missing; optional ones are not", () => {
  assert.deepEqual(missingFrom({ "node_modules/hono": { version: "4.0.0" } }, LOCKED), []);
  assert.deepEqual(missingFrom({ "node_modules/hono": { version: "3.9.0" } }, LOCKED), ["hono"]);
  assert.deepEqual(missingFrom({}, LOCKED), ["hono"]);
});

test("this installation is that of package-lock.json, and a folder without one is not", (context) => {
  assert.equal(installedFault(), "");
  const folder = mkdtempSync(join(tmpdir(), "ledgerline-installed-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: LOCKED }));
  assert.equal(
    installedFault(`${folder}/`),
    "hono of package-lock.json is not installed: run npm install",
  );
});
