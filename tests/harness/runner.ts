/** Test runners, as far as the suites of this harness need one. */
import { type Milliseconds, MINUTE_MS } from "../../core/values/calendar.ts";

/**
 * Something to be run: a test, or what is done before or after tests. A runner gives a test its
 * context.
 */
export type Work = (...context: readonly unknown[]) => Promise<void> | void;

/** Declares a test. */
export type Test = (name: string, work: Work) => unknown;

/**
 * The functions of a test runner, under the names that it has for them: `node:test`, `vitest` and
 * `@std/testing/bdd` fit as they are imported (`import * as runner from "node:test"`).
 */
export type TestFunctions =
  & { readonly describe: (name: string, declare: () => void) => unknown }
  & ({ readonly test: Test } | { readonly it: Test })
  & (
    | { readonly before: (work: Work) => unknown; readonly after: (work: Work) => unknown }
    | { readonly beforeAll: (work: Work) => unknown; readonly afterAll: (work: Work) => unknown }
  );

/** The same under one set of names. */
export type TestRunner = {
  readonly describe: (name: string, declare: () => void) => unknown;
  readonly test: Test;
  readonly before: (work: Work) => unknown;
  readonly after: (work: Work) => unknown;
};

/** The functions of a runner under the names that the suites use. */
export const runnerOf = (functions: TestFunctions): TestRunner => ({
  describe: functions.describe,
  test: "test" in functions ? functions.test : functions.it,
  before: "before" in functions ? functions.before : functions.beforeAll,
  after: "after" in functions ? functions.after : functions.afterAll,
});

/** Thrown by a test that does not apply to its subject. */
class DoesNotApply extends Error {
  override readonly name = "DoesNotApply";
}

/** Ends a test that does not apply to its subject: `reason` is a sentence that says why. */
export const skip = (reason: string): never => {
  throw new DoesNotApply(reason);
};

/** Has the runner report the test as skipped, where the context that it gives tests can do that. */
const reportSkipped = (name: string, reason: string, context: unknown): void => {
  const call: unknown = context === undefined ? undefined : Reflect.get(Object(context), "skip");
  if (typeof call === "function") Reflect.apply(call, context, [reason]);
  else console.info(`skipped: ${name}: ${reason}`);
};

/** Declares tests that may call `skip`. */
export const skippable = (test: Test): Test => (name, work) =>
  // Runners take a function that names a parameter for one that calls back.
  test(name, async (...[context]) => {
    try {
      await work(context);
    } catch (error) {
      if (!(error instanceof DoesNotApply)) throw error;
      reportSkipped(name, error.message, context);
    }
  });

/**
 * The result of one test; `name` begins with the names of its suites. `skipped` says why it does
 * not apply to its subject; it is left out where it does.
 */
export type TestResult = {
  readonly name: string;
  readonly error: unknown;
  readonly skipped?: string;
};

/** A suite while it is declared. */
type Suite = {
  readonly name: string;
  readonly before: Work[];
  readonly after: Work[];
  readonly inside: (Suite | { readonly name: string; readonly work: Work })[];
};

const newSuite = (name: string): Suite => ({ name, before: [], after: [], inside: [] });

/** The work, or an error once `limitMs` are over. */
const within = async (limitMs: Milliseconds, work: Work): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
};

const errorOf = async (limitMs: Milliseconds, works: readonly Work[]): Promise<unknown> => {
  try {
    for (const work of works) await within(limitMs, work);
    return null;
  } catch (error) {
    return error ?? new Error("a test threw nothing");
  }
};

const resultOf = async (
  name: string,
  limitMs: Milliseconds,
  work: Work,
): Promise<TestResult> => {
  let skipped: string | undefined;
  const context = {
    skip: (reason: string): void => {
      skipped = reason;
    },
  };
  const error = await errorOf(limitMs, [() => work(context)]);
  return { name, error, ...(skipped !== undefined && { skipped }) };
};

const resultsOf = async (
  suite: Suite,
  limitMs: Milliseconds,
  broken: unknown,
): Promise<readonly TestResult[]> => {
  const results: TestResult[] = [];
  const error = broken ?? await errorOf(limitMs, suite.before);
  for (const inner of suite.inside) {
    const name = suite.name === "" ? inner.name : `${suite.name} > ${inner.name}`;
    if ("work" in inner) {
      results.push(
        error === null ? await resultOf(name, limitMs, inner.work) : { name, error },
      );
    } else {
      results.push(...await resultsOf({ ...inner, name }, limitMs, error));
    }
  }
  const late = await errorOf(limitMs, suite.after);
  if (late !== null) results.push({ name: `${suite.name} > after`, error: late });
  return results;
};

const LIMIT_MS: Milliseconds = MINUTE_MS;

/**
 * Runs the tests that `declare` declares, one after the other, without any test runner, and returns
 * the result of each: `error` is null for a test that passed, and for one that was skipped, whose
 * `skipped` says why. It never throws for a test; one that takes longer than `limitMs`, a minute by
 * default, has failed.
 *
 * @example
 * ```ts
 * import { openMemoryLog } from "ledgerline/memory";
 * import { eventLogContract, runSuite } from "ledgerline/testing";
 *
 * const results = await runSuite((runner) =>
 *   eventLogContract(runner, "memory", () => Promise.resolve(openMemoryLog()), {
 *     withoutFaults: "the log is in the memory of this process",
 *   })
 * );
 * console.log(results.filter(({ error }) => error !== null));
 * ```
 */
export const runSuite = async (
  declare: (runner: TestRunner) => void,
  { limitMs = LIMIT_MS }: { readonly limitMs?: Milliseconds | undefined } = {},
): Promise<readonly TestResult[]> => {
  const root = newSuite("");
  let current = root;
  declare({
    describe: (name, declareInside) => {
      const outer = current;
      current = newSuite(name);
      outer.inside.push(current);
      declareInside();
      current = outer;
    },
    test: (name, work) => current.inside.push({ name, work }),
    before: (work) => current.before.push(work),
    after: (work) => current.after.push(work),
  });
  return await resultsOf(root, limitMs, null);
};
