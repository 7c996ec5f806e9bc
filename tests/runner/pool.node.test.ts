import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ROOT } from "../tidy/command.ts";
import { type FileReport, type PoolOptions, runFiles } from "./pool.ts";

/** Runs test files with these texts in one process, `suite.ts` beside them; their reports. */
const runTexts = async (
  texts: readonly string[],
  suite = "",
  options: Partial<PoolOptions> = {},
): Promise<readonly FileReport[]> => {
  const folder = mkdtempSync(join(ROOT, "node_modules", ".pool-"));
  try {
    writeFileSync(join(folder, "suite.ts"), suite);
    const files = texts.map((text, index) => {
      const path = join(folder, `planted${index}.test.ts`);
      writeFileSync(path, text);
      return path.slice(ROOT.length);
    });
    const reports: FileReport[] = [];
    const onReport = (report: FileReport) => void reports.push(report);
    await runFiles(files, { workers: 1, isAlone: () => false, onReport, ...options });
    return reports;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Many times what a process takes to start on a busy machine. */
const HANGS_MS = 15_000;

const countsOf = ({ passed, failed, skipped }: FileReport) => ({ passed, failed, skipped });

const TESTS = 'import { after, before, describe, test } from "node:test";\n';
const ONE = `${TESTS}test("a", () => {});\n`;

describe("a process that runs test files", () => {
  test("reports what passed, failed and was skipped, in each file", async () => {
    const reports = await runTexts([
      `${TESTS}test("a", () => {});\ntest("b", () => { throw new Error("no"); });\n`,
      `${TESTS}describe("c", () => test("d", { skip: "not here" }, () => {}));\n`,
      `${TESTS}test("e", async (t) => { await t.test("f", () => {}); });\n`,
    ]);
    assert.deepEqual(reports.map(countsOf), [
      { passed: 1, failed: 1, skipped: 0 },
      { passed: 0, failed: 0, skipped: 1 },
      { passed: 2, failed: 0, skipped: 0 },
    ]);
    assert.match(reports[0]?.failures[0]?.why ?? "", /Error: no/);
  });

  test("runs the hooks of a file before and after its own tests only", async () => {
    const file = `${TESTS}import { log } from "./suite.ts";\n` +
      'before(() => log("before"));\nafter(() => log("after"));\ntest("a", () => log("test"));\n';
    const suite = "export const log = (what: string): void => console.log(what);\n";
    const reports = await runTexts([file, file], suite);
    assert.deepEqual(reports.map(({ output }) => output), Array(2).fill("before\ntest\nafter\n"));
  });

  test("fails a file that leaves its process changed, and not one that puts it back", async () => {
    const changes: readonly (readonly [change: string, back: string, named: RegExp])[] = [
      ["globalThis.Deno = {}", "delete globalThis.Deno", /globalThis\.Deno/],
      ["now = Date.now; Date.now = () => 1", "Date.now = now", /Date\.now/],
      ["process.env.LEFT = 1", "delete process.env.LEFT", /process\.env\.LEFT/],
      ["process.chdir('/')", "process.chdir(folder)", /process\.cwd\(\)/],
      ["Object.prototype.evil = 1", "delete Object.prototype.evil", /Object\.prototype\.evil/],
    ];
    const bodies = changes.map(([change]) =>
      `// @ts-nocheck\n${TESTS}let now, folder = process.cwd();\ntest("a", () => { ${change}; });\n`
    );
    const put = bodies.map((body, index) => `${body}after(() => { ${changes[index]?.[1]}; });\n`);
    const reports = await runTexts([...put, ...bodies]);
    assert.equal(reports.length, 2 * changes.length);
    for (const [index, report] of reports.entries()) {
      const named = changes[index - changes.length]?.[2];
      assert.deepEqual(countsOf(report), { passed: 1, failed: named ? 1 : 0, skipped: 0 });
      if (named) assert.match(report.failures[0]?.why ?? "", named);
    }
  });

  test("passes on what the run was asked for", async () => {
    const asked = `${TESTS}test("a", () => console.log(process.env["TESTS_ASKED"]));\n`;
    process.env["TESTS_ASKED"] = "as asked";
    try {
      const [report] = await runTexts([asked]);
      assert.equal(report?.output, "as asked\n");
    } finally {
      delete process.env["TESTS_ASKED"];
    }
  });
});

describe("a process that ends, or does not", () => {
  test("goes on in a new process after one that ended before its tests", async () => {
    const exits = [
      `${TESTS}before(() => process.exit(0));\ntest("a", () => {});\n`,
      `${TESTS}test("a", () => {});\ntest("b", () => process.exit(0));\ntest("c", () => {});\n`,
    ];
    const reports = await runTexts([...exits, ONE]);
    assert.deepEqual(reports.map(({ failed }) => failed), [1, 1, 0]);
    for (const { failures } of reports.slice(0, 2)) {
      assert.match(failures[0]?.why ?? "", /its process ended before its tests did/);
    }
  });

  test("gives a file that asks for it a process for itself", async () => {
    const file = `${TESTS}import process from "node:process";\n` +
      'test("a", () => console.log(process.pid));\n';
    const pids = async (isAlone: boolean) =>
      new Set((await runTexts([file, file], "", { isAlone: () => isAlone }))
        .map(({ output }) => output));
    assert.equal((await pids(false)).size, 1);
    assert.equal((await pids(true)).size, 2);
  });

  test("fails a file that leaves something open, and one that does not load", async () => {
    const [broken] = await runTexts(['throw new Error("does not load");\n']);
    assert.equal(broken?.failed, 1);
    assert.match(broken?.failures[0]?.why ?? "", /does not load/);
    const open = await runTexts([`${ONE}setInterval(() => {}, 1_000);\n`], "", { end_ms: 500 });
    assert.match(open.at(-1)?.failures[0]?.why ?? "", /something is left open/);
  });

  test("fails what fails after its test has ended", async () => {
    const late = `${TESTS}test("a", () => {\n` +
      '  setTimeout(() => void Promise.reject(new Error("too late")), 20);\n});\n';
    const coded =
      `${TESTS}test("a", () => {});\nprocess.on("exit", () => { process.exitCode = 3; });\n`;
    for (const text of [late, coded]) {
      const reports = await runTexts([text, ONE]);
      assert.match(reports.at(-1)?.failures[0]?.why ?? "", /failed after its test had ended/);
    }
  });

  test("ends a file that hangs, says it once, and starts a new process", async () => {
    const hanging = `${TESTS}test("a", () => new Promise(() => setInterval(() => {}, 60_000)));\n`;
    const reports = await runTexts([hanging, ONE], "", { limit_ms: HANGS_MS });
    assert.deepEqual(reports.map(countsOf), [
      { passed: 0, failed: 1, skipped: 0 },
      { passed: 1, failed: 0, skipped: 0 },
    ]);
    assert.match(reports[0]?.failures[0]?.why ?? "", /not done after 15000 ms/);
  });

  test("does not wait for a process that a file left behind", async () => {
    const leaving = `${TESTS}import { spawn } from "node:child_process";\n` +
      'test("a", () => spawn("sleep", ["30"], { stdio: "inherit" }).unref());\n';
    const reports = await runTexts([leaving, ONE]);
    assert.deepEqual(reports.map(({ failed }) => failed), [0, 0]);
  });

  test("starts no file when it may not", async () => {
    assert.deepEqual(await runTexts([ONE], "", { mayStart: () => false }), []);
  });
});

describe("a file in which too few tests ran", () => {
  test("fails when there is none", async () => {
    const [report] = await runTexts(["export {};\n"]);
    assert.equal(report?.failed, 1);
    assert.match(report?.failures[0]?.why ?? "", /no test ran/);
  });

  test("passes when its tests are written elsewhere", async () => {
    const [report] = await runTexts(
      ['import { suite } from "./suite.ts";\nsuite();\n'],
      'import { describe, test } from "node:test";\n' +
        'export const suite = () => describe("a", () => [1, 2].map((n) => test(`${n}`, () => {})));\n',
    );
    assert.deepEqual(report && countsOf(report), { passed: 2, failed: 0, skipped: 0 });
  });

  test("fails when fewer ran than are written in it", async () => {
    const [report] = await runTexts([
      `${TESTS}if (false) {\ntest("a", () => {});\n}\n${'test("b", () => {});\n'}`,
    ]);
    assert.match(report?.failures[0]?.why ?? "", /only 1 of at least 2 tests ran/);
  });
});

test("a falsy value is reported without parsing the source", async () => {
  const [report] = await runTexts([
    'import assert from "node:assert/strict";\nimport { describe, test } from "node:test";\n' +
    'describe("a", () => test("b", () => assert.ok(null)));\n',
  ]);
  assert.equal(report?.failed, 1);
  assert.equal(report?.failures[0]?.name, "a > b");
  assert.match(report?.failures[0]?.why ?? "", /null is not truthy/);
});
