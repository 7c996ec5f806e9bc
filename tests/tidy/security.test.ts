import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { ROOT } from "./command.ts";

/** Whether a path below the root exists; `*` in its last part matches anything. */
const exists = (path: string): boolean => {
  if (!path.includes("*")) return existsSync(`${ROOT}${path}`);
  const folder = `${ROOT}${dirname(path)}`;
  const [start = "", end = ""] = path.slice(dirname(path).length + 1).split("*");
  return existsSync(folder) &&
    readdirSync(folder).some((name) => name.startsWith(start) && name.endsWith(end));
};

test("every test that SECURITY.md names exists", () => {
  const text = readFileSync(`${ROOT}SECURITY.md`, "utf8");
  const named = [...text.matchAll(/`(tests\/[^`\s]+)`/g)].map(([, path = ""]) => path);
  assert.ok(named.length > 40);
  assert.deepEqual(named.filter((path) => !exists(path)), []);
});
