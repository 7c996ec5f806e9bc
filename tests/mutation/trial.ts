/** Runs tests in threads, once without a mutant and then with each. */
import { Worker } from "node:worker_threads";
import type { Bundle } from "./bundle.ts";
import type { Mutant } from "./mutants.ts";
import type { Hits, Job, Message, Outcome } from "./worker.ts";

/** What became of a mutant: what noticed it, or that nothing did. */
export type Verdict = {
  readonly mutant: Mutant;
  readonly killedBy: string | null;
  readonly took_ms: number;
};

/** A test as it is without a mutant. */
type Test = { readonly file: string; readonly name: string; readonly took_ms: number };

/** The tests, and which of them reach each mutant. */
export type Baseline = {
  readonly tests: readonly Test[];
  /** How long each file takes to load and run. */
  readonly files: ReadonlyMap<string, number>;
  /** By the mutant's id: the tests that reach it, and the files whose loading does. */
  readonly reaching: ReadonlyMap<string, Reach>;
};

type Reach = {
  readonly tests: ReadonlySet<Test>;
  readonly files: ReadonlySet<string>;
  hits: number;
};

/** Time for a file, in addition to a multiple of the time that it takes without a mutant. */
const GRACE_MS = 10_000;
const TIMES = 3;

/** Runs a job in a new thread; gives a text where that ends without an outcome, or takes long. */
const runIn = (
  bundle: Bundle,
  job: Job,
  usual_ms: readonly number[],
): Promise<Outcome | string> =>
  new Promise((resolve) => {
    // The bundle needs no loader of TypeScript, which takes a thread long to start.
    const options = { workerData: job, execArgv: [], stdout: true, stderr: true };
    const worker = new Worker(bundle.worker, options);
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const end = (outcome: Outcome | string): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      void worker.terminate().then(() => resolve(outcome));
    };
    const allow = (index: number): void => {
      clearTimeout(timer);
      const limit_ms = GRACE_MS + TIMES * (usual_ms[index] ?? 0);
      timer = setTimeout(() => end(`takes longer than ${Math.round(limit_ms)} ms`), limit_ms);
    };
    allow(0);
    worker.on("message", (message: Message) =>
      "file" in message ? allow(message.file) : end(message));
    worker.once("error", (error) =>
      end(String(error)));
    worker.once("exit", (code) => end(`the thread ends with ${code}`));
  });

/** Longer than any file takes. */
const USUAL_MS = 200_000;

/** Runs the files without a mutant; throws if a test fails. */
export const observe = async (
  bundle: Bundle,
  files: readonly string[],
  seed: number,
  onFile: (file: string) => void,
): Promise<Baseline> => {
  const tests: Test[] = [];
  const times = new Map<string, number>();
  const reaching = new Map<string, { tests: Set<Test>; files: Set<string>; hits: number }>();
  const reach = (hits: Hits, note: (reached: { tests: Set<Test>; files: Set<string> }) => void) => {
    for (const [id, count] of Object.entries(hits)) {
      const reached = reaching.get(id) ?? { tests: new Set(), files: new Set(), hits: 0 };
      reached.hits += count;
      note(reached);
      reaching.set(id, reached);
    }
  };
  for (const file of files) {
    onFile(file);
    const began = performance.now();
    const job = { mutant: null, hits: 0, seed, files: [{ url: bundle.urlOf(file), tests: null }] };
    const outcome = await runIn(bundle, job, [USUAL_MS]);
    if (typeof outcome === "string") throw new Error(`${file}: ${outcome}`);
    const { failure } = outcome;
    if (failure !== null) {
      throw new Error(`${file}: without a mutant, ${failure.test}: ${failure.error}`);
    }
    times.set(file, performance.now() - began);
    reach(outcome.outside, (reached) => reached.files.add(file));
    for (const [name, took_ms] of Object.entries(outcome.took_ms)) {
      const test = { file, name, took_ms };
      tests.push(test);
      reach(outcome.inside[name] ?? {}, (reached) => reached.tests.add(test));
    }
  }
  return { tests, files: times, reaching };
};

/** A file to run for a mutant: only these of its tests, or all of them. */
type Plan = {
  readonly file: string;
  readonly tests: readonly string[] | null;
  readonly took_ms: number;
};

/** How the tests for a mutant are chosen. */
export type Options = {
  readonly seed: number;
  /** Tests are independent of each other: of a file, only those that reach the mutant are run. */
  readonly isApart: boolean;
  /** Files are run whose loading reaches the mutant, though no test in them does. */
  readonly isLoadingEnough: boolean;
};

/**
 * The files to run for a mutant: first those in which tests reach it, the fastest first, then those
 * that only load it, in the order in which they are listed.
 */
const plansFor = (
  reach: Reach,
  { files }: Baseline,
  { isApart, isLoadingEnough }: Options,
): Plan[] => {
  const plans = new Map<string, { names: string[]; took_ms: number }>();
  for (const { file, name, took_ms } of reach.tests) {
    const plan = plans.get(file) ?? { names: [], took_ms: 0 };
    plan.names.push(name);
    plan.took_ms += took_ms;
    plans.set(file, plan);
  }
  const whole = (file: string): Plan => ({ file, tests: null, took_ms: files.get(file) ?? 0 });
  const chosen = [...plans].map(([file, { names, took_ms }]): Plan =>
    isApart && !reach.files.has(file) ? { file, tests: names, took_ms } : whole(file)
  );
  const loaded = (isLoadingEnough ? [...reach.files] : []).filter((file) => !plans.has(file)).map(
    whole,
  );
  const byTime = (a: Plan, b: Plan): number => a.took_ms - b.took_ms;
  return [...chosen.toSorted(byTime), ...loaded];
};

/** More often than this, for each time it was passed before, is a loop. */
const HITS = 100;

/** Runs the tests that reach a mutant until one of them fails, or all have passed. */
export const tryMutant = async (
  bundle: Bundle,
  mutant: Mutant,
  baseline: Baseline,
  options: Options,
): Promise<Verdict> => {
  const began = performance.now();
  const verdict = (killedBy: string | null): Verdict => ({
    mutant,
    killedBy,
    took_ms: performance.now() - began,
  });
  const reach = baseline.reaching.get(mutant.id);
  if (reach === undefined) return verdict(null);
  const plans = plansFor(reach, baseline, options);
  const files = plans.map(({ file, tests }) => ({ url: bundle.urlOf(file), tests }));
  const job = { mutant: mutant.id, hits: HITS * (reach.hits + 1), seed: options.seed, files };
  const outcome = await runIn(bundle, job, plans.map(({ took_ms }) => took_ms));
  if (typeof outcome === "string") return verdict(outcome);
  const { failure } = outcome;
  return verdict(failure === null ? null : `${failure.test}: ${failure.error}`);
};
