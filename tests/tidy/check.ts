/**
 * The quick gate, `npm run check`: whether the packages are installed, format, lint, both type
 * checkers and the tidy rules. Prints each step with its time, and what a step said if it failed;
 * exits with 1 if any did.
 */
import { type Outcome, ROOT, run } from "./command.ts";
import { installedFault } from "./installed.ts";
import { report } from "./rules.ts";
import { readTree, type Tree } from "./tree.ts";

type Step = { readonly name: string; readonly does: () => Promise<Outcome> };

const quiet = { echo: false, limit_ms: 300_000 };

/** Besides the code, files that are written by hand. */
const FORMATTED = /\.(ts|json|md)$/;
const GENERATED = /^package-lock\.json$|\/generated\//;

/** Rows of steps: the rows run concurrently, the steps of a row one after the other. */
const rows = (tree: Tree): readonly (readonly Step[])[] => {
  const written = tree.files.map(({ path }) => path)
    .filter((path) => FORMATTED.test(path) && !GENERATED.test(path));
  const code = tree.modules.map(({ path }) => path);
  const tidy = (): Outcome => {
    const found = report(tree);
    return { ok: found.length === 0, output: found.join("\n") };
  };
  return [
    // In one row, because Deno's npm package unpacks its program on its first run.
    [
      { name: "deno fmt", does: () => run("deno", ["fmt", "--check", ...written], quiet) },
      {
        name: "deno check",
        does: () => run("deno", ["check", "--quiet", "--no-lock", ...code], quiet),
      },
    ],
    [{ name: "tsc", does: () => run("tsc", ["--noEmit", "-p", "."], quiet) }],
    [{ name: "oxlint", does: () => run("oxlint", ["--deny-warnings"], quiet) }],
    [{ name: "tidy rules", does: () => Promise.resolve(tidy()) }],
  ];
};

/** Seconds, with one decimal. */
const since = (start_ms: number): string =>
  `${((performance.now() - start_ms) / 1000).toFixed(1)} s`;

/** Runs the step, prints its result, and returns whether it succeeded. */
const perform = async ({ name, does }: Step): Promise<boolean> => {
  const start_ms = performance.now();
  const { ok, output } = await does();
  console.log(`${ok ? "ok    " : "FAILED"}  ${name.padEnd(12)} ${since(start_ms).padStart(7)}`);
  if (!ok) console.log(`\n${output.trim()}\n`);
  return ok;
};

const performRow = async (row: readonly Step[]): Promise<readonly boolean[]> => {
  const outcomes: boolean[] = [];
  for (const step of row) outcomes.push(await perform(step));
  return outcomes;
};

/** What all others need. */
const packages: Step = {
  name: "packages",
  does: () => {
    const fault = installedFault();
    return Promise.resolve({ ok: fault === "", output: fault });
  },
};

const start_ms = performance.now();
const outcomes = await perform(packages)
  ? [true, ...(await Promise.all(rows(readTree(ROOT)).map(performRow))).flat()]
  : [false];
const failed = outcomes.filter((ok) => !ok).length;
console.log(`check: ${outcomes.length - failed} ok, ${failed} failed, ${since(start_ms)}`);
process.exitCode = failed === 0 ? 0 : 1;
