import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { reportOfNode } from "../runner/ran.ts";
import { ROOT } from "./command.ts";

/**
 * Runs a test file with this text as `npm test` does: the exit status, the report, and what ran.
 */
const runFile = (text: string, suite = "") => {
  const folder = mkdtempSync(join(ROOT, "node_modules", ".guard-"));
  try {
    const path = join(folder, "planted.test.ts");
    writeFileSync(path, text);
    writeFileSync(join(folder, "suite.ts"), suite);
    const ran = join(folder, "ran.json");
    const started = join(folder, "started");
    mkdirSync(started);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    env["TESTS_RAN_FOLDER"] = started;
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
    const report = reportOfNode(ran, started);
    const count = report.ran.get(path.slice(ROOT.length));
    return { status, stdout, count, failures: report.failures };
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

test("a file whose process ends with 0 during its tests fails", () => {
  const { status } = runFile(
    `${EXITS}test("a", () => {});\ntest("b", () => process.exit(0));\ntest("c", () => {});\n`,
  );
  assert.equal(status, 1);
});

test("a file whose tests all ran passes, and their number is known", () => {
  const { status, count } = runFile(`${EXITS}before(() => {});\ntest("a", () => {});\n`);
  assert.deepEqual({ status, count }, { status: 0, count: 1 });
});

test("tests that are written elsewhere ran in the file that was started", () => {
  const { status, count } = runFile(
    'import { suite } from "./suite.ts";\nsuite();\n',
    'import { describe, test } from "node:test";\n' +
      'export const suite = () => describe("a", () => [1, 2].map((n) => test(`${n}`, () => {})));\n',
  );
  assert.deepEqual({ status, count }, { status: 0, count: 2 });
});

test("skipped tests are counted", () => {
  const { status, count } = runFile(
    'import { test } from "node:test";\ntest("a", { skip: "not here" }, () => {});\n',
  );
  assert.deepEqual({ status, count }, { status: 0, count: 1 });
});

test("a file without tests counts as zero tests", () => {
  assert.equal(runFile("export {};\n").count, 0);
});

test("a falsy value is reported without parsing the source", () => {
  const { status, stdout, failures } = runFile(
    'import assert from "node:assert/strict";\nimport { describe, test } from "node:test";\n' +
      'describe("a", () => test("b", () => assert.ok(null)));\n',
  );
  assert.equal(status, 1);
  assert.match(stdout, /null is not truthy/);
  assert.equal(failures.length, 1);
  assert.match(failures[0] ?? "", /planted\.test\.ts: b: null is not truthy$/);
});
