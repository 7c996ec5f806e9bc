/**
 * `npm run mutation -- [--part core]… [--seed S] [--mutants N] [--minutes M]` changes the code in
 * one place at a time and runs the tests that reach it. Prints how many of these mutants were
 * killed and each that survived, also when it is stopped by Ctrl-C; ends with 1 where a part has
 * too many survivors, with 2 where it was called wrongly.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { startPostgres } from "../support/postgres.ts";
import { bundle } from "./bundle.ts";
import { isEquivalent } from "./equivalents.ts";
import { keyOf, type Mutant, type Texts } from "./mutants.ts";
import { type PartName, PARTS, sourcesOf, testsOf } from "./parts.ts";
import { type PartResult, reportOf } from "./report.ts";
import { sample } from "./sample.ts";
import { observe, type Options, Trial, type Verdict } from "./trial.ts";

const { values } = parseArgs({
  options: {
    part: { type: "string", multiple: true, default: Object.keys(PARTS) },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    mutants: { type: "string", default: "100" },
    minutes: { type: "string", default: "60" },
  },
});

const stop = (message: string): never => {
  console.error(message);
  process.exit(2);
};

const wholeNumber = (name: "seed" | "mutants" | "minutes"): number => {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= (name === "seed" ? 0 : 1)) return value;
  return stop(`--${name} must be a whole number, not ${values[name]}`);
};

const isPart = (name: string): name is PartName => Object.hasOwn(PARTS, name);
const NAMES = values.part.map((name) =>
  isPart(name) ? name : stop(`--part must be one of ${Object.keys(PARTS).join(", ")}, not ${name}`)
);
const [SEED, COUNT, MINUTES] = [
  wholeNumber("seed"),
  wholeNumber("mutants"),
  wholeNumber("minutes"),
];

const BAR = 30;
const EVERY_MS = process.stderr.isTTY ? 100 : 15_000;
let shownAt = 0;

/** Set by Ctrl-C: what was tried until then is reported. */
let isStopped = false;
process.once("SIGINT", () => {
  isStopped = true;
});

/** Draws a bar: how much of what is done. */
const show = (what: string, done: number, of: number, more: string): void => {
  if (performance.now() < shownAt + EVERY_MS && done < of) return;
  shownAt = performance.now();
  const full = Math.round(BAR * done / Math.max(of, 1));
  const line = `${"█".repeat(full)}${"░".repeat(BAR - full)} ${what} ${done}/${of}${more}`;
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
};

/** Runs tests for each mutant until the time is over; gives what became of those that it tried. */
const tryAll = async (
  what: string,
  { files, texts, mutants, until_ms, options }: {
    readonly files: readonly string[];
    readonly texts: Texts;
    readonly mutants: readonly Mutant[];
    readonly until_ms: number;
    readonly options: Options;
  },
): Promise<readonly Verdict[]> => {
  const bundled = await bundle(files, texts);
  const verdicts: Verdict[] = [];
  try {
    let seen = 0;
    const onFile = (file: string): void =>
      show(`${what}: tests as they are`, ++seen, files.length, `  ${file}`);
    const baseline = await observe(bundled, files, SEED, onFile);
    const trial = new Trial(bundled, baseline, options);
    const began = performance.now();
    for (const mutant of mutants) {
      if (isStopped || performance.now() > until_ms) break;
      verdicts.push(await trial.try(mutant));
      const each_ms = (performance.now() - began) / verdicts.length;
      const left = Math.round(each_ms * (mutants.length - verdicts.length) / 1_000);
      const survivors = verdicts.filter(({ killedBy }) => killedBy === null).length;
      const more = `  ${survivors} survived  ${left} s left`;
      show(`${what}: mutants`, verdicts.length, mutants.length, more);
    }
    await trial.end();
    // What broke meanwhile, such as packages that were removed, would have killed every mutant.
    await observe(bundled, files.slice(0, 1), SEED, () => {});
  } finally {
    bundled.remove();
  }
  return verdicts;
};

/** The share of the time for the tests that are run first. */
const FIRST = 0.6;

/** Tries mutants of one part: with its own tests, and the survivors with wider ones. */
const runPart = async (name: PartName, of_ms: number): Promise<PartResult> => {
  const began = performance.now();
  const part = PARTS[name];
  const { texts, mutants } = await part.instrument(sourcesOf(part));
  const chosen = sample(mutants.filter((mutant) => !isEquivalent(mutant)), {
    seed: SEED,
    count: COUNT,
    keyOf: (mutant: Mutant) => `${keyOf(mutant)} ${mutant.id}`,
  });
  const [first = [], wider = []] = testsOf(part);
  const own = await tryAll(name, {
    files: first,
    texts,
    mutants: chosen,
    until_ms: began + FIRST * of_ms,
    options: { seed: SEED, isApart: part.isApart, isWarm: part.isWarm, isLoadingEnough: true },
  });
  const open = own.filter(({ killedBy }) => killedBy === null).map(({ mutant }) => mutant);
  const more = open.length === 0 || isStopped ? [] : await tryAll(`${name}, wider`, {
    files: wider,
    texts,
    mutants: open,
    until_ms: began + of_ms,
    options: { seed: SEED, isApart: false, isWarm: false, isLoadingEnough: false },
  });
  const killed = more.filter(({ killedBy }) => killedBy !== null);
  const verdicts = own.map((verdict) =>
    killed.find(({ mutant }) => mutant === verdict.mutant) ?? verdict
  );
  return { name, leastKilled: part.leastKilled, chosen: chosen.length, verdicts };
};

// What is random has as many runs as in `npm test`.
process.env["TESTS_RUNS"] = "test";
console.log(`seed ${SEED}, at most ${COUNT} mutants of each of ${NAMES.join(", ")}`);
const server = NAMES.some((name) => PARTS[name].needsPostgres) ? await startPostgres() : null;
const results: PartResult[] = [];
try {
  // Threads, which may be ended at any time, share a server that is not theirs.
  if (server !== null) process.env["TEST_DATABASE_URL"] = await server.database();
  const end_ms = performance.now() + MINUTES * 60_000;
  for (const [index, name] of NAMES.entries()) {
    const share_ms = (end_ms - performance.now()) / (NAMES.length - index);
    results.push(await runPart(name, share_ms));
  }
} finally {
  await server?.stop();
}
if (process.stderr.isTTY) process.stderr.write("\n");
const { lines, passes } = reportOf(results);
for (const line of lines) console.log(line);
process.exit(passes ? 0 : 1);
