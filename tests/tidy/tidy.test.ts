import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT } from "./command.ts";
import { type Files, PROOFS } from "./proofs.ts";
import { report, RULES } from "./rules.ts";
import { TEST_PROOFS } from "./test-proofs.ts";
import { makeTree, readTree, type Tree } from "./tree.ts";

const treeOf = (files: Files): Tree =>
  makeTree(Object.entries(files).map(([path, text]) => ({ path, text })));

for (const { says, find } of RULES) {
  test(`tidy finds the fault when a tree breaks the rule: ${says}`, () => {
    const proof = { ...PROOFS, ...TEST_PROOFS }[says];
    assert.ok(proof, "every rule has a proof");
    const found = (files: Files): number => find(treeOf(files)).length;
    for (const files of proof.faults) {
      assert.equal(found(files), 1, JSON.stringify(files).slice(0, 200));
    }
    for (const files of proof.clean) assert.equal(found(files), 0, JSON.stringify(files));
  });
}

test("tidy reports the line when it finds a fault", () => {
  assert.deepEqual(report(treeOf({ "core/a.ts": `\n\nimport "./b.js";\n` })), [
    `core/a.ts:3  a relative import ends in .ts (or .json): "./b.js"`,
  ]);
});

test("tidy finds nothing when it reads this project", () => {
  const tree = readTree(ROOT);
  assert.ok(tree.modules.length > 20, "the project was read");
  assert.deepEqual(report(tree), []);
});
