/** How often random tests run: the one home of their number of runs. */
import process from "node:process";

/** The share of the full number of runs, by what `tests/run.ts` was asked for. */
const SHARES: Readonly<Record<string, number>> = { quick: 1 / 40, test: 1 / 10, long: 1 };

/** No property runs less often, unless its full number is smaller. */
const LEAST = 10;

/** The share that this process has; all of the runs where a file is run alone. */
export const share = (): number => SHARES[process.env["TESTS_RUNS"] ?? "long"] ?? 1;

/** How many of the full number of runs a random test performs here. */
export const runs = (full: number): number =>
  Math.min(full, Math.max(LEAST, Math.ceil(full * share())));

/**
 * The seed that the run printed, for what draws without fast-check; a new one where a file is run
 * alone.
 */
export const seedOfRun = (): number =>
  Number(process.env["TESTS_SEED"] ?? Math.floor(Math.random() * 2 ** 30));
