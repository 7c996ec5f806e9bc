/** How many tests ran in each file, which of them failed, and the files in which too few ran. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../tidy/command.ts";

/** The number of tests that ran, by the file's path below the root. */
export type Ran = ReadonlyMap<string, number>;

/** What a run has to report: what ran, and a sentence for each test that failed. */
export type Report = {
  readonly ran: Ran;
  readonly failures: readonly string[];
  /** How long the process of each file took, where that is known. */
  readonly seconds?: ReadonlyMap<string, number>;
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

/** How much of a failure's message is quoted. */
const WHY_LENGTH = 600;

type NodeReport = {
  readonly ran: Readonly<Record<string, number>>;
  readonly failures: readonly {
    readonly file: string;
    readonly name: string;
    readonly why: string;
  }[];
};

type Started = { readonly file: string; readonly count: number; readonly seconds: number };

/** How many tests ran in the process of each file, by what `guard.ts` leaves in the folder. */
const startedFrom = (folder: string): readonly Started[] =>
  readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));

/**
 * What ran and failed, from the file that `reporter.js` writes, and the folder that `guard.ts`
 * writes; empty where they are missing. A test counts where it was started, or where it is written:
 * skipped tests are reported there only.
 */
export const reportOfNode = (path: string, folder: string): Report => {
  try {
    const { ran, failures }: NodeReport = JSON.parse(readFileSync(path, "utf8"));
    const below = (file: string): string => file.slice(ROOT.length);
    const all = new Map(Object.entries(ran).map(([file, count]) => [below(file), count]));
    const seconds = new Map<string, number>();
    for (const { file, count, seconds: took } of startedFrom(folder)) {
      all.set(below(file), Math.max(count, all.get(below(file)) ?? 0));
      seconds.set(below(file), Math.max(took, seconds.get(below(file)) ?? 0));
    }
    return {
      ran: all,
      seconds,
      failures: failures.map(({ file, name, why }) =>
        `${below(file)}: ${name}: ${why.slice(0, WHY_LENGTH)}`
      ),
    };
  } catch {
    return { ran: new Map(), failures: [] };
  }
};
