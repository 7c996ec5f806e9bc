import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { before, describe, test } from "node:test";
import { ROOT } from "../tidy/command.ts";
import { type FileReport, type PoolOptions, runFiles } from "./pool.ts";

/** What test files with these texts may import. */
const SUITE = 'import { describe, test } from "node:test";\n' +
  "export const log = (what: string): void => console.log(what);\n" +
  'export const suite = () => describe("a", () => [1, 2].map((n) => test(`${n}`, () => {})));\n';

/** Runs test files with these texts, by their names, in one process; their reports. */
const runTexts = async (
  texts: Readonly<Record<string, string>>,
  options: Partial<PoolOptions> = {},
): Promise<readonly FileReport[]> => {
  const folder = mkdtempSync(join(ROOT, "node_modules", ".pool-"));
  try {
    writeFileSync(join(folder, "suite.ts"), SUITE);
    const files = Object.entries(texts).map(([name, text]) => {
      const path = join(folder, `${name}.test.ts`);
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
const whyOf = ({ failures }: FileReport): string => failures[0]?.why ?? "";

const TESTS = 'import { after, before, describe, test } from "node:test";\n';
const ONE = `${TESTS}test("a", () => {});\n`;

const HOOKS = `${TESTS}import { log } from "./suite.ts";\n` +
  'before(() => log("before"));\nafter(() => log("after"));\ntest("a", () => log("test"));\n';
const PID = `${TESTS}import process from "node:process";\n` +
  'test("a", () => console.log(process.pid));\n';

/** What a file changes, how it puts that back, and what names it where it does not. */
const CHANGES: readonly (readonly [change: string, back: string, named: RegExp])[] = [
  ["globalThis.Deno = {}", "delete globalThis.Deno", /globalThis\.Deno/],
  ["now = Date.now; Date.now = () => 1", "Date.now = now", /Date\.now/],
  ["process.env.LEFT = 1", "delete process.env.LEFT", /process\.env\.LEFT/],
  ["process.chdir('/')", "process.chdir(folder)", /process\.cwd\(\)/],
  ["Object.prototype.evil = 1", "delete Object.prototype.evil", /Object\.prototype\.evil/],
];
const changing = ([change]: (typeof CHANGES)[number]): string =>
  `// @ts-nocheck\n${TESTS}let now, folder = process.cwd();\ntest("a", () => { ${change}; });\n`;

/** All that a process can run whose files neither end nor hang. */
const TEXTS: Readonly<Record<string, string>> = {
  failing: `${TESTS}test("a", () => {});\ntest("b", () => { throw new Error("no"); });\n`,
  skipping: `${TESTS}describe("c", () => test("d", { skip: "not here" }, () => {}));\n`,
  nested: `${TESTS}test("e", async (t) => { await t.test("f", () => {}); });\n`,
  hooks1: HOOKS,
  hooks2: HOOKS,
  asked: `${TESTS}test("a", () => console.log(process.env["TESTS_ASKED"]));\n`,
  shared1: PID,
  alone1: PID,
  alone2: PID,
  shared2: PID,
  broken: 'throw new Error("does not load");\n',
  empty: "export {};\n",
  elsewhere: 'import { suite } from "./suite.ts";\nsuite();\n',
  short: `${TESTS}if (false) {\ntest("a", () => {});\n}\n${'test("b", () => {});\n'}`,
  falsy: 'import assert from "node:assert/strict";\nimport { describe, test } from "node:test";\n' +
    'describe("a", () => test("b", () => assert.ok(null)));\n',
  ...Object.fromEntries(CHANGES.map((each, index) => [
    `back${index}`,
    `${changing(each)}after(() => { ${each[1]}; });\n`,
  ])),
  ...Object.fromEntries(CHANGES.map((each, index) => [`left${index}`, changing(each)])),
};

let reports: ReadonlyMap<string, FileReport>;
const reportOf = (name: string): FileReport =>
  reports.get(name) ?? assert.fail(`there is no report of ${name}`);

before(async () => {
  process.env["TESTS_ASKED"] = "as asked";
  try {
    const all = await runTexts(TEXTS, { isAlone: (file) => file.includes("/alone") });
    assert.equal(all.length, Object.keys(TEXTS).length);
    reports = new Map(all.map((report) => [basename(report.file, ".test.ts"), report]));
  } finally {
    delete process.env["TESTS_ASKED"];
  }
});

describe("a process that runs test files", () => {
  test("reports what passed, failed and was skipped, in each file", () => {
    assert.deepEqual(["failing", "skipping", "nested"].map((name) => countsOf(reportOf(name))), [
      { passed: 1, failed: 1, skipped: 0 },
      { passed: 0, failed: 0, skipped: 1 },
      { passed: 2, failed: 0, skipped: 0 },
    ]);
    assert.match(whyOf(reportOf("failing")), /Error: no/);
  });

  test("runs the hooks of a file before and after its own tests only", () => {
    for (const name of ["hooks1", "hooks2"]) {
      assert.equal(reportOf(name).output, "before\ntest\nafter\n");
    }
  });

  test("fails a file that leaves its process changed, and not one that puts it back", () => {
    for (const [index, [, , named]] of CHANGES.entries()) {
      const [back, left] = [reportOf(`back${index}`), reportOf(`left${index}`)];
      assert.deepEqual(countsOf(back), { passed: 1, failed: 0, skipped: 0 });
      assert.deepEqual(countsOf(left), { passed: 1, failed: 1, skipped: 0 });
      assert.match(whyOf(left), named);
    }
  });

  test("passes on what the run was asked for", () => {
    assert.equal(reportOf("asked").output, "as asked\n");
  });

  test("is another one for each file that asks for a process for itself", () => {
    const [shared1, shared2, ...alone] = ["shared1", "shared2", "alone1", "alone2"]
      .map((name) => reportOf(name).output);
    assert.equal(shared1, shared2);
    assert.equal(new Set([shared1, ...alone]).size, 3);
  });

  test("reports a falsy value without parsing the source", () => {
    assert.equal(reportOf("falsy").failed, 1);
    assert.equal(reportOf("falsy").failures[0]?.name, "a > b");
    assert.match(whyOf(reportOf("falsy")), /null is not truthy/);
  });
});

describe("a file in which too few tests ran", () => {
  test("fails when it does not load", () => {
    assert.equal(reportOf("broken").failed, 1);
    assert.match(whyOf(reportOf("broken")), /does not load/);
  });

  test("fails when there is none", () => {
    assert.equal(reportOf("empty").failed, 1);
    assert.match(whyOf(reportOf("empty")), /no test ran/);
  });

  test("passes when its tests are written elsewhere", () => {
    assert.deepEqual(countsOf(reportOf("elsewhere")), { passed: 2, failed: 0, skipped: 0 });
  });

  test("fails when fewer ran than are written in it", () => {
    assert.match(whyOf(reportOf("short")), /only 1 of at least 2 tests ran/);
  });
});

describe("a process that ends, or does not", () => {
  test("is followed by a new one where it ended before its tests, or was ended since it hung", async () => {
    const reports = await runTexts({
      before: `${TESTS}before(() => process.exit(0));\ntest("a", () => {});\n`,
      between: `${TESTS}test("a", () => {});\ntest("b", () => process.exit(0));\n` +
        'test("c", () => {});\n',
      hanging: `${TESTS}test("a", () => new Promise(() => setInterval(() => {}, 60_000)));\n`,
      next: ONE,
    }, { limit_ms: HANGS_MS });
    const failed = { passed: 0, failed: 1, skipped: 0 };
    const passed = { passed: 1, failed: 0, skipped: 0 };
    assert.deepEqual(reports.map(countsOf), [failed, failed, failed, passed]);
    const [before, between, hanging] = reports.map(whyOf);
    assert.match(before ?? "", /its process ended before its tests did/);
    assert.match(between ?? "", /its process ended before its tests did/);
    assert.match(hanging ?? "", /not done after 15000 ms/);
  });

  test("fails a file that leaves something open", async () => {
    const open = await runTexts({ open: `${ONE}setInterval(() => {}, 1_000);\n` }, { end_ms: 500 });
    assert.match(open.at(-1)?.failures[0]?.why ?? "", /something is left open/);
  });

  test("fails what fails after its test has ended", async () => {
    const late = `${TESTS}test("a", () => {\n` +
      '  setTimeout(() => void Promise.reject(new Error("too late")), 20);\n});\n';
    const coded =
      `${TESTS}test("a", () => {});\nprocess.on("exit", () => { process.exitCode = 3; });\n`;
    for (const text of [late, coded]) {
      const reports = await runTexts({ text, next: ONE });
      assert.match(reports.at(-1)?.failures[0]?.why ?? "", /failed after its test had ended/);
    }
  });

  test("does not wait for a process that a file left behind", { timeout: 120_000 }, async () => {
    const leaving = `${TESTS}import { spawn } from "node:child_process";\n` +
      'test("a", () => {\n  const left = spawn("sleep", ["600"], { stdio: "inherit" });\n' +
      "  left.unref();\n  console.log(left.pid);\n});\n";
    const reports = await runTexts({ leaving, next: ONE });
    process.kill(Number(reports[0]?.output));
    assert.deepEqual(reports.map(({ failed }) => failed), [0, 0]);
  });

  test("starts no file when it may not", async () => {
    assert.deepEqual(await runTexts({ one: ONE }, { mayStart: () => false }), []);
  });
});
