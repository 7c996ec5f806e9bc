/**
 * The thread in which one mutant at a time is active, or none: it loads test files from the bundle,
 * runs the tests that it is given, and reports the first that fails, or what each of them reached.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { collected, runSuite, type Suite } from "./node-test.ts";

/** What a thread is told to do. */
export type Job = {
  /** The mutant to switch on; null runs the code as it is and records what is reached. */
  readonly mutant: string | null;
  /** How often the mutant may be passed before it counts as a loop that does not end. */
  readonly hits: number;
  readonly files: readonly { readonly url: string; readonly tests: readonly string[] | null }[];
};

/** How often each mutant was passed, by its id. */
export type Hits = Readonly<Record<string, number>>;

export type Start = {
  /** Where generated examples begin, so that a mutant meets the same ones again. */
  readonly seed: number;
  /** Whether SQL bears the ids of its mutants, so that they count when it is sent. */
  readonly isMarking?: boolean;
};

/** What a thread reports of a job; what was reached only where no mutant was active. */
export type Outcome = {
  /** The test that failed, and how; null if all passed. */
  readonly failure: { readonly test: string; readonly error: string } | null;
  /** What was reached outside of tests, and by each test; how long each took. */
  readonly outside: Hits;
  readonly inside: Readonly<Record<string, Hits>>;
  readonly took_ms: Readonly<Record<string, number>>;
};

// For its own message Node would parse the bundle.
const { ok } = assert;
Object.assign(assert, {
  ok: (value: unknown, message: string | Error = `${value} is not truthy`): void =>
    ok(value, message),
});

/** What a thread sends: the place of the file that it begins, and at the job's end the outcome. */
export type Message = { readonly file: number } | Outcome;

const send = (message: Message): void => parentPort?.postMessage(message, []);

const { seed, isMarking = false }: Start = workerData;

/** What the instrumented code looks at, and keeps; its names are StrykerJS's. */
const switches: {
  activeMutant: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  readonly isMarking: boolean;
  readonly mutantCoverage: { static: Record<string, number>; perTest: Record<string, Hits> };
} = { activeMutant: undefined, isMarking, mutantCoverage: { static: {}, perTest: {} } };
Object.assign(globalThis, { __stryker__: switches });

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed, endOnFailure: true });

/** The job that runs now, or none. */
let now: { readonly job: Job; test: string; began: number; took_ms: Record<string, number> } | null;

const begin = (job: Job): void => {
  now = { job, test: "loading", began: 0, took_ms: {} };
  switches.activeMutant = job.mutant ?? undefined;
  switches.currentTestId = undefined;
  switches.hitCount = job.mutant === null ? undefined : 0;
  switches.hitLimit = job.hits;
  Object.assign(switches.mutantCoverage, { static: {}, perTest: {} });
};

const report = (error: unknown): void => {
  if (now === null) return;
  const { job: { mutant }, test, took_ms } = now;
  const { static: outside, perTest: inside } = switches.mutantCoverage;
  now = null;
  switches.activeMutant = undefined;
  send({
    failure: error === null ? null : { test, error: String(error).slice(0, 500) },
    outside: mutant === null ? outside : {},
    inside: mutant === null ? inside : {},
    took_ms,
  });
};
process.on("uncaughtException", report);
process.on("unhandledRejection", report);

const onStart = (name: string): void => {
  if (now === null) return;
  now.test = name;
  now.began = performance.now();
  switches.currentTestId = name;
};

const onEnd = (name: string): void => {
  if (now === null) return;
  now.took_ms[name] = performance.now() - now.began;
  switches.currentTestId = undefined;
};

const suites = new Map<string, Suite>();

const suiteOf = async (url: string): Promise<Suite> => {
  const known = suites.get(url);
  if (known !== undefined) return known;
  await import(url);
  const suite = collected();
  suites.set(url, suite);
  return suite;
};

const run = async ({ files }: Job): Promise<void> => {
  for (const [file, { url, tests }] of files.entries()) {
    send({ file });
    const wants = (name: string): boolean => tests === null || tests.includes(name);
    await runSuite(await suiteOf(url), { wants, onStart, onEnd });
  }
};

parentPort?.on("message", (job: Job) => {
  begin(job);
  void run(job).then(() => report(null), report);
});
