/**
 * The tests: `npm test`, `npm run test:quick` and `npm run test:long`, on Node and on Deno. Prints
 * a line for each file, then what failed, and the totals, which are alone on the last line; exits
 * with 1 if a test failed, or a file ran fewer tests than are written in it.
 *
 * `npm test -- <part of a path> …` runs the files of all tiers whose path contains one of these.
 * `--seed N` repeats what was random; `--minutes N` starts no file after so many minutes.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { startPostgres } from "./support/postgres.ts";
import { cpuSeconds, cpuText } from "./runner/cpu.ts";
import { type Counts, type DenoOutcome, runOnDeno } from "./runner/deno.ts";
import { type FileReport, runFiles } from "./runner/pool.ts";
import { isTier, planOf } from "./runner/plan.ts";
import { isAlone } from "./runner/tiers.ts";
import { share } from "./support/runs.ts";
import { serverProgram } from "./support/bundle.ts";
import { ROOT } from "./tidy/command.ts";

/** More than the usual two cores, as many files wait; an embedded database takes up to 700 MB. */
const FILES_AT_ONCE = 4;
/** Well above the time of all files; a run that hangs must be ended. */
const LIMIT_MS = 60 * 60_000;
/** The server that all files share: each opens some connections. */
const POSTGRES_FLAGS = ["-c", "max_connections=300"];

const { values: given, positionals: parts } = parseArgs({
  allowPositionals: true,
  options: {
    tier: { type: "string", default: "test" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    minutes: { type: "string", default: "Infinity" },
  },
});
const { tier, seed } = given;

if (!isTier(tier)) {
  console.error(`--tier must be quick, test or long, not ${tier}`);
  process.exit(2);
}
const plan = planOf(tier, parts, seed);
const began_ms = performance.now();
const ends_ms = began_ms + Number(given.minutes) * 60_000;
const mayStart = (): boolean => performance.now() < ends_ms;

process.env["TESTS_SEED"] = seed;
process.env["TESTS_RUNS"] = parts.length > 0 ? "long" : tier;

type Outcome = Counts & { readonly name: string; readonly failures: readonly string[] };

let done = 0;
const cpu = new Map<string, number>();

/** Prints a line for the file, and what failed in it with what was printed meanwhile. */
const print = (
  { file, passed, failed, skipped, failures, output, ...report }: FileReport,
): void => {
  done += 1;
  if (report.cpuSeconds !== null) cpu.set(file, report.cpuSeconds);
  const place = `${String(done).padStart(4)}/${plan.node.length}`;
  const took = `${report.seconds.toFixed(1).padStart(6)} s${cpuText(report.cpuSeconds)}`;
  const skips = skipped === 0 ? "" : `, ${skipped} skipped`;
  const result = failed === 0 ? "ok    " : "FAILED";
  console.log(`${place} ${result} ${took}  ${file}: ${passed} passed${skips}`);
  for (const { name, why } of failures) console.log(`\n${file}: ${name}\n${why}\n`);
  if (failed > 0 && output !== "") console.log(`${output}\n`);
};

const onNode = async (): Promise<Outcome> => {
  const reports: FileReport[] = [];
  const left = await runFiles(plan.node, {
    workers: FILES_AT_ONCE,
    isAlone,
    mayStart,
    onReport: (report) => {
      reports.push(report);
      print(report);
    },
  });
  if (left.length > 0) console.log(`\nnot started in ${given.minutes} minutes: ${left.join(" ")}`);
  const total = (of: (report: FileReport) => number): number =>
    reports.reduce((all, report) => all + of(report), 0);
  return {
    name: "Node",
    passed: total(({ passed }) => passed),
    failed: total(({ failed }) => failed),
    skipped: total(({ skipped }) => skipped),
    failures: reports.flatMap(({ file, failures }) =>
      failures.map(({ name, why }) => `${file}: ${name}: ${why.slice(0, WHY_LENGTH)}`)
    ),
  };
};

/** How much of a failure's message is repeated at the end. */
const WHY_LENGTH = 600;
/** So many of the files that used most processor time are named. */
const LARGEST = 12;
/** Files that Deno is given together: a bounded run looks at the clock between them. */
const FILES_TOGETHER = 40;

const onDeno = async (): Promise<Outcome> => {
  const outcomes: DenoOutcome[] = [];
  for (let at = 0; at < plan.deno.length && mayStart(); at += FILES_TOGETHER) {
    const files = plan.deno.slice(at, at + FILES_TOGETHER);
    const outcome = await runOnDeno(files, { jobs: 2, limit_ms: LIMIT_MS });
    if (outcome.failed > 0) console.log(outcome.output);
    console.log(`Deno: ${at + files.length}/${plan.deno.length} files`);
    outcomes.push(outcome);
  }
  const total = (of: (counts: Counts) => number): number =>
    outcomes.reduce((all, counts) => all + of(counts), 0);
  return {
    name: "Deno",
    passed: total(({ passed }) => passed),
    failed: total(({ failed }) => failed),
    skipped: total(({ skipped }) => skipped),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
};

console.log(
  `${plan.node.length} test files on Node, ${plan.deno.length} on Deno; seed ${seed}, ` +
    `random tests with ${share() * 100} % of their runs`,
);
const usesPostgres = plan.node.some((path) =>
  /postgres/i.test(readFileSync(`${ROOT}${path}`, "utf8"))
);
const postgres = usesPostgres ? await startPostgres(POSTGRES_FLAGS) : null;
if (postgres !== null) process.env["TESTS_POSTGRES"] = postgres.url;
const startsServers = plan.node.some((path) =>
  readFileSync(`${ROOT}${path}`, "utf8").includes("support/server.ts")
);
if (startsServers) process.env["TESTS_SERVER"] = serverProgram();
const results = await Promise.all([onNode(), onDeno()]);
await postgres?.stop();

console.log("");
const largest = [...cpu].toSorted(([, a], [, b]) => b - a).slice(0, LARGEST);
for (const [path, used] of largest) console.log(`${cpuText(used)}  ${path}`);
for (const { name, failures } of results) {
  for (const failure of failures) console.log(`${name}: failed: ${failure}`);
}
for (const { name, passed, failed, skipped } of results) {
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
}
const total = (of: (counts: Counts) => number): number =>
  results.reduce((all, counts) => all + of(counts), 0);
const [passed, failed] = [total(({ passed }) => passed), total(({ failed }) => failed)];
const took_s = (performance.now() - began_ms) / 1_000;
const times = [`${took_s.toFixed(0)} s`, cpuText(cpuSeconds("self")).trim()];
console.log(`seed ${seed}, ${times.filter((time) => time !== "").join(", ")}`);
// Nothing may follow this line: scripts read the totals from it.
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
