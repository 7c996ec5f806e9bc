/** What the README shows of the worker is the worker that is tried. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ROOT } from "../tidy/command.ts";

const README = readFileSync(`${ROOT}README.md`, "utf8");

for (const [name, language] of [["worker.ts", "ts"], ["wrangler.jsonc", "jsonc"]] as const) {
  test(`the README shows ${name} as it is`, () => {
    const text = readFileSync(`${ROOT}tests/runtimes/workerd/${name}`, "utf8");
    assert.ok(README.includes(`\`${name}\`:\n\n\`\`\`${language}\n${text}\`\`\`\n`), name);
  });
}
