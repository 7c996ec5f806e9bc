/**
 * The thread in which one mutant is active, or none: it loads test files from the bundle, runs the
 * tests that it is given, and reports the first that fails, or what each of them reached.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { collected, runSuite } from "./node-test.ts";

/** What a thread is given. */
export type Job = {
  /** The mutant to switch on; null runs the code as it is and records what is reached. */
  readonly mutant: string | null;
  /** How often the mutant may be passed before it counts as a loop that does not end. */
  readonly hits: number;
  /** Where generated examples begin, so that a mutant meets the same ones again. */
  readonly seed: number;
  readonly files: readonly { readonly url: string; readonly tests: readonly string[] | null }[];
};

/** How often each mutant was passed, by its id. */
export type Hits = Readonly<Record<string, number>>;

/** What a thread reports at its end. */
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

/** What a thread sends: the place of the file that it begins, and at its end the outcome. */
export type Message = { readonly file: number } | Outcome;

const send = (message: Message): void => parentPort?.postMessage(message, []);

const job: Job = workerData;

/** What the instrumented code looks at; its names are StrykerJS's. */
const switches: {
  activeMutant: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number;
  hitLimit?: number;
  mutantCoverage: { static: Record<string, number>; perTest: Record<string, Hits> };
} = { activeMutant: job.mutant ?? undefined, mutantCoverage: { static: {}, perTest: {} } };
if (job.mutant !== null) Object.assign(switches, { hitCount: 0, hitLimit: job.hits });
Object.assign(globalThis, { __stryker__: switches });

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: job.seed, endOnFailure: true });

const took_ms: Record<string, number> = {};
/** The test that runs now. */
const current = { test: "loading", began: 0 };

const report = (error: unknown): void => {
  const { mutantCoverage } = switches;
  send({
    failure: error === null ? null : { test: current.test, error: String(error).slice(0, 500) },
    outside: mutantCoverage.static,
    inside: mutantCoverage.perTest,
    took_ms,
  });
};
process.on("uncaughtException", report);
process.on("unhandledRejection", report);

const onStart = (name: string): void => {
  Object.assign(current, { test: name, began: performance.now() });
  switches.currentTestId = name;
};

const onEnd = (name: string): void => {
  took_ms[name] = performance.now() - current.began;
  switches.currentTestId = undefined;
};

const main = async (): Promise<void> => {
  for (const [file, { url, tests }] of job.files.entries()) {
    send({ file });
    await import(url);
    const wants = (name: string): boolean => tests === null || tests.includes(name);
    await runSuite(collected(), { wants, onStart, onEnd });
  }
};

await main().then(() => report(null), report);
