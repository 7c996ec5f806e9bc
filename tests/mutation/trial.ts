/** Runs tests in threads, once without a mutant and then with each. */
import type { Bundle } from "./bundle.ts";
import type { Mutant } from "./mutants.ts";
import { runIn, Thread } from "./thread.ts";
import type { Hits, Job, Outcome } from "./worker.ts";

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
    const job = { mutant: null, hits: 0, files: [{ url: bundle.urlOf(file), tests: null }] };
    const marked = await runIn(bundle, { seed, isMarking: true }, job, [USUAL_MS]);
    // A test may compare SQL as text.
    const outcome = typeof marked === "string" || marked.failure !== null
      ? await runIn(bundle, { seed }, job, [USUAL_MS])
      : marked;
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
  /** Mutants act when code runs, not only when it is loaded: a thread tries many. */
  readonly isWarm: boolean;
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

const killedBy = (outcome: Outcome | string): string | null => {
  if (typeof outcome === "string") return outcome;
  const { failure } = outcome;
  return failure === null ? null : `${failure.test}: ${failure.error}`;
};

/** Tries the mutants of a bundle one after the other. */
export class Trial {
  readonly #bundle: Bundle;
  readonly #baseline: Baseline;
  readonly #options: Options;
  /** The thread for mutants that are reached in tests that are apart, and nowhere else. */
  #thread: Thread | null = null;

  constructor(bundle: Bundle, baseline: Baseline, options: Options) {
    this.#bundle = bundle;
    this.#baseline = baseline;
    this.#options = options;
  }

  /** Runs the tests that reach a mutant until one of them fails, or all have passed. */
  async try(mutant: Mutant): Promise<Verdict> {
    const began = performance.now();
    const verdict = (killedBy: string | null): Verdict => ({
      mutant,
      killedBy,
      took_ms: performance.now() - began,
    });
    const reach = this.#baseline.reaching.get(mutant.id);
    if (reach === undefined) return verdict(null);
    const plans = plansFor(reach, this.#baseline, this.#options);
    const files = plans.map(({ file, tests }) => ({ url: this.#bundle.urlOf(file), tests }));
    const job = { mutant: mutant.id, hits: HITS * (reach.hits + 1), files };
    const usual_ms = plans.map(({ took_ms }) => took_ms);
    if (this.#options.isWarm && this.#options.isApart && reach.files.size === 0) {
      const killedBy = await this.#tryWarm(job, usual_ms);
      if (killedBy !== null) return verdict(killedBy);
    }
    // A survivor is tried alone too: what one mutant left behind may hide another.
    return verdict(killedBy(await runIn(this.#bundle, this.#options, job, usual_ms)));
  }

  /**
   * Runs the tests in a thread that has them loaded. A test that fails must pass again without the
   * mutant, or an earlier mutant left something behind, and the thread is not used any more.
   */
  async #tryWarm(job: Job, usual_ms: readonly number[]): Promise<string | null> {
    this.#thread ??= new Thread(this.#bundle, this.#options);
    const outcome = await this.#thread.run(job, usual_ms);
    const failed = typeof outcome === "string" ? null : outcome.failure?.test;
    if (failed === undefined) return null;
    if (failed !== null) {
      const files = job.files.filter(({ tests }) => tests?.includes(failed) === true)
        .map(({ url }) => ({ url, tests: [failed] }));
      const again = await this.#thread.run({ mutant: null, hits: 0, files }, usual_ms);
      if (typeof again !== "string" && again.failure === null) return killedBy(outcome);
    }
    await this.end();
    return null;
  }

  /** Ends the thread that is kept. */
  async end(): Promise<void> {
    await this.#thread?.end();
    this.#thread = null;
  }
}
