/** Code in documents is code that is compiled: each block is in a file of the tests, as it is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT } from "./command.ts";
import { readTree } from "./tree.ts";

const { files } = readTree(ROOT);

/** Without the `export` that an example has only so that a test can run it. */
const shown = (text: string): string => text.replaceAll(/^export (?=const |type )/gm, "");

const compiled = files.filter(({ path }) => /^tests\/.*\.(ts|mts|mjs|jsonc)$/.test(path))
  .map(({ text }) => shown(text));

const blocks = files.filter(({ path }) => path.endsWith(".md")).flatMap(({ path, text }) =>
  [...text.matchAll(/^```(?:ts|js|jsonc)\n(.*?)^```$/gms)].map(([, code = ""]) => ({
    path,
    code: shown(code),
  }))
);

test("every block of code in a document is in a file of the tests", () => {
  assert.ok(blocks.length >= 13);
  const unknown = blocks.filter(({ code }) => !compiled.some((text) => text.includes(code)));
  assert.deepEqual(unknown, []);
});

test("no block of code in a document says nothing about its language", () => {
  const bare = files.filter(({ path }) => path.endsWith(".md")).flatMap(({ path, text }) =>
    text.split(/^```/m).filter((_, index) => index % 2 === 1)
      .filter((block) => block.startsWith("\n")).map((block) =>
        `${path}: ${block.trim().split("\n")[0]}`
      )
  );
  assert.deepEqual(bare, []);
});
