/** How many tests ran in each file, and the files in which too few did. */
import { readFileSync } from "node:fs";
import { ROOT } from "../tidy/command.ts";

/** The number of tests that ran, by the file's path below the root. */
export type Ran = ReadonlyMap<string, number>;

/** Counts tests that begin in the file's own first column; what suites add comes on top. */
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

/** What ran, by the output of Deno running files in parallel: a line for each test names its file. */
export const ranOnDeno = (output: string): Ran => {
  const ran = new Map<string, number>();
  for (const [, path = ""] of output.matchAll(DENO_LINE)) ran.set(path, (ran.get(path) ?? 0) + 1);
  return ran;
};

/** What ran, by the file that `reporter.js` leaves; nothing where there is none. */
export const ranOnNode = (path: string): Ran => {
  try {
    const counts: Readonly<Record<string, number>> = JSON.parse(readFileSync(path, "utf8"));
    return new Map(
      Object.entries(counts).map(([file, count]) => [file.slice(ROOT.length), count]),
    );
  } catch {
    return new Map();
  }
};
