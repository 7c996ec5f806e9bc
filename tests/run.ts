/**
 * The whole test suite, `npm test`: on Node, then on Deno, what they print as it comes. Ends with
 * what failed and the totals of both, these on a line alone; exits with 1 if a test failed, or a
 * file ran fewer tests than are written in it.
 *
 * `npm test -- <part of a path> …` runs only the files whose path contains one of these.
 * Files named `*.node.test.ts` need Node (real processes, signals) and are left out on Deno; so are
 * the folders of pure functions, which are the same there.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Report, reportOfDeno, reportOfNode, shortfalls } from "./runner/ran.ts";
import { ROOT, run } from "./tidy/command.ts";

/** Escape sequences of a terminal. */
const STYLES = /\x1b\[[0-9;]*m/g;

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

type Runtime = {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly takes: (path: string) => boolean;
  /** Reads the counts from the runner's summary. */
  readonly counts: (output: string) => Counts;
  /** Reads how many tests ran in each file, and which failed. */
  readonly report: (output: string) => Report;
};

/**
 * One more than the usual two cores, as many files wait; an embedded database takes up to 700 MB.
 */
const FILES_AT_ONCE = 3;
/** Well above the time of a runtime; a suite that hangs must be ended. */
const LIMIT_MS = 60 * 60_000;
// Tells Deno how many files it may run in parallel.
process.env["DENO_JOBS"] = String(FILES_AT_ONCE);

const notes = mkdtempSync(join(tmpdir(), "ledgerline-tests-"));
process.on("exit", () => rmSync(notes, { recursive: true, force: true }));
const RAN_ON_NODE = join(notes, "node.json");
const STARTED_ON_NODE = join(notes, "node");
mkdirSync(STARTED_ON_NODE);
// Tells the files' processes where to write how many tests ran.
process.env["TESTS_RAN_FOLDER"] = STARTED_ON_NODE;

const NODE_ARGS = [
  "--import=tsx",
  "--import=./tests/runner/guard.ts",
  "--test",
  `--test-concurrency=${FILES_AT_ONCE}`,
  "--test-reporter=spec",
  "--test-reporter-destination=stdout",
  "--test-reporter=./tests/runner/reporter.js",
  `--test-reporter-destination=${RAN_ON_NODE}`,
];

/** The sum of what the last match of the pattern captured. */
const sum = (output: string, pattern: RegExp): number => {
  const last = [...output.matchAll(pattern)].at(-1)?.slice(1) ?? [];
  return last.reduce((total, digits) => total + Number(digits ?? 0), 0);
};

/** Tests of functions that touch no runtime: core, models of it, and the text of the code itself. */
const PURE = ["tests/domain/", "tests/properties/", "tests/simulation/", "tests/tidy/"];

const RUNTIMES: readonly Runtime[] = [
  {
    name: "Node",
    program: "node",
    args: NODE_ARGS,
    takes: () => true,
    counts: (output) => ({
      passed: sum(output, /^ℹ pass (\d+)$/gm),
      failed: sum(output, /^ℹ fail (\d+)$/gm) + sum(output, /^ℹ cancelled (\d+)$/gm),
      skipped: sum(output, /^ℹ skipped (\d+)$/gm) + sum(output, /^ℹ todo (\d+)$/gm),
    }),
    report: () => reportOfNode(RAN_ON_NODE, STARTED_ON_NODE),
  },
  {
    name: "Deno",
    program: "deno",
    args: ["test", "-A", "--no-lock", "--no-check", "--parallel"],
    takes: (path) =>
      !path.endsWith(".node.test.ts") && !PURE.some((folder) => path.startsWith(folder)),
    // Deno counts a suite as a test and what is inside it as steps.
    counts: (output) => ({
      passed: sum(output, /\| (\d+) passed(?: \((\d+) steps?\))? \| \d+ failed/g),
      failed: sum(output, /passed.* \| (\d+) failed(?: \((\d+) steps?\))?/g),
      skipped: sum(output, /failed.* \| (\d+) ignored(?: \((\d+) steps?\))?/g),
    }),
    report: reportOfDeno,
  },
];

const testFiles = (): readonly string[] => {
  const wanted = process.argv.slice(2);
  return readdirSync(`${ROOT}tests`, { recursive: true, encoding: "utf8" })
    .map((path) => `tests/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".test.ts"))
    .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
    .toSorted();
};

type Outcome = Counts & { readonly ok: boolean; readonly failures: readonly string[] };

/** So many of the files that took longest are named. */
const SLOWEST = 12;

const printSlowest = (seconds: ReadonlyMap<string, number>): void => {
  const slowest = [...seconds].toSorted(([, a], [, b]) => b - a).slice(0, SLOWEST);
  console.log("");
  for (const [path, took] of slowest) console.log(`${took.toFixed(0).padStart(5)} s  ${path}`);
};

const runOn = async (runtime: Runtime, files: readonly string[]): Promise<Outcome> => {
  const { name, program, args, takes } = runtime;
  const chosen = files.filter(takes);
  if (chosen.length === 0) {
    console.log(`\n── ${name}: none of these test files is for it ──\n`);
    return { passed: 0, failed: 0, skipped: 0, failures: [], ok: files.length > 0 };
  }
  console.log(`\n── ${name}: ${chosen.length} test files ──\n`);
  const outcome = await run(program, [...args, ...chosen], { echo: true, limit_ms: LIMIT_MS });
  const output = outcome.output.replace(STYLES, "");
  const counts = runtime.counts(output);
  const { ran, failures, seconds } = runtime.report(output);
  if (seconds !== undefined) printSlowest(seconds);
  // An aborted run leaves no report, and has failed already.
  const short = ran.size === 0 ? ["the run left no report"] : shortfalls(chosen, ran);
  return {
    ...counts,
    failed: counts.failed + short.length,
    failures: [...failures, ...short],
    ok: outcome.ok && counts.failed === 0 && counts.passed > 0 && short.length === 0,
  };
};

const files = testFiles();
const results: (Outcome & { readonly name: string })[] = [];
for (const runtime of RUNTIMES) {
  results.push({ name: runtime.name, ...await runOn(runtime, files) });
}

console.log("");
for (const { name, failures } of results) {
  for (const failure of failures) console.log(`${name}: failed: ${failure}`);
}
for (const { name, passed, failed, skipped, ok } of results) {
  console.log(
    `${name}: ${passed} passed, ${failed} failed, ${skipped} skipped${ok ? "" : ": FAILED"}`,
  );
}
const total = (of: (counts: Counts) => number): number =>
  results.reduce((all, counts) => all + of(counts), 0);
// Nothing may follow this line: scripts read the totals from it.
console.log(`${total(({ passed }) => passed)} passed, ${total(({ failed }) => failed)} failed`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
