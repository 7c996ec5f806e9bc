import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { reportOfNode } from "../runner/ran.ts";
import { ROOT } from "./command.ts";

/** Runs a test file with this text as `npm test` does: the exit status, the report, and what ran. */
const runFile = (text: string) => {
  const folder = mkdtempSync(join(ROOT, "node_modules", ".guard-"));
  try {
    const path = join(folder, "planted.test.ts");
    writeFileSync(path, text);
    const ran = join(folder, "ran.json");
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        "--import=tsx",
        "--import=./tests/runner/guard.ts",
        "--test",
        "--test-reporter=spec",
        "--test-reporter-destination=stdout",
        "--test-reporter=./tests/runner/reporter.js",
        `--test-reporter-destination=${ran}`,
        path,
      ],
      { cwd: ROOT, env, encoding: "utf8" },
    );
    const report = reportOfNode(ran);
    return { status, stdout, ran: [...report.ran.values()], failures: report.failures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const EXITS = 'import { before, test } from "node:test";\n';

test("a file whose process ends with 0 before its tests fails", () => {
  const { status, stdout } = runFile(
    `${EXITS}before(() => process.exit(0));\ntest("a", () => {});\n`,
  );
  assert.equal(status, 1);
  assert.match(stdout, /ended before its tests did/);
});

test("a file whose process ends with 0 amid its tests fails", () => {
  const { status } = runFile(
    `${EXITS}test("a", () => {});\ntest("b", () => process.exit(0));\ntest("c", () => {});\n`,
  );
  assert.equal(status, 1);
});

test("a file whose tests all ran passes, and their number is known", () => {
  const { status, ran } = runFile(`${EXITS}before(() => {});\ntest("a", () => {});\n`);
  assert.deepEqual({ status, ran }, { status: 0, ran: [1] });
});

test("a file without tests is known to have run none", () => {
  assert.deepEqual(runFile("export {};\n").ran, []);
});

test("a value that is not truthy is named, and not looked for in the source", () => {
  const { status, stdout, failures } = runFile(
    'import assert from "node:assert/strict";\nimport { describe, test } from "node:test";\n' +
      'describe("a", () => test("b", () => assert.ok(null)));\n',
  );
  assert.equal(status, 1);
  assert.match(stdout, /null is not truthy/);
  assert.equal(failures.length, 1);
  assert.match(failures[0] ?? "", /planted\.test\.ts: b: null is not truthy$/);
});
