import assert from "node:assert/strict";
import { test } from "node:test";
import { leastOf, reportOfDeno, shortfalls } from "./ran.ts";

const FILE = "tests/some.test.ts";
const two = () => 2;

test("a file in which no test or too few tests ran is named", () => {
  assert.deepEqual(shortfalls([FILE], new Map(), two), [`${FILE}: no test ran`]);
  assert.deepEqual(
    shortfalls([FILE], new Map([[FILE, 1]]), two),
    [`${FILE}: only 1 of at least 2 tests ran`],
  );
  assert.deepEqual(shortfalls([FILE], new Map([[FILE, 2]]), two), []);
});

test("a file has as many tests as are written in its first column, and at least one", () => {
  assert.equal(leastOf('test("a", () => {});\n  test("b");\ndescribe("c", () => {});\n'), 2);
  assert.equal(leastOf("contract(runner);\n"), 1);
});

test("what ran on Deno is read from its lines, each of which names a file", () => {
  const output = `./${FILE} => a ... ok (1ms)\n./${FILE} => b ... c ... ok (0ms)\nelse => d\n`;
  assert.deepEqual(reportOfDeno(output), { ran: new Map([[FILE, 2]]), failures: [] });
});

test("what failed on Deno is read from the list at the end", () => {
  const output =
    " FAILURES \n\na suite ... a test => ext:deno_node/testing.ts:1:2\nb => c\n\nFAILED\n";
  assert.deepEqual(reportOfDeno(output).failures, ["a suite ... a test", "b"]);
});
