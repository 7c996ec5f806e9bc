/** Looks for a run that breaks a rule. */
import fc from "fast-check";
import { type Milliseconds, MINUTE_MS } from "../../../core/values/calendar.ts";
import { NO_PLANT, type Note, type Plant, simulate } from "./simulated-run.ts";
import { tapes } from "./tape.ts";

/** What to search, and what to call on the way. */
export type Search = {
  readonly runs: number;
  readonly seed: number;
  /** Where a run is that was found before; "" begins at the beginning. */
  readonly path?: string;
  readonly plant?: Plant;
  /** Whether the first run that breaks a rule will do, however long it is. */
  readonly asFound?: boolean;
  /** For how long a smaller run is looked for; two minutes by default. */
  readonly shrinkMs?: Milliseconds;
  /** Returns a function that records the next run. */
  readonly begin?: () => Note;
};

/** A run that breaks a rule, or null; `runs` counts those that were run, smaller ones too. */
export type Found = {
  readonly runs: number;
  readonly failure: { readonly error: unknown; readonly path: string } | null;
};

const silent: Note = () => {};

/** The line that reproduces a failure. */
export const lineFor = (seed: number, path: string): string =>
  `npm run simulate -- --seed ${seed} --path ${path}`;

/** Runs simulations until one breaks a rule, and then looks for a smaller one that does as well. */
export const lookFor = async (search: Search): Promise<Found> => {
  const { runs, seed, path = "", plant = NO_PLANT, asFound = false, begin } = search;
  const { shrinkMs = 2 * MINUTE_MS } = search;
  let count = 0;
  let giveUp_ms = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(tapes, async (tape) => {
    // Too late for anything smaller: everything passes from now on.
    if (performance.now() > giveUp_ms) return;
    count++;
    try {
      await simulate(tape, begin?.() ?? silent, plant);
    } catch (error) {
      giveUp_ms = Math.min(giveUp_ms, performance.now() + shrinkMs);
      throw error;
    }
  });
  const result = await fc.check(property, { numRuns: runs, seed, path, endOnFailure: asFound });
  if (!result.failed) return { runs: count, failure: null };
  return {
    runs: count,
    failure: { error: result.errorInstance, path: result.counterexamplePath ?? "" },
  };
};
