/** What the README of the runtimes shows of servers on the edge are the files that are tried. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ROOT } from "../tidy/command.ts";

const README = readFileSync(`${ROOT}adapters/runtimes/README.md`, "utf8");

const SHOWN = [
  ["workerd/worker.ts", "ts"],
  ["workerd/wrangler.jsonc", "jsonc"],
  ["workerd/plans.ts", "ts"],
  ["deno/serve.ts", "ts"],
  ["node/run.ts", "ts"],
] as const;

for (const [name, language] of SHOWN) {
  test(`adapters/runtimes/README.md shows ${name} as it is`, () => {
    const text = readFileSync(`${ROOT}tests/runtimes/${name}`, "utf8");
    assert.ok(README.includes(`\n\`\`\`${language}\n${text}\`\`\`\n`), name);
  });
}
