/**
 * `npm run simulate -- --runs N --seed S [--workers W]` runs N simulations and prints what happened
 * in them; `--path P` runs the one that a failure named, and prints it event by event. Ends with 1
 * if a rule was broken, or if it was stopped (Ctrl-C): the figures are then those so far.
 */
import { fork } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Counter, type Figures, sumOf, table, timesOf } from "./figures.ts";
import { type Found, lineFor, lookFor } from "../harness/simulation/search.ts";

/** What a worker reports: its progress, and at its end what it found. */
type Word = {
  readonly runs: number;
  readonly figures: Figures;
  readonly end: { readonly error: string; readonly reproduce: string } | "well" | null;
};

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    path: { type: "string" },
    workers: { type: "string", default: "1" },
  },
});

const wholeNumber = (name: "runs" | "seed" | "workers"): number => {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= (name === "seed" ? 0 : 1)) return value;
  console.error(`--${name} must be a whole number, not ${values[name]}`);
  process.exit(2);
};
const RUNS = wholeNumber("runs");
const SEED = wholeNumber("seed");
const WORKERS = Math.min(wholeNumber("workers"), RUNS);
const EVERY_MS = 1_000;

const endOf = ({ failure }: Found): Word["end"] => {
  if (failure === null) return "well";
  const { error, path } = failure;
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return { error: text, reproduce: lineFor(SEED, path) };
};

/** Performs one share of the runs, and reports to the parent process. */
const work = async (): Promise<void> => {
  const counter = new Counter();
  let runs = 0;
  let reportedAt = 0;
  const tell = (end: Word["end"]) => process.send?.({ runs, figures: counter.figures(), end });
  const begin = () => {
    if (performance.now() > reportedAt + EVERY_MS) {
      reportedAt = performance.now();
      tell(null);
    }
    runs++;
    return counter.begin();
  };
  tell(endOf(await lookFor({ runs: RUNS, seed: SEED, begin })));
  process.disconnect();
};

const BAR = 30;

/** How far it has come: a bar, runs per second, faults so far, and the time left. */
const progress = (runs: number, faults: number, began_ms: number): string => {
  const seconds = (performance.now() - began_ms) / 1_000;
  const speed = runs / Math.max(seconds, 0.001);
  const left = Math.round((RUNS - runs) / Math.max(speed, 0.001));
  const full = Math.min(BAR, Math.round(BAR * runs / RUNS));
  const bar = `${"█".repeat(full)}${"░".repeat(BAR - full)}`;
  return `${bar} ${runs}/${RUNS}  ${speed.toFixed(0)} runs/s  ${faults} faults  ${left} s left`;
};

const show = (line: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
  else process.stderr.write(`${line}\n`);
};

/** Divides the runs among workers, each with its own seed. */
const lead = async (): Promise<void> => {
  const began_ms = performance.now();
  const words: Word[] = [];
  const totals = () => {
    const figures = sumOf(words.map((word) => word.figures));
    return { runs: words.reduce((sum, word) => sum + word.runs, 0), figures };
  };
  const workers = Array.from({ length: WORKERS }, (_, place) => {
    const share = Math.floor(RUNS / WORKERS) + (place < RUNS % WORKERS ? 1 : 0);
    const args = ["--runs", String(share), "--seed", String(SEED + place)];
    words[place] = { runs: 0, figures: {}, end: null };
    const worker = fork(fileURLToPath(import.meta.url), args, { serialization: "json" });
    process.once("SIGINT", () => worker.kill());
    worker.on("message", (word: Word) => {
      words[place] = word;
    });
    return new Promise((resolve) => worker.on("exit", resolve));
  });
  const bar = setInterval(() => {
    const { runs, figures } = totals();
    show(progress(runs, timesOf(figures, "fault"), began_ms));
  }, process.stderr.isTTY ? EVERY_MS : 15 * EVERY_MS);
  await Promise.all(workers);
  clearInterval(bar);
  const { runs, figures } = totals();
  show(`${progress(runs, timesOf(figures, "fault"), began_ms)}\n`);
  for (const line of table(figures)) console.log(line);
  console.log(`seed ${SEED}, ${((performance.now() - began_ms) / 1_000).toFixed(0)} s`);
  for (const { end } of words) {
    if (end === "well") continue;
    process.exitCode = 1;
    console.log(end === null ? "stopped before the end" : `\n${end.error}\n${end.reproduce}`);
  }
};

/** Performs one run, and prints it. */
const replay = async (path: string): Promise<void> => {
  const begin = () => (what: string, at: number) =>
    console.log(`${new Date(at).toISOString()}  ${what}`);
  const end = endOf(await lookFor({ runs: 1, seed: SEED, path, asFound: true, begin }));
  console.log(end === null || end === "well" ? "no rule is broken" : `\n${end.error}`);
  process.exitCode = end === "well" ? 0 : 1;
};

if (process.send !== undefined) await work();
else if (values.path !== undefined) await replay(values.path);
else await lead();
