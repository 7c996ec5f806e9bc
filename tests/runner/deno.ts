/** Runs test files on Deno, and reads what ran from what it prints. */
import { shortFlagsOfDeno } from "../support/v8.ts";
import { run } from "../tidy/command.ts";
import { type Report, reportOfDeno, shortfalls } from "./ran.ts";

/** How many tests passed, failed and were skipped. */
export type Counts = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
};

/** The sum of what the last match of the pattern captured. */
const sum = (output: string, pattern: RegExp): number => {
  const last = [...output.matchAll(pattern)].at(-1)?.slice(1) ?? [];
  return last.reduce((total, digits) => total + Number(digits ?? 0), 0);
};

/** The totals that Deno prints, which counts a suite as a test and what is inside it as steps. */
const countsOf = (output: string): Counts => ({
  passed: sum(output, /\| (\d+) passed(?: \((\d+) steps?\))? \| \d+ failed/g),
  failed: sum(output, /passed.* \| (\d+) failed(?: \((\d+) steps?\))?/g),
  skipped: sum(output, /failed.* \| (\d+) ignored(?: \((\d+) steps?\))?/g),
});

const ARGUMENTS = [
  "test",
  "-A",
  "--no-lock",
  "--no-check",
  "--parallel",
  "--preload=./tests/runner/seed.ts",
];

/** What ran: the counts, and a sentence for each failure. */
export type DenoOutcome = Counts & {
  readonly failures: readonly string[];
  /** All that was printed. */
  readonly output: string;
};

/** Runs the files, in one process, so many at a time; ends the process after the limit. */
export const runOnDeno = async (
  files: readonly string[],
  { jobs, limit_ms }: { readonly jobs: number; readonly limit_ms: number },
): Promise<DenoOutcome> => {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0, failures: [], output: "" };
  process.env["DENO_JOBS"] = String(jobs);
  const { ok, output } = await run("deno", [...ARGUMENTS, ...shortFlagsOfDeno(), ...files], {
    echo: false,
    limit_ms,
  });
  const counts = countsOf(output);
  const report: Report = reportOfDeno(output);
  // An aborted run leaves no report, and has failed.
  const short = report.ran.size === 0 ? ["the run left no report"] : shortfalls(files, report.ran);
  const isAborted = !ok && counts.failed === 0 && short.length === 0;
  const failures = [
    ...report.failures,
    ...short,
    ...(isAborted ? ["the run ended with a failure of its own"] : []),
  ];
  const failed = counts.failed + short.length + (isAborted ? 1 : 0);
  return { ...counts, failed, failures, output };
};
