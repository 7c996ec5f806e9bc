/** How many tests ran in each file, which of them failed, and the files in which too few ran. */
import { readFileSync } from "node:fs";
import { ROOT } from "../tidy/command.ts";

/** The number of tests that ran, by the file's path below the root. */
export type Ran = ReadonlyMap<string, number>;

/** What a run has to report: what ran, and a sentence for each test that failed. */
export type Report = {
  readonly ran: Ran;
  readonly failures: readonly string[];
};

/** Counts tests that begin in the file's first column; those of suites are added. */
const WRITTEN = /^(?:test|describe|it)\(/gm;

/** How many tests a file has at least, by its text; a file of tests has one. */
export const leastOf = (text: string): number => Math.max(1, [...text.matchAll(WRITTEN)].length);

const leastIn = (path: string): number => leastOf(readFileSync(`${ROOT}${path}`, "utf8"));

/** A sentence for each of these files in which fewer tests ran than are written in it. */
export const shortfalls = (
  files: readonly string[],
  ran: Ran,
  least: (path: string) => number = leastIn,
): readonly string[] =>
  files.flatMap((path) => {
    const [count, wanted] = [ran.get(path) ?? 0, least(path)];
    if (count >= wanted) return [];
    return [
      `${path}: ${count === 0 ? "no test" : `only ${count} of at least ${wanted} tests`} ran`,
    ];
  });

const DENO_LINE = /^\.\/(tests\/\S+) => /gm;

/** The names of what failed, between its heading and the next empty line. */
const DENO_FAILURES = /^ FAILURES \n\n((?:.+\n)+)/m;

/**
 * What ran and failed, by the plain output of Deno running files in parallel: a line for each test
 * names its file.
 */
export const reportOfDeno = (output: string): Report => {
  const ran = new Map<string, number>();
  for (const [, path = ""] of output.matchAll(DENO_LINE)) ran.set(path, (ran.get(path) ?? 0) + 1);
  const failed = DENO_FAILURES.exec(output)?.[1]?.trimEnd().split("\n") ?? [];
  return { ran, failures: failed.map((line) => line.replace(/ => \S+$/, "")) };
};
